"""What one poll asks of a server, and what is kept from one poll to the next."""

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from warroom.clock import Clock
from warroom.connect.queues.layout import Moment
from warroom.connect.queues.talk import Command, ErrorReply, Reply, ReplyError, items, text, whole
from warroom.connect.redis.talk import Session
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.redis import RedisServer
from warroom.sources.redis import changes, counters, server
from warroom.sources.redis.info import Info
from warroom.sources.redis.looked import Looked
from warroom.sources.redis.queues import Queues
from warroom.sources.redis.settings import RedisSettings
from warroom.sources.refusals import Refusals
from warroom.sources.seldom import Seldom
from warroom.text import safe

RARELY = 60.0
"""Seconds between two readings of what moves only when somebody moves it."""
SLOW, STALLED = 0.005, 0.1
"""Seconds between which a PING is sent once more, and the quicker one counts: our own loop is
never held for longer, so that what takes more is the server's or the way's."""
_STOPS = "stop-writes-on-bgsave-error"
_OFF_DUTY = ("LOADING", "BUSY")
"""Replies to PING of a server that is there, and does nothing for anybody (Redis' source,
``server.c``, ``shared`` objects)."""


class Reader:
    """Reads one server; what it keeps is told apart by the server's run id."""

    def __init__(self, settings: RedisSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._counters = counters.Counters()
        self._queues = Queues(settings, clock)
        self._seldom = Seldom(clock)
        self._refusals = Refusals(clock)
        self._server: RedisServer | None = None
        self._configured: dict[str, str] = {}
        self._changes: tuple[Change, ...] = ()

    async def read(self, session: Session, database: int) -> Looked:
        """All there is. Raises ProbeError, LostError."""
        session.renew()
        pong, ping = await _pinged(session)
        if SLOW < ping < STALLED and not isinstance(pong, ErrorReply):
            # It may have been our own loop that was busy: twice in a row it hardly is.
            ping = min(ping, (await _pinged(session))[1])
        if isinstance(pong, ErrorReply) and pong.code == "BUSY":
            return self._busy(session, pong)
        asked = self._asked()
        replies = dict(zip(asked, await session.ask([*asked.values()]), strict=True))
        info = self._info(replies["INFO"])
        now = self._now(replies["TIME"])
        self._check(info, session.peer)
        rates = self._counters.begin(
            self._clock.monotonic(), info.text("run_id"), counters.values(info)
        )
        found = server.described(info, rates, address=session.peer, database=database, now=now)
        found = self._noticed(replace(found, ping=ping))
        self._configure(replies)
        stops = {"yes": True, "no": False}.get(self._configured.get(_STOPS, ""))
        faults = server.faults(info, found, stops)
        clients = info.count("connected_clients")
        moment = Moment(now, info.version, clients, database=database)
        loading = isinstance(pong, ErrorReply) and pong.code in _OFF_DUTY
        queues = () if loading else await self._queues.read(session, moment)
        await self._leave(session)
        return Looked(
            server=found,
            known={
                "ping": None if isinstance(pong, ErrorReply) else ping * 1000,
                **(server.figures(info, found, rates) if info.values else {}),
            },
            queues=queues,
            changes=self._changes,
            environment=self._environment(replies),
            faults=faults,
            blind=self._blind(replies, pong),
            notes=(*server.notes(info, stops), *self._notes(replies)),
            sent=dict(session.sent),
        )

    async def job(self, session: Session, queue: str, identity: str) -> str:
        """All of one job, for a person. Raises ProbeError, LostError."""
        return await self._queues.job(session, queue, identity)

    def _asked(self) -> dict[str, Command]:
        """The commands of the second round trip, by what they are for."""
        found: dict[str, Command] = {"TIME": ("TIME",), "INFO": ("INFO",)}
        if self._settings.environment is not None:
            found["environment"] = ("GET", self._settings.environment)
        if not self._refusals.stands("CONFIG GET") and self._seldom.due("settings", RARELY):
            found |= {name: ("CONFIG", "GET", name) for name in changes.CONFIGURED}
        return found

    async def _leave(self, session: Session) -> None:
        """The counters once more: what comes on top of them from here on is not ours."""
        (reply,) = await session.ask([("INFO", "stats")])
        self._counters.end(self._clock.monotonic(), counters.values(self._info(reply)))

    @staticmethod
    def _info(reply: Reply) -> Info:
        try:
            return Info.read(text(reply))
        except ReplyError:
            return Info({})

    def _now(self, reply: Reply) -> float:
        """The server's clock, by which its jobs are dated; ours where it does not tell."""
        try:
            seconds, micros = (whole(part) for part in items(reply))
        except (ReplyError, ValueError):
            return self._clock.now().timestamp()
        if seconds is None or micros is None:
            return self._clock.now().timestamp()
        return seconds + micros / 1_000_000

    def _check(self, info: Info, peer: str) -> None:
        """Whether it is something that this kind can watch. Raises ProbeError."""
        mode = info.text("redis_mode")
        if mode == "cluster":
            words = f"{peer} is one node of a cluster, and keys of the others would be missed"
            raise ProbeError("set-up", words, "this kind watches single servers, by Sentinels too")
        if mode == "sentinel":
            hint = f'sentinels = ["{peer}"], and dsn = "redis://NAME-OF-THE-PRIMARY/0"'
            raise ProbeError("set-up", f"{peer} is a Sentinel", hint)
        if self._settings.sentinels and info.text("role") == "slave":
            words = f"the Sentinels name {peer}, which is a replica"
            raise ProbeError("answer", words, "is a failover under way?")

    def _noticed(self, found: RedisServer) -> RedisServer:
        before = self._server
        if before is not None and before.run_id == found.run_id and before.started_at:
            # Reckoned from whole seconds, it would go to and fro by one.
            found = replace(found, started_at=before.started_at)
        if before is not None:
            self._notice(changes.of_server(before, found, self._clock.now()))
        self._server = found
        return found

    def _configure(self, replies: dict[str, Reply]) -> None:
        if "save" not in replies:
            return
        found: dict[str, str] = {}
        for name in changes.CONFIGURED:
            try:
                listed = [text(part) for part in items(replies[name])]
            except ReplyError as error:
                self._refusals.add("CONFIG GET", str(error))
                return
            found |= dict(zip(listed[::2], listed[1::2], strict=False))
        self._refusals.lift("CONFIG GET")
        before, self._configured = self._configured, found
        if before:
            self._notice(changes.of_settings(before, found, self._clock.now()))

    def _notice(self, found: Sequence[Change]) -> None:
        self._changes = (*self._changes, *found)[-changes.MOST :]

    def _environment(self, replies: dict[str, Reply]) -> str:
        try:
            return safe(text(replies.get("environment")).strip(), 100)
        except ReplyError:
            return ""

    def _blind(self, replies: dict[str, Reply], pong: Reply) -> tuple[str, ...]:
        asked = {"PING": pong} | {name: replies.get(name) for name in ("INFO", "environment")}
        found = [
            f"{name}: {outside(reply.words)}"
            for name, reply in asked.items()
            if isinstance(reply, ErrorReply) and reply.code not in _OFF_DUTY
        ]
        empty = replies.get("INFO") == b""
        return (*found, *(["INFO: it says nothing"] if empty else []))

    def _notes(self, replies: dict[str, Reply]) -> tuple[str, ...]:
        found = [
            f"{name} is refused: changes of settings are not seen ({words})"
            for name, words in self._refusals.words.items()
        ]
        key = self._settings.environment
        if key is not None and replies.get("environment") is None:
            found.append(f"the environment is not proven: there is no key {key}")
        return tuple(found)

    def _busy(self, session: Session, said: ErrorReply) -> Looked:
        """A script runs that does not end: nobody gets anything."""
        before = self._server or RedisServer(address=session.peer)
        words = outside(said.words)
        return Looked(before, changes=self._changes, faults=(words,), sent=dict(session.sent))


async def _pinged(session: Session) -> tuple[Reply, float]:
    """What the server says to PING, and after how many seconds."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    (pong,) = await session.ask([("PING",)])
    return pong, loop.time() - begun
