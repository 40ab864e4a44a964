"""A connection that is signed in: commands in, replies out, one round trip at a time."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    InvalidResponse,
    RedisError,
    ResponseError,
)

from warroom.connect.lost import LostError
from warroom.connect.queues.talk import Command, ErrorReply, Reply
from warroom.connect.redis.capped import CappedReader, FloodError
from warroom.connect.redis.talk import ForeignError, Session, TooMuchError, named
from warroom.connect.redis.wire import Wire
from warroom.connect.wording import outside

_SAID = (ResponseError, AuthenticationError, BusyLoadingError)
"""An error line in place of a reply; the connection is as before."""
_FOREIGN = (InvalidResponse, ValueError, RecursionError)
"""What redis-py comes to over bytes that no Redis server sends."""


async def begun(reader: CappedReader, writer: asyncio.StreamWriter, peer: str) -> Session:
    """A session over an open transport, not signed in yet. Raises LostError."""
    wire = Wire(reader, writer, peer)
    try:
        await wire.connect()  # type: ignore[no-untyped-call]
    except BaseException:
        wire.abort()
        raise
    return WireSession(wire, reader, peer)


class WireSession:
    """A session over redis-py's connection; see ``Session``."""

    def __init__(self, wire: Wire, reader: CappedReader, peer: str) -> None:
        self._wire = wire
        self._reader = reader
        self.peer = peer
        self.sent: Counter[str] = Counter()

    async def ask(self, commands: Sequence[Command]) -> list[Reply]:
        if not commands:
            return []
        self.sent.update(map(named, commands))
        try:
            packed = self._wire.pack_commands(commands)
            await self._wire.send_packed_command(packed, check_health=False)
            return [await self._reply() for _ in commands]
        except FloodError:
            raise TooMuchError("far more came than was asked for") from None
        except _FOREIGN as error:
            raise ForeignError("what came is not Redis' protocol") from error
        except (RedisError, OSError, EOFError) as error:
            raise LostError(outside(str(error)) or "closed") from error

    def renew(self) -> None:
        self._reader.renew()
        self.sent.clear()

    def close(self) -> None:
        self._wire.abort()

    async def _reply(self) -> Reply:
        try:
            found = await self._wire.read_response(disable_decoding=True, disconnect_on_error=False)
        except _SAID as error:
            return _error(error)
        return _told(found)


def _told(found: object) -> Reply:
    if isinstance(found, list):
        return [_told(each) for each in found]
    if isinstance(found, RedisError):
        return _error(found)
    if found is None or isinstance(found, (bytes, int)):
        return found
    raise ValueError("not Redis' protocol")


def _error(error: RedisError) -> ErrorReply:
    # redis-py takes the code off the words where it knows it.
    code = getattr(error, "status_code", None)
    return ErrorReply(f"{code} {error}" if code and code != "ERR" else str(error))
