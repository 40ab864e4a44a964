"""The console's end of the link: attach, start the engine if need be, pass on what it says.

What comes in is handed on at most every ``PACE`` seconds, merged: twenty sources that
answer within a moment make one repaint.
"""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace
from textual.message_pump import MessagePump

from warroom.attach.client import Connection, OtherProtocolError
from warroom.attach.room import RoomPaths
from warroom.attach.spawn import reach
from warroom.console.messages import EngineSaid, LinkEnded, LinkLost, Part
from warroom.errors import EngineError, WarroomError
from warroom.wire import Answer, Beat, Board, Goodbye, Hello, Request, Welcome

PACE = 0.2
"""Seconds between two hand-overs; the first after a pause goes at once."""

BACK_OFF = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds to wait before the engine is started again, more each time it does not last."""

LASTING = 30.0
"""Seconds a link must have stood before the next loss starts the back-off anew."""


class EngineLink:
    """One console's attachment. ``run`` it once; ``request`` while it runs."""

    def __init__(self, paths: RoomPaths, hello: Hello) -> None:
        self.paths = paths
        self.hello = hello
        self._connection: Connection | None = None

    def share(self, on: bool) -> None:
        """From now on be a shared console, or none any more: by another connection."""
        self.hello = replace(self.hello, share=on)
        if self._connection is not None:
            self._connection.hang_up()
            self._connection = None

    async def request(self, request: Request) -> Answer:
        """Ask the engine. Raises ``EngineError`` when it is not there."""
        connection = self._connection
        if connection is None:
            raise EngineError("the engine is not there", "it is being started again")
        answer = await connection.request(request)
        if connection.welcome.shared != self.hello.share:
            raise EngineError("the screen was shared, or is not any more", "ask again")
        return answer

    async def run(self, target: MessagePump) -> None:
        """Attach and stay attached until the engine cannot be had; tells ``target`` all."""
        loop = asyncio.get_running_loop()
        ever = False
        failures = 0
        while True:
            try:
                connection = await reach(self.paths, self.hello)
            except WarroomError as error:
                if not ever or isinstance(error, OtherProtocolError):
                    target.post_message(LinkEnded(error.explain(), error.exit_code))
                    return
                target.post_message(LinkLost(str(error)))
            else:
                ever, since = True, loop.time()
                farewell = await self._follow(connection, target)
                if connection.welcome.shared != self.hello.share:
                    continue  # at once: it was we who hung up
                if farewell is not None and not farewell.restart:
                    target.post_message(LinkEnded(f"warroom: {farewell.reason}", 0))
                    return
                reason = farewell.reason if farewell else connection.lost
                target.post_message(LinkLost(reason))
                if loop.time() - since > LASTING:
                    failures = 0
            await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
            failures += 1

    async def _follow(self, connection: Connection, target: MessagePump) -> Goodbye | None:
        """Pass on what comes until the connection ends; its ``Goodbye`` if it said one."""
        shared = connection.welcome.shared
        if shared != self.hello.share:
            await connection.close()
            return None
        self._connection = connection
        pacer = Pacer(lambda parts: target.post_message(EngineSaid(parts, shared=shared)))
        pacer.add(connection.welcome)
        farewell = None
        try:
            async for message in connection.messages():
                if isinstance(message, Goodbye):
                    farewell = message
                elif not isinstance(message, (Beat, Answer)):
                    pacer.add(message)
        finally:
            if self._connection is connection:
                self._connection = None
            pacer.flush()
            await connection.close()
        return farewell


class Pacer:
    """Gathers messages and hands them on together, at most every ``PACE`` seconds."""

    def __init__(self, deliver: Callable[[tuple[Part, ...]], object]) -> None:
        self._deliver = deliver
        self._parts: list[Part] = []
        self._last = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def add(self, part: Part) -> None:
        """Take one message; newer news of a source replaces older that still waits."""
        if isinstance(part, Board):
            self._parts = [kept for kept in self._parts if isinstance(kept, Welcome)]
        self._parts.append(part)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time(), self._last + PACE), self.flush)

    def flush(self) -> None:
        """Hand on what waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._parts:
            self._last = asyncio.get_running_loop().time()
            parts, self._parts = tuple(self._parts), []
            self._deliver(parts)
