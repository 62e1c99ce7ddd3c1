"""The spool that the hooks write and the SQLite store that is the truth."""
