"""Rules of counting and of figures, in plain Python: no database, no clock."""
