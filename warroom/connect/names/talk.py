"""One question to one resolver: by UDP, again when nothing comes, by TCP when it does not fit.

The socket is a connected one, so that the kernel drops what others send and a closed port is
known at once. What is no answer to the question is passed over: a forger's guess must not
stand in the way of the true one. (dnspython's own sockets are not connected.)
"""

import asyncio
import socket
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from warroom.clock import Clock
from warroom.connect import threads
from warroom.connect.names.reply import Reply
from warroom.connect.sockets import connected
from warroom.connect.stream import os_words
from warroom.errors import ProbeError
from warroom.text import short_duration

if TYPE_CHECKING:
    from warroom.connect.names.message import Question

TRIES = 3
"""How often a question is sent by UDP, which may lose it."""
LONG = 2_048
"""Bytes from which a reply is read in a thread: one of 64 KiB holds 4,000 records, and reading
them would hold the loop up."""
MOST = 65_535
"""Bytes of the longest message (RFC 1035, section 4.2.2)."""


class Where(NamedTuple):
    """A resolver's address and port; ``text`` is what the configuration calls it."""

    text: str
    address: str
    port: int


class Asker:
    """Asks resolvers about one name."""

    def __init__(self, name: str, record: str, clock: Clock) -> None:
        self._name = name
        self._record = record
        self._clock = clock
        self._message: ModuleType | None = None

    async def ask(self, where: Where, seconds: float) -> Reply:
        """What it says, within ``seconds``; one that cannot be asked is ``silent``. Raises
        ProbeError ``set-up`` when dnspython cannot be loaded in that time."""
        message = self._message = self._message or await _loaded(seconds)
        question = message.Question(self._name, self._record)
        flaws: list[str] = []
        begun = self._clock.monotonic()
        try:
            async with asyncio.timeout(seconds):
                try:
                    found = await self._by_udp(question, where, seconds, message, flaws)
                except message.TruncatedError:
                    found = await self._by_tcp(question, where, seconds, message)
        except TimeoutError:
            words = f"no answer within {short_duration(seconds)}"
            return Reply(where.text, "silent", trouble="; ".join([words, *flaws]))
        except OSError as error:
            return Reply(where.text, "silent", trouble=os_words(error))
        except message.FlawError as error:
            return Reply(where.text, "silent", trouble=str(error))
        took = self._clock.monotonic() - begun
        return Reply(where.text, found.said, found.answers, found.trouble, took, found.ttl)

    async def _by_udp(
        self,
        question: "Question",
        where: Where,
        seconds: float,
        message: ModuleType,
        flaws: list[str],
    ) -> Reply:
        """Raises TruncatedError, OSError. The caller's deadline ends it."""
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in where.address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect((where.address, where.port))
            while True:
                await loop.sock_sendall(sock, question.wire)
                again = loop.time() + seconds / TRIES
                while (left := again - loop.time()) > 0:
                    try:
                        async with asyncio.timeout(left):
                            wire = await loop.sock_recv(sock, MOST)
                    except TimeoutError:
                        break
                    try:
                        return await _read(question, wire, where)
                    except message.FlawError as error:
                        flaws[:] = [str(error)]
                        await asyncio.sleep(0)  # a flood of them must not hold the loop up

    async def _by_tcp(
        self, question: "Question", where: Where, seconds: float, message: ModuleType
    ) -> Reply:
        """Raises FlawError, OSError. The caller's deadline ends it."""
        try:
            sock = await connected(where.address, where.port, seconds)
        except OSError as error:
            words = f"its answer does not fit in UDP, and by TCP: {os_words(error)}"
            raise message.FlawError(words) from error
        try:
            reader, writer = await asyncio.open_connection(sock=sock)
        except BaseException:
            sock.close()  # cancelled, too: nobody else holds it yet
            raise
        try:
            writer.write(len(question.wire).to_bytes(2) + question.wire)
            size = int.from_bytes(await reader.readexactly(2))
            wire = await reader.readexactly(size)
            return await _read(question, wire, where)
        except asyncio.IncompleteReadError as error:
            raise message.FlawError("it closed the connection without an answer") from error
        except message.TruncatedError as error:
            raise message.FlawError("its answer by TCP is cut short as well") from error
        finally:
            writer.transport.abort()


async def _loaded(seconds: float) -> ModuleType:
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.shield(threads.start(_load, "import dns"))
    except TimeoutError:
        words = f"the driver was not loaded within {short_duration(seconds)}"
        raise ProbeError("set-up", words, "is the disk slow?") from None


def _load() -> ModuleType:
    from warroom.connect.names import message

    return message


async def _read(question: "Question", wire: bytes, where: Where) -> Reply:
    if len(wire) < LONG:
        return question.read(wire, where.text)
    work = threads.start(lambda: question.read(wire, where.text), "read a DNS message")
    return await asyncio.shield(work)
