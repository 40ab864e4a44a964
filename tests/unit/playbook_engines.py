"""An engine's playbooks on a real journal, by a clock that is told and checks that do as they are
told through the door of the real ones."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.unit.fakes import failed, rule, seen
from tests.unit.incident_rooms import ANA, IncidentRoom
from warroom.checks.check import Check, Found
from warroom.config.checks_settings import KINDS, CheckSettings
from warroom.engine.board import News
from warroom.engine.incidents import Incidents
from warroom.engine.playbooks.checks import Checks
from warroom.engine.playbooks.playbooks import Playbooks
from warroom.engine.poll import Poll
from warroom.errors import ProbeError
from warroom.incident.actor import Actor
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold
from warroom.measure.snapshot import Signal
from warroom.playbooks.playbook import Playbook, Step, Symptom
from warroom.wire import Answer, RunCheck

RULES = (rule("api slow", "api.latency_p95", polls=1, SEV2="> 2000"),)
SLOW = Playbook(
    name="performance",
    title="It is slow",
    symptoms=(
        Symptom(
            sources=("api",), figure="latency_p95", threshold=Threshold(">", 2000.0), hold=Hold()
        ),
    ),
    steps=(
        Step(part="look", text="Send a few requests", check="burst"),
        Step(part="mitigate", text="Restart it", action="restart_app"),
    ),
)
GONE = Playbook(
    name="outage",
    title="Nothing answers",
    symptoms=(Symptom(sources=("api",), state="can't see", hold=Hold(polls=2)),),
    steps=(Step(part="look", text="Is it up?", probe="api"),),
)


def check(**more: Any) -> CheckSettings:
    table = {"kind": "command", "argv": ["dig", "shop.example"], "title": "Ask DNS", **more}
    return KINDS["command"].model_validate(table)


class TrickCheck:
    """One check. ``hold`` lets a run wait; ``results`` are taken one by one."""

    def __init__(self) -> None:
        self.runs = self.cancelled = 0
        self.hold: asyncio.Event | None = None
        self.results: list[Found | Exception] = []

    async def run(self) -> Found:
        self.runs += 1
        if self.hold is not None:
            try:
                await self.hold.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        found = self.results.pop(0) if self.results else Found(True, "exit 0", ("10.0.0.7",))
        if isinstance(found, Exception):
            raise found
        return found


class PlaybookRoom(IncidentRoom):
    """A room with playbooks and checks."""

    def __init__(self, folder: Path, *books: Playbook) -> None:
        self.books = books or (SLOW, GONE)
        self.checks = {"dig": TrickCheck(), "burst": TrickCheck()}
        self.ended = 0
        self.news: list[News] = []
        super().__init__(folder)

    def _start(self) -> None:
        self.config.rules = RULES
        self.config.playbooks = self.books
        self.config.checks = {"dig": check(), "burst": check(title="", deadline="2s")}
        super()._start()
        self.playbooks.configure(self.config)

    def made(self, incidents: Incidents) -> None:
        made = Checks(
            self.board, self.clock, incidents, self._make, self._probe, self._masked, self._ended
        )
        self.playbooks = Playbooks(self.board, self.clock, incidents, made)
        incidents.completed = self.playbooks.completed

    async def _make(self, config: Any) -> dict[str, Check]:
        return {name: self.checks[name] for name in config.checks}

    async def _probe(self, name: str) -> Poll:
        self.clock.pass_(1)
        poll = seen(self.clock, Signal("api.latency_p95", 3000.0, "ms"))
        self.board.take(name, poll, 0)
        return poll

    def _masked(self, text: str) -> str:
        return text.replace("hunter2", "***")

    def _ended(self) -> None:
        self.ended += 1

    def _saw(self, news: News) -> None:
        super()._saw(news)
        self.news.append(news)
        if news.names or news.past:
            self.playbooks.saw(self.board.views(news.names))

    def look(self, seconds: float = 0.5) -> None:
        self.clock.pass_(seconds)
        self.board.check()
        self.incidents.look()
        self.playbooks.look()
        self.settle()

    def lose(self) -> None:
        """A poll of the api fails."""
        self.clock.pass_(5)
        self.board.take("api", failed(self.clock), 0)

    def slow(self) -> None:
        """It is slow, and that is seen."""
        self.poll(3000.0)
        self.look()

    @property
    def fitting(self) -> list[str]:
        return [one.playbook for one in self.board.proposals]

    def times_told(self) -> int:
        """How often consoles were told of what fits."""
        return sum(news.proposals for news in self.news)

    def reload(self, *books: Playbook, **checks: CheckSettings) -> None:
        known = {**vars(self.config), "playbooks": books, "checks": checks}
        self.config = SimpleNamespace(**known)
        self.playbooks.configure(self.config)

    async def ask(self, actor: Actor = ANA, **more: Any) -> Answer:
        known = {"check": "" if "probe" in more else "dig", "once": self.once(), **more}
        return await self.playbooks.checks.run(actor, RunCheck(ref=7, **known))

    def check(self, **more: Any) -> Answer:
        return self.run(self.ask(**more))


UNREACHABLE = ProbeError("connect", "connection refused with hunter2", "is hunter2 right?")
