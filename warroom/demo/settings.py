"""What the shop's processes must know, handed over in a private file.

A file, not arguments or the environment: it holds passwords, and other users of the
machine can read a process list.
"""

from pathlib import Path
from urllib.parse import quote

import msgspec

from warroom.demo.folder import Folder
from warroom.demo.private_file import write_private


class Settings(msgspec.Struct, frozen=True):
    """Ports on 127.0.0.1, passwords made up for this one demo, the deployed version."""

    web_port: int
    worker_port: int
    postgres_port: int
    redis_port: int
    admin_password: str
    shop_password: str
    redis_password: str
    warehouse_port: int
    front_port: int
    provider_port: int
    mail_port: int
    name_ports: tuple[int, int]
    status_port: int
    canary_ports: tuple[int, int]
    home: str
    provider_key: str
    customers_key: str
    tracker_port: int
    tracker_key: str
    chat_port: int
    more_worker_ports: tuple[int, ...] = ()
    version: str = "1.42.0"

    @property
    def database(self) -> str:
        """DSN of the shop's own role, which is not a superuser."""
        return _dsn("shop", self.shop_password, self.postgres_port, "shop")

    @property
    def database_admin(self) -> str:
        """DSN of the superuser."""
        return _dsn("postgres", self.admin_password, self.postgres_port, "postgres")

    @property
    def database_monitor(self) -> str:
        """DSN of the role that watches, without its password."""
        return f"postgresql://monitor@127.0.0.1:{self.postgres_port}/shop?sslmode=disable"

    @property
    def database_operator(self) -> str:
        """DSN of the role that may end what others run, without its password."""
        return f"postgresql://operator@127.0.0.1:{self.postgres_port}/shop?sslmode=disable"

    @property
    def redis(self) -> str:
        return f"redis://:{quote(self.redis_password)}@127.0.0.1:{self.redis_port}/0"

    @property
    def redis_monitor(self) -> str:
        """URL of the user that watches, without its password."""
        return f"redis://monitor@127.0.0.1:{self.redis_port}/0"

    @property
    def redis_operator(self) -> str:
        """URL of the user that may move jobs and flush the cache, without its password."""
        return f"redis://operator@127.0.0.1:{self.redis_port}/0"

    @property
    def worker_ports(self) -> tuple[int, ...]:
        """Where the workers tell of themselves, the first worker's first; as many as may run."""
        return (self.worker_port, *self.more_worker_ports)

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def worker(self) -> str:
        return f"http://127.0.0.1:{self.worker_port}"

    @property
    def front(self) -> str:
        """The shop by HTTPS."""
        return f"https://127.0.0.1:{self.front_port}"

    @property
    def provider(self) -> str:
        """The payments provider's API; `provider_key` is the shop's key to it."""
        return f"http://127.0.0.1:{self.provider_port}"

    @property
    def status_pages(self) -> str:
        """The providers' status pages, each in a folder of its own."""
        return f"http://127.0.0.1:{self.status_port}"

    @property
    def warehouse(self) -> str:
        """The warehouse's service."""
        return f"http://127.0.0.1:{self.warehouse_port}"

    @property
    def name_servers(self) -> tuple[str, ...]:
        """The two servers of the shop's name, as a resolver is written."""
        return tuple(f"127.0.0.1:{port}" for port in self.name_ports)

    @property
    def canaries(self) -> tuple[str, ...]:
        """Who is asked whether the world is there, address and port."""
        return tuple(f"127.0.0.1:{port}" for port in self.canary_ports)

    @property
    def tracker(self) -> str:
        """The error tracker; `tracker_key` is with what the shop reports to it."""
        return f"http://127.0.0.1:{self.tracker_port}"

    @property
    def chat(self) -> str:
        """The team's chat, and its status page."""
        return f"http://127.0.0.1:{self.chat_port}"

    @property
    def folder(self) -> Folder:
        """Where the demo lies: its logs, and the secrets that change while it runs."""
        return Folder(Path(self.home))

    def write(self, path: Path) -> None:
        """Write the file, for our eyes only."""
        write_private(path, msgspec.json.encode(self))

    @classmethod
    def read(cls, path: Path) -> "Settings":
        return msgspec.json.decode(path.read_bytes(), type=cls)


def _dsn(role: str, password: str, port: int, database: str) -> str:
    return f"postgresql://{role}:{quote(password)}@127.0.0.1:{port}/{database}?sslmode=disable"
