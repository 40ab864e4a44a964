"""The journal: the append-only record of entries, in SQLite, one file for each room."""
