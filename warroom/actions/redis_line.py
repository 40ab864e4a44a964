"""A short session of an action's own with a Redis server, and who answers there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple, TypeVar, cast

from warroom.actions.hand import Tools
from warroom.actions.postgres_line import CONNECTS, must_be
from warroom.config.actions_settings import RedisAction, SqlAction
from warroom.connect.dsn import DsnSettings
from warroom.connect.lost import LostError
from warroom.connect.queues.layout import Moment
from warroom.connect.queues.talk import Look, ReplyError, items, text
from warroom.connect.redis.door import connect
from warroom.connect.redis.talk import Session
from warroom.connect.redis.way import Extras, way_of
from warroom.connect.refused import RefusedError
from warroom.errors import ActionError, ProbeError

T = TypeVar("T")


class Who(NamedTuple):
    """Which server answers, which database of it, and as whom we are there."""

    run_id: str
    database: int
    peer: str
    user: str
    version: tuple[int, ...] = ()

    @property
    def rights(self) -> str:
        return f"as {self.user or 'default'} in database {self.database} at {self.peer}"

    @property
    def proof(self) -> str:
        return f"run id {self.run_id[:12]} answered"


class Server:
    """The way to one source's server, with an action's own rights if it has any."""

    def __init__(self, settings: SqlAction | RedisAction, tools: Tools) -> None:
        self._source, self._tools = settings.source, tools
        self._dsn, self._password = settings.dsn, settings.password

    @asynccontextmanager
    async def session(self) -> AsyncIterator[tuple[Session, Who]]:
        """A session of our own, ended afterwards, and who answers. Raises ``ActionError`` when
        there is none, or when it is not what ``expect_identity`` says."""
        settings = cast(DsnSettings, self._tools.settings(self._source))
        if self._dsn is not None:
            settings = settings.model_copy(update={"dsn": self._dsn, "password": self._password})
        ends = asyncio.get_running_loop().time() + CONNECTS
        try:
            way = await way_of(
                settings, cast(Extras, settings), self._tools.folder, self._tools.mask
            )
            session = await connect(way, self._tools.network, ends)
        except (ProbeError, RefusedError) as error:
            hint = getattr(error, "hint", "")
            raise ActionError(f"{self._source} cannot be reached: {error}", hint) from error
        try:
            yield session, await self._who(session, way.place.database, way.place.user)
        finally:
            session.close()

    async def _who(self, session: Session, database: int, user: str) -> Who:
        try:
            async with asyncio.timeout(CONNECTS):
                (reply,) = await session.ask([("INFO", "server")])
            told = _fields(text(reply))
        except TimeoutError:
            raise ActionError(f"{self._source} does not say who it is within 5 s") from None
        except (LostError, ReplyError) as error:
            raise ActionError(f"{self._source}: {error}") from error
        who = Who(told.get("run_id", ""), database, session.peer, user, _version(told))
        must_be(self._source, {"run_id": who.run_id}, self._tools)
        return who


async def looked(session: Session, look: Look[T]) -> T:
    """What a look comes to, over this session alone. Raises LostError, ReplyError."""
    try:
        commands = next(look)
        while True:
            commands = look.send(await session.ask(commands))
    except StopIteration as done:
        return cast(T, done.value)


async def moment(session: Session, who: Who) -> Moment:
    """The server's own time and version. Raises LostError, ReplyError."""
    (reply,) = await session.ask([("TIME",)])
    seconds, micros = (int(text(part)) for part in items(reply))
    return Moment(now=seconds + micros / 1e6, version=who.version, database=who.database)


def _fields(info: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in info.splitlines() if not line.startswith("#"))
    return {name: value.strip() for name, colon, value in pairs if colon}


def _version(told: dict[str, str]) -> tuple[int, ...]:
    parts = told.get("redis_version", "").split(".")
    return tuple(int(part) for part in parts if part.isdigit())
