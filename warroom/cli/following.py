"""New entries of an incident as they come, whatever becomes of the engine meanwhile."""

import asyncio
from collections.abc import Callable, Iterable

from warroom import __version__
from warroom.attach.client import Connection, NoEngineError, connect
from warroom.attach.room import RoomPaths
from warroom.attach.spawn import reach
from warroom.cli.printing import tell
from warroom.cli.reading import after
from warroom.errors import EngineError
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.text import safe
from warroom.wire import PROTOCOL, Goodbye, Hello, Timeline

AGAIN = 0.5
"""Seconds before a lost engine is looked for again."""

Show = Callable[[Iterable[Entry], Incident], None]


async def follow(paths: RoomPaths, incident: Incident, show: Show) -> None:
    """Show every entry that comes after those of ``incident``, until the engine is stopped on
    purpose. While the incident is open an engine that is gone is started again."""
    hello = Hello(protocol=PROTOCOL, version=__version__, want="watch", role="follower")
    following = _Following(incident, show)
    said = ""
    while True:
        try:
            way = reach if following.incident.open else connect
            async with await way(paths, hello) as connection:
                said = ""
                if await following.stopped(connection):
                    return
        except NoEngineError:
            pass  # of an incident that is over: whoever needs an engine starts one
        except EngineError as error:
            if str(error) != said:
                said = str(error)
                tell(f"warroom: {safe(error.explain(), 1_000)}")
        await asyncio.sleep(AGAIN)


class _Following:
    """How far one incident was shown."""

    def __init__(self, incident: Incident, show: Show) -> None:
        self.incident, self._show = incident, show
        self._last = incident.number

    async def stopped(self, connection: Connection) -> bool:
        """Show what comes over this connection until it ends; whether it ended on purpose."""
        async for message in connection.messages():
            if isinstance(message, Goodbye) and not message.restart:
                tell(safe(message.reason, 400))
                return True
            if isinstance(message, Timeline):
                await self._take(message, connection)
        return False

    async def _take(self, message: Timeline, connection: Connection) -> None:
        mine = (one for one in message.incidents if one.id == self.incident.id)
        self.incident = next(mine, self.incident)
        new = tuple(
            entry
            for entry in message.entries
            if entry.incident == self.incident.id and entry.number > self._last
        )
        if new and new[0].number > self._last + 1:
            new = await after(connection, self.incident.id, self._last)
        if new:
            self._show(new, self.incident)
            self._last = new[-1].number
