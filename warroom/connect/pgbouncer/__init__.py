"""PgBouncer's admin console: its address, a connection to it, and words for what goes wrong.

The console speaks the simple query protocol only (PgBouncer documentation, "Admin console"),
so libpq does the talking, through psycopg, which is loaded when it is first needed.
"""

from warroom.connect.pgbouncer.address import place
from warroom.connect.pgbouncer.door import connect
from warroom.connect.pgbouncer.talk import Console, Row, SaidError

__all__ = ["Console", "Row", "SaidError", "connect", "place"]
