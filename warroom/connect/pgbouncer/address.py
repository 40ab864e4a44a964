"""Where an admin console is: what its ``dsn`` says, before anything is asked."""

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from warroom.connect.dsn import hosts_of
from warroom.connect.resolver import is_address

PORT = 6432
"""``listen_port`` where nothing else is configured (PgBouncer documentation, "config")."""
DATABASE = "pgbouncer"
"""The console's own name, which no database behind the pooler can have."""
_EXAMPLE = "write it as postgresql://user@pooler.example:6432/pgbouncer"


class Place(NamedTuple):
    """``host`` is a name, an IP address, or the folder of a Unix socket; ``address`` the IP
    address that the dsn itself says to connect to (``hostaddr``), or None."""

    host: str
    port: int
    address: str | None = None

    @property
    def socket(self) -> str:
        """The path of the Unix socket; empty for TCP."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else ""


def place(dsn: str) -> Place:
    """The one place that ``dsn`` means. Raises ValueError, which repeats nothing of it but the
    name of a database: it may hold a password."""
    try:
        parts = urlsplit(dsn)
        options = dict(parse_qsl(parts.query))
        hosts = hosts_of(dsn)
    except ValueError:
        # Not chained: the cause repeats what it could not read.
        raise ValueError(f"dsn cannot be read; {_EXAMPLE}") from None
    if "service" in options:
        raise ValueError(f"no service is looked up for PgBouncer; {_EXAMPLE}")
    named = options.get("dbname") or unquote(parts.path.removeprefix("/"))
    if named not in ("", DATABASE):
        raise ValueError(f"{named} is not PgBouncer's admin console; its database is {DATABASE}")
    if not hosts:
        raise ValueError(f"dsn names no host; {_EXAMPLE}, or …/pgbouncer?host=/run/postgresql")
    if len(hosts) > 1:
        raise ValueError("dsn names several hosts; each PgBouncer is a source of its own")
    address = options.get("hostaddr")
    if address is not None and not is_address(address):
        raise ValueError("hostaddr of dsn is no IP address")
    host, port = hosts[0]
    return Place(host, PORT if port is None else port, address)
