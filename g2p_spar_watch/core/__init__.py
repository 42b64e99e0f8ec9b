"""Rules of watching, in plain Python: no database, no request, no clock."""
