"""What libpq is told of a connection to an admin console."""

from psycopg import OperationalError, ProgrammingError, pq
from psycopg.conninfo import make_conninfo

from warroom.connect.dsn import DsnSecrets
from warroom.connect.pgbouncer.address import DATABASE, Place
from warroom.connect.postgres import NAME
from warroom.connect.sockets import EVERY, IDLE, TIMES
from warroom.errors import ProbeError


def conninfo(secrets: DsnSecrets, where: Place, address: str) -> bytes:
    """The dsn's own options, and ours before and after them. libpq adds ``~/.pgpass`` and the
    ``PG*`` variables for what is not said here. Raises ProbeError ``set-up``, which repeats
    nothing of it: there is a password in it."""
    options: dict[str, str] = {
        "gssencmode": "disable",  # asking for a ticket would stop the loop
        "keepalives_idle": str(IDLE),
        "keepalives_interval": str(EVERY),
        "keepalives_count": str(TIMES),
        "options": "",  # PGOPTIONS is meant for PostgreSQL; PgBouncer refuses what it holds
    }
    try:
        for each in pq.Conninfo.parse(secrets.dsn.reveal().encode()):
            if each.val is not None:
                options[each.keyword.decode()] = each.val.decode()
        options |= {
            "host": where.host,
            "hostaddr": address,  # also when empty: PGHOSTADDR would be taken for a socket's
            "port": str(where.port),
            "dbname": DATABASE,
            "application_name": NAME,
            "target_session_attrs": "any",
        }
        if secrets.password is not None:
            options["password"] = secrets.password.reveal()
        return make_conninfo(**options).encode()
    except (OperationalError, ProgrammingError, UnicodeError):
        raise ProbeError("set-up", "dsn cannot be read", "check dsn and its options") from None
