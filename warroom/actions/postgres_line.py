"""A short connection of an action's own to PostgreSQL, and who answers there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any, NamedTuple, Protocol, cast

import asyncpg

from warroom.actions.hand import Tools
from warroom.config.actions_settings import RedisAction, SqlAction
from warroom.connect.dsn import DsnSettings, reveal
from warroom.connect.postgres import Cursor, connect, farewell, in_words
from warroom.connect.refused import RefusedError
from warroom.errors import ActionError, ProbeError
from warroom.text import safe

CONNECTS = 5.0
"""Seconds for the connection, and for each question of a plan."""
BROKEN = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What is raised beside the server's own errors when a connection fails."""


class Statement(Protocol):
    """What is used of a prepared statement of asyncpg's."""

    def get_parameters(self) -> Sequence[Any]: ...
    def get_statusmsg(self) -> str: ...
    def cursor(self, *arguments: Any) -> Awaitable[Cursor]: ...
    async def fetch(self, *arguments: Any) -> Sequence[Any]: ...


class Line(Protocol):
    """What is used of ``asyncpg.Connection``."""

    async def fetch(self, query: str, *arguments: Any) -> Sequence[Any]: ...
    async def fetchrow(self, query: str, *arguments: Any) -> Any: ...
    async def fetchval(self, query: str, *arguments: Any) -> Any: ...
    async def execute(self, query: str, *arguments: Any) -> str: ...
    async def prepare(self, query: str, *, name: str) -> Statement: ...
    def terminate(self) -> None: ...
    def is_closed(self) -> bool: ...


class Who(NamedTuple):
    """Which database answers, and as whom we are there."""

    database: str
    role: str
    peer: str
    system_identifier: str = ""

    @property
    def rights(self) -> str:
        return f"as {self.role} in {self.database} at {self.peer}"

    @property
    def known(self) -> dict[str, str]:
        return {"database": self.database, "system_identifier": self.system_identifier}


def is_refusal(error: asyncpg.PostgresError) -> bool:
    """Whether the server itself said no, and goes on: only then is its transaction undone for
    sure. A connection that is lost is a ``PostgresError`` of asyncpg's too, without a severity
    or, where the server said why it goes, with FATAL (PostgreSQL, "Error and Notice Message
    Fields")."""
    said = getattr(error, "severity_en", None) or getattr(error, "severity", None)
    return said == "ERROR"


def sql(name: str) -> str:
    """A statement of this room, by its file's name."""
    return resources.files(__package__).joinpath(f"{name}.sql").read_text("utf-8")


class Database:
    """The way to one source's database, with an action's own rights if it has any."""

    def __init__(self, settings: SqlAction | RedisAction, tools: Tools) -> None:
        self._source, self._tools = settings.source, tools
        self._dsn, self._password = settings.dsn, settings.password

    @asynccontextmanager
    async def line(self) -> AsyncIterator[tuple[Line, Who]]:
        """A connection of our own, ended afterwards, and who answers. Raises ``ActionError`` when
        there is none, or when it is not what ``expect_identity`` says."""
        settings = cast(DsnSettings, self._tools.settings(self._source))
        if self._dsn is not None:
            settings = settings.model_copy(update={"dsn": self._dsn, "password": self._password})
        service = None if self._dsn is not None else getattr(settings, "service", None)
        try:
            secrets = await reveal(settings, self._tools.folder, self._tools.mask)
            made, peer = await connect(
                secrets,
                self._tools.network.resolver,
                service=service,
                address=settings.address,
                seconds=CONNECTS,
            )
        except (ProbeError, RefusedError) as error:
            hint = getattr(error, "hint", "")
            raise ActionError(f"{self._source} cannot be reached: {error}", hint) from error
        line = cast(Line, made)
        try:
            yield line, await self._who(line, peer)
        finally:
            await asyncio.shield(farewell(made))

    async def _who(self, line: Line, peer: str) -> Who:
        try:
            async with asyncio.timeout(CONNECTS):
                row = await _asked(line)
        except TimeoutError:
            raise ActionError(f"{self._source} does not say who it is within 5 s") from None
        except (asyncpg.PostgresError, *BROKEN) as error:
            raise ActionError(f"{self._source}: {in_words(error, peer)}") from error
        who = Who(row["database"], row["role"], peer, row["system_identifier"] or "")
        must_be(self._source, who.known, self._tools)
        return who


async def _asked(line: Line) -> Any:
    """Who answers. Not every role may read the control file: then its identifier is not known."""
    try:
        return await line.fetchrow(sql("who"))
    except asyncpg.InsufficientPrivilegeError:
        without = sql("who").replace(
            "(SELECT system_identifier::text FROM pg_control_system())", "''"
        )
        return await line.fetchrow(without)


def must_be(source: str, known: "dict[str, str]", tools: Tools) -> None:
    """Raises ``ActionError`` where the connection says that it is something else than it should be,
    by ``expect_identity``."""
    for name, wanted in tools.identity.get(source, {}).items():
        if name in known and known[name] != wanted:
            should = safe(wanted, 60)
            if not known[name]:
                raise ActionError(
                    f"{source} does not say what it is: its {name} should be {should}",
                    "may this role read it? GRANT EXECUTE ON FUNCTION pg_control_system() TO …",
                )
            said = safe(known[name], 60)
            raise ActionError(
                f"{source} is not what it should be: {name} is {said}, expected {should}",
                "this is another environment, or expect_identity is out of date",
            )
