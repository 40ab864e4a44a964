"""Somebody attached to a real engine, who knows what a console would know."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.live.rooms import Room, hello
from warroom.attach.client import Connection
from warroom.attach.spawn import reach
from warroom.console.state import RoomState
from warroom.incident.entries import Entry, Said
from warroom.incident.incident import Incident
from warroom.wire import (
    Answer,
    Board,
    Changed,
    Declare,
    GetEntries,
    Grant,
    Post,
    Request,
    Resolve,
    Timeline,
)


class Watcher:
    """One attached connection, its messages folded as the console folds them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.state = RoomState().taking(connection.welcome, 0.0)
        self._count = 0
        self._task = asyncio.create_task(self._follow())

    @classmethod
    async def at(cls, room: Room, claimed: str = "", want: Grant = "act") -> "Watcher":
        """Attach to the room, starting its engine if need be."""
        return cls(await reach(room.paths, hello(want, claimed=claimed)))

    async def _follow(self) -> None:
        async for message in self.connection.messages():
            if isinstance(message, Board | Changed | Timeline):
                self.state = self.state.taking(message, 0.0)

    async def close(self) -> None:
        self._task.cancel()
        await self.connection.close()

    async def until(self, look: Callable[[RoomState], Any], seconds: float = 10.0) -> Any:
        """Follow until this is true of what is known."""
        async with asyncio.timeout(seconds):
            while not (found := look(self.state)):
                await asyncio.sleep(0.01)
        return found

    async def ask(self, request: Request) -> Answer:
        return await self.connection.request(request)

    def once(self) -> str:
        self._count += 1
        return f"{id(self)}-{self._count}"

    async def declare(self, title: str = "checkout is down", **more: Any) -> str:
        answer = await self.ask(Declare(ref=0, once=self.once(), title=title, **more))
        assert answer.ok, answer.message
        assert answer.incident is not None
        return answer.incident.id

    async def post(self, incident: str, body: Said, once: str = "", **more: Any) -> Answer:
        request = Post(ref=0, once=once or self.once(), incident=incident, body=body, **more)
        return await self.ask(request)

    async def resolve(self, incident: str, **more: Any) -> Answer:
        return await self.ask(Resolve(ref=0, once=self.once(), incident=incident, **more))

    async def all_entries(self, incident: str) -> tuple[Entry, ...]:
        """Every entry there is, a page at a time, as somebody who scrolls back gets them."""
        found: tuple[Entry, ...] = ()
        before = 0
        while True:
            request = GetEntries(ref=0, incident=incident, before=before)
            page = (await self.ask(request)).entries
            found = (*page, *found)
            if not page or page[0].number == 1:
                return found
            before = page[0].number

    def incident(self, name: str) -> Incident:
        found = self.state.incident(name)
        assert found is not None
        return found

    def texts(self, incident: str) -> list[str]:
        """The words of every note that is known."""
        return [
            entry.body.text
            for entry in self.state.entries.get(incident, ())
            if entry.kind == "note"
        ]
