"""Rules of what is kept how long, in plain Python: no database, no clock."""
