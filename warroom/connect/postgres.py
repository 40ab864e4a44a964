"""Connections to PostgreSQL: asyncpg, our own dialling, and words for what goes wrong.

As libpq does, asyncpg reads ``~/.pgpass``, ``~/.pg_service.conf``, ``~/.postgresql/`` and the
``PG*`` variables of the engine's environment when it connects.
"""

import asyncio
import configparser
import os
import ssl
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from asyncpg import exceptions

from warroom.connect.dialler import Dialler
from warroom.connect.dsn import DsnSecrets, hosts_of
from warroom.connect.refused import RefusedError
from warroom.connect.resolver import Resolver
from warroom.connect.wording import outside
from warroom.errors import ProbeError

NAME = "warroom"
"""Our ``application_name``."""
FAREWELL = 0.3
"""Seconds for a polite end of a connection; asyncpg's own may hang (its issue 1326)."""


class Cursor(Protocol):
    """What is used of an open ``asyncpg.cursor.Cursor``."""

    async def fetch(self, n: int) -> Sequence[Any]: ...


class Connection(Protocol):
    """What is used of ``asyncpg.Connection``."""

    def cursor(self, query: str) -> Awaitable[Cursor]: ...

    async def fetch(self, query: str, *arguments: Any) -> Sequence[Any]: ...
    async def execute(self, query: str) -> str: ...
    def add_log_listener(self, callback: Callable[[Any, Any], None]) -> None: ...
    def remove_log_listener(self, callback: Callable[[Any, Any], None]) -> None: ...
    async def close(self, *, timeout: float) -> None: ...
    def terminate(self) -> None: ...
    def is_closed(self) -> bool: ...


async def connect(
    secrets: DsnSecrets,
    resolver: Resolver,
    *,
    service: str | None = None,
    address: str | None = None,
    seconds: float,
) -> tuple[Connection, str]:
    """A connection within ``seconds``, and the peer's address.

    The hosts of the address are tried in their order, each within its share of the time, as
    ``target_session_attrs`` wants them. Raises RefusedError, ProbeError.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    dsn = secrets.dsn.reveal()
    try:
        hosts: list[tuple[str, int | None] | None] = [*hosts_of(dsn)] or [None]
    except ValueError:
        raise ProbeError("set-up", "dsn names no host that can be read", "check dsn") from None
    wanted = secrets.options.get("target_session_attrs", "any")
    rounds = ["standby", "any"] if wanted == "prefer-standby" else [wanted]
    tries = [(host, attribute) for attribute in rounds for host in hosts]
    failures: list[Exception] = []
    for left, (host, attribute) in zip(range(len(tries), 0, -1), tries, strict=True):
        dialler = Dialler(loop, resolver, address, loop.time() + (ends - loop.time()) / left)
        try:
            made = await _one(secrets, service, host, attribute, dialler)
        except (RefusedError, ProbeError) as error:
            failures.append(error)
        else:
            return made, dialler.peer
    raise _told(failures)


async def farewell(connection: Connection) -> None:
    """End a connection: politely if it takes it at once, else hard."""
    try:
        async with asyncio.timeout(FAREWELL):
            await connection.close(timeout=FAREWELL)
    except (
        *(TimeoutError, OSError),
        *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError),
    ):
        connection.terminate()


async def _one(
    secrets: DsnSecrets,
    service: str | None,
    host: tuple[str, int | None] | None,
    attribute: str,
    dialler: Dialler,
) -> Connection:
    seconds = max(dialler.ends - dialler.time(), 0.0)
    password = secrets.password
    if service is not None:
        _find_service(service)
    where: dict[str, Any] = {}
    if host is not None:
        where["host"] = [host[0]]
        if host[1] is not None:
            where["port"] = [host[1]]
    try:
        async with asyncio.timeout(seconds):
            connection: Connection = await asyncpg.connect(
                # Without an address asyncpg 0.32 does not look for the service either.
                secrets.dsn.reveal() or ("postgresql://" if service is not None else None),
                **where,
                service=service,
                password=None if password is None else password.reveal(),
                target_session_attrs=None if service and attribute == "any" else attribute,
                # A pooler that lends a session for a transaction knows no prepared statement.
                statement_cache_size=0,
                server_settings={"application_name": NAME},
                loop=dialler,
                timeout=seconds + 1,
            )
    except TimeoutError:
        raise dialler.late(seconds, "is the server stopped, or its disk?") from None
    except ProbeError:
        raise
    except Exception as error:
        raise in_words(error, dialler.peer) from error
    return connection


def _find_service(name: str) -> None:
    """Raises ProbeError ``set-up`` when there is no such service: asyncpg would go elsewhere."""
    file = Path(os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf")
    services = configparser.ConfigParser(interpolation=None)
    try:
        services.read(file)
    except (configparser.Error, UnicodeDecodeError):
        words = f"{outside(str(file))} cannot be read as a service file"
        raise ProbeError("set-up", words, "each service is [name] and lines key=value") from None
    if not services.has_section(name):
        words = f"there is no service {outside(name)} in {outside(str(file))}"
        raise ProbeError("set-up", words, "write it there, or set PGSERVICEFILE")


def _told(failures: list[Exception]) -> Exception:
    """What is said of several hosts: the refusal of one that is there says more than silence."""
    if len({str(error) for error in failures}) == 1:
        return failures[0]
    refused = next((error for error in failures if isinstance(error, RefusedError)), None)
    words = "; ".join(dict.fromkeys(str(error) for error in failures))
    if refused is not None:
        return RefusedError(words, full=refused.full)
    last = failures[-1]
    phase, hint = (last.phase, last.hint) if isinstance(last, ProbeError) else ("connect", "")
    return ProbeError(phase, words, hint)


_POOLER_FULL = ("no more connections allowed", "max_client_conn", "max clients reached")
"""What PgBouncer and Supavisor say instead of 53300."""


def in_words(error: Exception, peer: str) -> RefusedError | ProbeError:
    """What asyncpg raised, as one of ours. A refusal that has its cause on our side is a
    ProbeError ``set-up``; see PostgreSQL's "Appendix A. Error Codes"."""
    if isinstance(error, asyncpg.PostgresError):
        return _server_said(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return RefusedError(f"tls: {outside(error.verify_message)}")
    if isinstance(error, ssl.SSLError):
        return ProbeError("tls", f"TLS with {peer}: {outside(error.reason or str(error))}")
    if isinstance(error, exceptions.TargetServerAttributeNotMatched):
        return ProbeError("answer", f"{peer} is not what target_session_attrs wants")
    if isinstance(error, exceptions.ClientConfigurationError):
        return ProbeError("set-up", f"dsn: {outside(str(error))}", "check dsn and its options")
    if isinstance(error, (OSError, exceptions.ConnectionDoesNotExistError)):
        words = outside(str(error)) or "closed"
        return ProbeError("first byte", f"connection lost to {peer}: {words}")
    if isinstance(error, (asyncpg.InterfaceError, asyncpg.InternalClientError)):
        return ProbeError("answer", f"not understood: {outside(str(error))}")
    # The text of any other may hold a piece of the address, password and all.
    return ProbeError("set-up", f"dsn cannot be used: {type(error).__name__}", "check dsn")


def _server_said(error: asyncpg.PostgresError) -> RefusedError | ProbeError:
    said = outside(str(error))
    code = error.sqlstate or ""
    full = code == "53300" or any(words in said for words in _POOLER_FULL)
    if full:
        return RefusedError(f"too many connections: {said}", full=True)
    if code == "57P03" or code.startswith("57P"):
        return RefusedError(said)
    if code in ("28P01", "28000"):
        return ProbeError("set-up", said, "check user and password of dsn, and pg_hba.conf")
    if code == "3D000":
        return ProbeError("set-up", said, "check the database in dsn")
    if code == "42501":
        return ProbeError("set-up", said, "GRANT CONNECT ON DATABASE … TO …")
    return RefusedError(said)
