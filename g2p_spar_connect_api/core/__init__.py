"""The G2P Connect protocol as plain rules: no database, no HTTP request."""
