"""The registry's rules, in plain Python: no database, no request, no clock."""
