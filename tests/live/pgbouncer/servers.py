"""PgBouncers of the system, on loopback ports, and a folder for servers.

They refuse to run as root, and are nobody's then.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.live.bad_server import refused_port
from tests.live.postgres.servers import Server, launched
from tests.waiting import until
from warroom.demo import account

INSTALL = "apt-get install -y --no-install-recommends pgbouncer"
USERS = {"boss": "boss-word", "watch": "watch-word", "app": "app-word"}
"""``boss`` is of admin_users, ``watch`` of stats_users, ``app`` of neither."""


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder under a short path (a socket's may have 107 bytes), the servers' own."""
    path = Path(tempfile.mkdtemp(prefix="wr"))
    if (owner := account.for_servers()) is not None:
        owner.own(path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


async def sessions(database: Server, application: str) -> int:
    """How many client connections call themselves so, as the server itself counts them."""
    async with database.session("postgres") as admin:
        counted = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
        return int(await admin.fetchval(counted, application))


class Pooler:
    """One PgBouncer in transaction mode. ``settings`` are those of ``[pgbouncer]``, and
    ``databases`` lines of ``[databases]`` beside ``app``, whose pool has two connections."""

    def __init__(self, home: Path, database: Server) -> None:
        self.home = home
        self.port = refused_port()
        self.log = home / "pgbouncer.log"
        self.behind = f"host=127.0.0.1 port={database.port} dbname=postgres user=postgres"
        self.databases = [f"app = {self.behind} pool_size=2"]
        self.settings = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(self.port),
            "unix_socket_dir": str(home),
            "auth_type": "scram-sha-256",
            "auth_file": str(home / "users.txt"),
            "admin_users": "boss",
            "stats_users": "watch",
            "pool_mode": "transaction",
            "default_pool_size": "3",
            "max_client_conn": "10",
            "ignore_startup_parameters": "extra_float_digits",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        return f"postgresql://watch@127.0.0.1:{self.port}/pgbouncer"

    def start(self) -> None:
        program = shutil.which("pgbouncer", path=os.defpath + ":/usr/sbin")
        if program is None:
            pytest.fail(f"pgbouncer is not installed; type: {INSTALL}")
        lines = ["[databases]", *self.databases, "[pgbouncer]"]
        lines += [f"{name} = {value}" for name, value in self.settings.items()]
        ini = self.home / "pgbouncer.ini"
        ini.write_text("\n".join(lines) + "\n")
        users = [f'"{name}" "{password}"' for name, password in USERS.items()]
        (self.home / "users.txt").write_text("\n".join(users) + "\n")
        if (owner := account.for_servers()) is not None:
            owner.own(self.home)
        begun = self.log.stat().st_size if self.log.exists() else 0
        self.process = process = launched([program, str(ini)], self.log, signal.SIGKILL)
        until(
            lambda: b"process up" in self.log.read_bytes()[begun:] or process.poll(),
            explain=self.log.read_text,
        )
        assert process.poll() is None, self.log.read_text()

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        """At once (SIGTERM is that in 1.18, and SIGQUIT since 1.23)."""
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
            self.process.wait(10)

    async def command(self, command: str) -> list[dict[str, Any]]:
        """As an administrator on the console; the rows of the answer."""
        where = f"host=127.0.0.1 port={self.port} user=boss dbname=pgbouncer"
        connection = await psycopg.AsyncConnection.connect(
            f"{where} password={USERS['boss']}",
            autocommit=True,
            cursor_factory=psycopg.AsyncClientCursor,
            prepare_threshold=None,
            row_factory=dict_row,
        )
        try:
            cursor = await connection.execute(command.encode())
            return await cursor.fetchall() if cursor.description else []
        finally:
            await connection.close()

    @contextlib.asynccontextmanager
    async def client(self, database: str = "app") -> AsyncIterator[Any]:
        """One of the application's connections."""
        connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user="app",
            password=USERS["app"],
            database=database,
            statement_cache_size=0,
            server_settings={"application_name": "shop"},
        )
        try:
            yield connection
        finally:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await connection.close()
            connection.terminate()
