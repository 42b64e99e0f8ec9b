"""The environment of SPAR on Odoo: from a bare checkout to a running system.

Called by the Makefile as ``python3 -m spar_env COMMAND``; standard library only, so
that it runs before anything is installed. One module a concern:

=============  ==============================================================
settings       where things lie and what the user may set
console        progress lines, long commands, the one kind of expected failure
odoo           which Odoo 19: the user's own, a package, or an archive
apt, archive   fetching the package, fetching the archive
python         the virtual environment and what is installed in it
postgres       the project's own PostgreSQL cluster
database       creating, installing and updating a database
server         Odoo's configuration, start, health, stop
system         all of these together: prepare, up, demo, down, clean
demo           the demonstration's API client, and what is printed about it
browser        the Chromium that browser tests drive
testing, lint  ``make test`` and ``make lint``
bench          ``make bench``
commands       the table of commands
=============  ==============================================================
"""
