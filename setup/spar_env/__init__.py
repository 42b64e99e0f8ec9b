"""The environment of SPAR on Odoo: from a bare checkout to a running system.

Called by the Makefile as ``python3 -m spar_env COMMAND``; standard library only, so
that it runs before anything is installed. One module a concern:

=============  ==============================================================
settings       where things lie and what the user may set
console        progress lines, and the one kind of expected failure
odoo           getting Odoo 19 (user's own, distribution package, source archive)
python         the virtual environment and what is installed in it
postgres       the project's own PostgreSQL cluster
database       creating, installing and updating a database
server         Odoo's configuration, start, health, stop
demo           what ``make demo`` prints
browser        the Chromium that browser tests drive
quality        ``make lint`` and ``make test``
=============  ==============================================================
"""
