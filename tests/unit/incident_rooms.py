"""An engine's incidents on a real journal, by a clock that is told."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.unit.fakes import FakeClock, config, rule, seen, settings
from warroom.engine.board import Board, News
from warroom.engine.incidents import Incidents
from warroom.incident.actor import Actor
from warroom.incident.entries import Entry, Said
from warroom.incident.fold import fold
from warroom.incident.incident import Incident
from warroom.journal.store import Store
from warroom.measure.snapshot import Signal
from warroom.wire import Answer, Declare, GetIncidents, Post, Resolve

T = TypeVar("T")
ANA = Actor(name="ana", uid=1000, attested=True)
RULES = (rule("api slow", "api.latency_p95", polls=1, SEV2="> 2000"),)


class IncidentRoom:
    """What an engine is made of as far as incidents go; ``restart`` makes it anew."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.db"
        self.clock = FakeClock()
        self.loop = asyncio.new_event_loop()
        self.troubles: list[str] = []
        self.told = 0
        self.count = 0
        self.config = config(*RULES, api=settings())
        self._start()

    def _start(self) -> None:
        self.board = Board(self.config, self.clock)
        self.incidents = Incidents(
            self.board,
            self.clock,
            lambda: Store(self.path, self.clock),
            self._changed,
            self.troubles.append,
        )
        self.incidents.configure(self.config)
        self.made(self.incidents)
        self.board.tell(self._saw)
        self.run(self.incidents.start())
        self.board.configure(self.config, {"api": {"api.latency_p95": "ms"}}, set())

    def made(self, incidents: Incidents) -> None:
        """For a room that has more than incidents: before the journal is read."""

    def _changed(self, anew: bool) -> None:
        self.told += 1

    def _saw(self, news: News) -> None:
        if news.past:
            self.incidents.saw()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the engine's loop until this is done."""
        return self.loop.run_until_complete(work)

    def settle(self) -> None:
        """Let the journal write what nobody waits for."""

        async def idle() -> None:
            while self.incidents.waiting:
                await asyncio.sleep(0.001)

        self.run(idle())

    def restart(self) -> None:
        """End and start again, as after an update."""
        self.run(self.incidents.close("it restarts"))
        self._start()
        self.settle()

    def close(self) -> None:
        self.run(self.incidents.close("the test ends"))
        self.loop.close()

    # what people and the watch do -----------------------------------------------------

    def poll(self, latency: float) -> None:
        """The api answers, so fast."""
        self.clock.pass_(5)
        self.board.take("api", seen(self.clock, Signal("api.latency_p95", latency, "ms")), 0)

    def once(self) -> str:
        self.count += 1
        return f"once-{self.count}"

    def declare(self, title: str = "checkout is down", **more: Any) -> str:
        """Declare; the new incident's id."""
        request = Declare(ref=1, once=more.pop("once", self.once()), title=title, **more)
        answer = self.run(self.incidents.declare(ANA, request))
        assert answer.incident is not None
        return answer.incident.id

    def post(self, incident: str, body: Said, actor: Actor = ANA, **more: Any) -> Answer:
        once = more.pop("once", self.once())
        request = Post(ref=1, once=once, incident=incident, body=body, **more)
        return self.run(self.incidents.post(actor, request))

    def resolve(self, incident: str, **more: Any) -> Answer:
        request = Resolve(ref=1, once=self.once(), incident=incident, **more)
        return self.run(self.incidents.resolve(ANA, request))

    def look(self, seconds: float = 0.5) -> None:
        """Time passes, and the engine looks."""
        self.clock.pass_(seconds)
        self.incidents.look()
        self.settle()

    def all(self) -> list[str]:
        """The id of every incident, newest first."""
        answer = self.run(self.incidents.all(GetIncidents(ref=1)))
        return [one.id for one in answer.incidents]

    def live(self, incident: str) -> Incident:
        """The incident as the engine has it."""
        found = self.incidents.book.incident(incident)
        assert found is not None
        return found

    def kept(self, incident: str) -> Incident:
        """The incident as the journal tells it."""
        found = fold(self._entries(incident))
        assert found is not None
        return found

    def _entries(self, incident: str) -> tuple[Entry, ...]:
        store = Store(self.path, self.clock)
        try:
            return tuple(store.all_of(incident))
        finally:
            store.close()

    def places(self) -> set[int]:
        """The place in the journal of every entry that is in it."""
        store = Store(self.path, self.clock)
        try:
            names = ("", *store.incidents())
            return {entry.seq for name in names for entry in store.all_of(name)}
        finally:
            store.close()

    def bodies(self, incident: str) -> list[Any]:
        """The bodies of its entries, in the journal's order."""
        return [entry.body for entry in self._entries(incident)]
