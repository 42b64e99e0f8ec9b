"""Rules about financial addresses, free of database and web.

Everything here is plain Python: the standard library, ``stdnum``,
``phonenumbers`` and, in :mod:`.seal` alone, ``cryptography``. Models call these
functions; these functions never call models.
"""
