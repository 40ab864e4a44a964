"""A command to Redis that only reads, on a connection of its own, with no retry.

Which commands these are is in ``warroom.config.redis_reads``: no other gets past the configuration.
"""

import asyncio
from collections.abc import Iterator
from typing import cast

from warroom.checks.check import Found, Tools
from warroom.checks.lines import in_a_line, listed
from warroom.config.checks_settings import RedisCheck
from warroom.connect.dsn import DsnSettings
from warroom.connect.lost import LostError
from warroom.connect.queues.talk import ErrorReply, Reply
from warroom.connect.redis.door import connect
from warroom.connect.redis.way import Extras, way_of
from warroom.connect.refused import RefusedError
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.text import short_duration

MOST = 2_000
"""Lines of a reply that are looked at."""
TEXT = 256 * 1024
"""Bytes of one value that are read as text: eight million empty lines took 0.3 s of the loop
(measured)."""
DEEPEST = 8
"""Lists within lists that are shown."""


class RedisRunner:
    """One ``[checks.NAME]`` of kind redis."""

    def __init__(self, settings: RedisCheck, tools: Tools) -> None:
        self._settings, self._tools = settings, tools

    async def run(self) -> Found:
        deadline = self._settings.deadline
        ends = asyncio.get_running_loop().time() + deadline
        try:
            async with asyncio.timeout_at(ends):
                return await self._asked(ends)
        except TimeoutError:
            return Found(False, f"no answer within {short_duration(deadline)}", late=True)

    async def _asked(self, ends: float) -> Found:
        source, tools = self._settings.source, self._tools
        settings = cast(DsnSettings, tools.settings(source))
        way = await way_of(settings, cast(Extras, settings), tools.folder, tools.mask)
        try:
            session = await connect(way, tools.network, ends)
        except RefusedError as error:
            raise ProbeError("connect", f"{source} refuses us: {error}") from error
        try:
            (reply,) = await session.ask([self._settings.command])
        except LostError as error:
            raise ProbeError("answer", f"{source}: {error}") from error
        finally:
            session.close()
        if isinstance(reply, ErrorReply):
            return Found(False, in_a_line(f"refused: {outside(reply.words)}", tools.masked))
        lines = [line for line, _ in zip(drawn(reply), range(MOST), strict=False)]
        return Found(None, in_a_line(_words(reply), tools.masked), listed(lines, tools.masked))


def _words(reply: Reply) -> str:
    if isinstance(reply, list):
        return f"{len(reply):,} element{'' if len(reply) == 1 else 's'}"
    if isinstance(reply, bytes):
        lines = _lines(reply)
        if len(reply) > TEXT:
            return f"{len(reply):,} bytes, of which the first {TEXT:,} are read"
        return f"{len(lines):,} lines" if len(lines) > 1 else "".join(lines)
    return "nothing" if reply is None else str(reply)


def _lines(reply: bytes) -> list[str]:
    return reply[:TEXT].decode("utf-8", "replace").splitlines()


def drawn(reply: Reply, depth: int = 0) -> Iterator[str]:
    """A reply as lines: of a list each element, what is in it further in."""
    indent = "  " * depth
    if isinstance(reply, list):
        if depth >= DEEPEST:
            yield f"{indent}… {len(reply)} elements"
            return
        for at, each in enumerate(reply, 1):
            first, *others = list(zip(drawn(each, depth + 1), range(MOST), strict=False)) or [
                ("", 0)
            ]
            yield f"{indent}{at}) {first[0].lstrip()}"
            yield from (line for line, _ in others)
    elif isinstance(reply, bytes):
        yield from (indent + line for line in _lines(reply))
    elif isinstance(reply, ErrorReply):
        yield f"{indent}{reply.words}"
    else:
        yield f"{indent}{'nothing' if reply is None else reply}"
