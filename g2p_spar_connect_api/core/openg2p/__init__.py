"""The envelope of OpenG2P 2.x: ``request_header`` and ``request_body``."""
