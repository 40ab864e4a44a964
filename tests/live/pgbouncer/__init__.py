"""The source kind ``pgbouncer`` before a real PgBouncer, with a real PostgreSQL behind it."""
