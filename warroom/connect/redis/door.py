"""The way in: the name resolved, the transport opened, signed in; by a Sentinel if need be."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from warroom.config.secrets import Secret
from warroom.connect import threads
from warroom.connect.dialler import Dialler
from warroom.connect.lost import LostError
from warroom.connect.network import Network
from warroom.connect.queues.talk import Command, ErrorReply, ReplyError, items, text
from warroom.connect.redis import words
from warroom.connect.redis.address import Place
from warroom.connect.redis.capped import CappedReader
from warroom.connect.redis.talk import Session
from warroom.connect.refused import RefusedError
from warroom.connect.tls import TlsOptions
from warroom.connect.wording import outside
from warroom.errors import ProbeError

Begun = Callable[[CappedReader, asyncio.StreamWriter, str], Awaitable[Session]]
"""``session.begun``."""
NAME = "warroom"
"""Our client name, as ``CLIENT LIST`` shows it."""


class Sentinel(NamedTuple):
    """One Sentinel; the password is None where it wants none."""

    host: str
    port: int
    user: str = ""
    password: Secret | None = None


@dataclass(frozen=True)
class Way:
    """How a server is reached. ``address`` is the IP address to connect to whatever the name.
    With ``sentinels`` the place's host is the name by which they know the primary."""

    place: Place
    address: str | None = None
    tls: TlsOptions = field(default_factory=TlsOptions)
    sentinels: tuple[Sentinel, ...] = ()


async def connect(way: Way, network: Network, ends: float) -> Session:
    """A session until ``ends`` in the loop's time. Raises RefusedError, ProbeError."""
    if not way.sentinels:
        return await _session(way, way.place, way.address, network, ends)
    host, port = await primary(way, network, ends)
    return await _session(way, way.place._replace(host=host, port=port), None, network, ends)


async def primary(way: Way, network: Network, ends: float) -> tuple[str, int]:
    """Where the primary is, as the first Sentinel that knows says (Redis documentation,
    "Guidelines for Redis clients with support for Sentinel")."""
    loop = asyncio.get_running_loop()
    troubles: dict[str, ProbeError] = {}
    for left, each in zip(range(len(way.sentinels), 0, -1), way.sentinels, strict=True):
        by = loop.time() + (ends - loop.time()) / (left + 1)
        try:
            return await _told(way, each, network, by)
        except (ProbeError, RefusedError) as error:
            phase = error.phase if isinstance(error, ProbeError) else "answer"
            told = f"Sentinel {outside(each.host)}: {error}"
            troubles[told] = ProbeError(phase, told, getattr(error, "hint", ""))
    last = [*troubles.values()][-1]
    raise ProbeError(last.phase, "; ".join(troubles), last.hint)


async def _told(way: Way, each: Sentinel, network: Network, by: float) -> tuple[str, int]:
    name = way.place.host
    where = Place(each.host, each.port, user=each.user, password=each.password, tls=way.place.tls)
    session = await _session(way, where, None, network, by)
    asked: Command = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
    try:
        async with asyncio.timeout_at(by):
            (reply,) = await session.ask([asked])
        found = [text(part) for part in items(reply)]
        if len(found) != 2 or not found[1].isdecimal():
            words_ = f"it knows no primary called {outside(name)}"
            raise ProbeError("set-up", words_, "the host in dsn is that name")
        return found[0], int(found[1])
    except (LostError, ReplyError) as error:
        raise ProbeError("answer", str(error), "is it a Sentinel?") from error
    except TimeoutError:
        raise ProbeError("answer", "no answer in time", words.STOPPED) from None
    finally:
        session.close()


async def _session(
    way: Way, place: Place, address: str | None, network: Network, ends: float
) -> Session:
    loop = asyncio.get_running_loop()
    seconds = max(ends - loop.time(), 0.0)
    dialler = Dialler(loop, network.resolver, address, ends)
    session: Session | None = None
    try:
        async with asyncio.timeout(seconds):
            begun = await _driver()
            session = await begun(*await _opened(way, place, network, dialler), dialler.peer)
            await _sign_in(session, place)
        return session
    except BaseException as error:
        # Cancelled too: nothing of it may be left.
        if session is not None:
            session.close()
        if isinstance(error, TimeoutError):
            raise dialler.late(seconds, words.STOPPED) from None
        if isinstance(error, ssl.SSLError):
            raise words.tls(error, dialler.peer) from error
        if isinstance(error, OSError):
            told = outside(str(error)) or "closed"
            raise ProbeError("first byte", f"connection lost to {dialler.peer}: {told}") from error
        raise


async def _driver() -> Begun:
    """redis-py, loaded in a thread when it is first needed: reading it takes longer than the
    loop may stand still."""
    return await asyncio.shield(threads.start(_load, "import redis"))


def _load() -> Begun:
    from warroom.connect.redis.session import begun

    return begun


async def _opened(
    way: Way, place: Place, network: Network, dialler: Dialler
) -> tuple[CappedReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = CappedReader()
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    if place.path:
        transport, _ = await dialler.create_unix_connection(lambda: protocol, place.path)
    else:
        context = await network.trust.context(way.tls) if place.tls else None
        transport, _ = await dialler.create_connection(
            lambda: protocol, place.host, place.port, ssl=context
        )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _sign_in(session: Session, place: Place) -> None:
    """All in one round trip. That we may not name ourselves is no reason to see nothing."""
    commands: list[Command] = []
    password = place.password.reveal() if place.password is not None else ""
    if place.user:
        commands.append(("AUTH", place.user, password))
    elif password:
        commands.append(("AUTH", password))
    commands.append(("CLIENT", "SETNAME", NAME))
    if place.database:
        commands.append(("SELECT", place.database))
    try:
        replies = await session.ask(commands)
    except LostError as error:
        raise words.lost(error, session.peer) from error
    for command, reply in zip(commands, replies, strict=True):
        if isinstance(reply, ErrorReply) and not _nameless(command, reply):
            raise words.not_signed_in(reply)


def _nameless(command: Command, reply: ErrorReply) -> bool:
    unknown = "unknown" in reply.words.lower()
    return command[0] == "CLIENT" and (reply.code == "NOPERM" or unknown)
