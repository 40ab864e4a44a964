"""An engine's actions on a real journal, by a clock that is told and hands that do as they are told
through the door of the real ones."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from tests.unit.incident_rooms import IncidentRoom
from warroom.actions.hand import Result, Stage
from warroom.config.actions_settings import KINDS, ActionSettings
from warroom.engine.actions.actions import Actions
from warroom.engine.attached import Attached
from warroom.engine.board import News
from warroom.engine.desk import Desk
from warroom.engine.incidents import Incidents
from warroom.errors import ActionError
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, StillOn
from warroom.incident.acting.plan import Plan, PlanStep
from warroom.incident.actor import Actor
from warroom.incident.entries import Entry
from warroom.journal.store import Store
from warroom.wire import Acting, Answer, CancelRun, Grant, KeepOn, PlanAction, RunAction, TickStep

ACTS = (ActionStarted, ActionFinished, ActionVerdict, StillOn)


def action(kind: str = "command", **more: Any) -> ActionSettings:
    given: dict[str, Any] = {"kind": kind, "title": "Flush the cache", "danger": "mild", **more}
    if kind == "command":
        given.setdefault(
            "argv", ["flush", *(f"{{{name}}}" for name in given.get("parameters", ()))]
        )
    return KINDS[kind].model_validate(given)


class TrickHand:
    """One action's hand. ``changed`` is what the world says right before the run; ``hold`` lets a
    run wait; ``results`` are taken one by one."""

    def __init__(self, name: str, settings: ActionSettings) -> None:
        self.name, self.settings = name, settings
        self.changed = ""
        self.checks = self.runs = 0
        self.slow_check: asyncio.Event | None = None
        self.hold: asyncio.Event | None = None
        self.results: list[Result | Exception] = []
        self.says: list[str] = []
        self.leaves = True
        self.seen: list[tuple[Entry, ...]] = []
        self.look = lambda: ()

    async def plan(self, values: Mapping[str, str]) -> "TrickWork":
        line = " ".join((self.name, *values.values()))
        deadline = self.settings.deadline
        step = PlanStep(
            action=self.name, title=self.settings.title, lines=(line,), deadline=deadline
        )
        return TrickWork(step, self)


class TrickWork:
    def __init__(self, step: PlanStep, hand: TrickHand) -> None:
        self.step, self.hand = step, hand

    async def check(self) -> None:
        self.hand.checks += 1
        if self.hand.slow_check is not None:
            await self.hand.slow_check.wait()
        if self.hand.changed:
            raise ActionError(self.hand.changed)

    async def run(self, stage: Stage) -> Result:
        hand = self.hand
        if hand.leaves:
            await stage.begins()
        hand.runs += 1
        hand.seen.append(hand.look())
        for line in hand.says:
            stage.output.say(line)
        if hand.settings.kind == "manual":
            return Result("succeeded" if await stage.by_hand("by hand: turn it") else "failed")
        if hand.hold is not None:
            await hand.hold.wait()
        result = hand.results.pop(0) if hand.results else Result("succeeded", "exit 0")
        if isinstance(result, Exception):
            raise result
        return result

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        return Result(why, "it was ended")


class ActionRoom(IncidentRoom):
    """A room with actions; ``restart`` makes the engine anew, ``kill`` without a last word."""

    def __init__(self, folder: Path, **actions: ActionSettings) -> None:
        self.actions_of = actions
        self.hands: dict[str, TrickHand] = {}
        self.news = 0
        super().__init__(folder)

    def _start(self) -> None:
        self.config.actions = self.actions_of
        super()._start()
        self.desk = Desk(
            self.board,
            None,  # type: ignore[arg-type]
            self.incidents,
            None,  # type: ignore[arg-type]
            self.actions,
            None,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
            None,  # type: ignore[arg-type]
        )

    def made(self, incidents: Incidents) -> None:
        """The incidents are there, and have not read the journal yet."""
        self.actions = Actions(
            self.board, self.clock, incidents, self._make, lambda text: text, self._told_of
        )
        incidents._heard = self.actions.heard
        incidents.on = lambda: self.actions.on
        incidents.began = self.actions.begins
        self.actions.configure(self.config)

    def _told_of(self) -> None:
        self.news += 1

    async def _make(self, config: Any, views: Any) -> Any:
        for name, settings in config.actions.items():
            self.hands.setdefault(name, TrickHand(name, settings))
        return self.hands

    def _saw(self, news: News) -> None:
        super()._saw(news)
        self.actions.saw(news.names)

    def hand(self, name: str = "flush") -> TrickHand:
        return self.hands.setdefault(name, TrickHand(name, self.actions_of[name]))

    def reload(self, **room: Any) -> None:
        """A new configuration of the room."""
        known = {**vars(self.config), "room": self.config.room.model_copy(update=room)}
        self.config = SimpleNamespace(**known)
        self.actions.configure(self.config)

    def kill(self) -> None:
        """The engine is gone in the middle of whatever it does; the disk stays as it is."""

        async def gone() -> None:
            tasks = [run.task for run in self.actions.running if run.task is not None]
            for task in (*tasks, self.incidents.keeper._task):
                assert task is not None
                task.cancel()
                await asyncio.wait([task])
            await self.incidents.keeper._worker.run(self.incidents.keeper._close)
            self.incidents.keeper._worker.close()

        self.run(gone())
        self._start()
        self.settle()

    # consoles -------------------------------------------------------------------------

    def attach(self, who: str = "ana", granted: Grant = "act", role: str = "console") -> Attached:
        actor = Actor(name=who, uid=1000, attested=True)
        return Attached(None, actor, granted, role, self.clock.monotonic())  # type: ignore[arg-type]

    def ask(self, attached: Attached, request: Any) -> Answer:
        return self.run(self.desk.handle(attached, request))

    def plan(self, attached: Attached, name: str = "flush", **more: Any) -> Plan:
        answer = self.ask(attached, PlanAction(ref=1, action=name, **more))
        assert answer.plan is not None, answer.message
        return answer.plan

    def confirm(self, attached: Attached, plan: Plan, **more: Any) -> Answer:
        """Run it, and let it go as far as it goes."""
        known = {"once": self.once(), "phrase": plan.phrase, **more}
        answer = self.ask(attached, RunAction(ref=2, digest=plan.digest, **known))
        self.idle()
        return answer

    def act(self, attached: Attached, name: str = "flush", **more: Any) -> Answer:
        return self.confirm(attached, self.plan(attached, name, **more))

    def cancel(self, attached: Attached, run: str) -> Answer:
        answer = self.ask(attached, CancelRun(ref=3, run=run))
        self.idle()
        return answer

    def tick(self, attached: Attached, run: str, done: bool = True) -> Answer:
        answer = self.ask(attached, TickStep(ref=4, run=run, done=done))
        self.idle()
        return answer

    def keep(self, attached: Attached, name: str, **more: Any) -> Answer:
        known = {"once": self.once(), "reason": "for the weekend", **more}
        return self.ask(attached, KeepOn(ref=5, name=name, **known))

    def acting(self, attached: Attached, since: int | None = None) -> Acting:
        return self.actions.told(attached, since)

    # what came of it ------------------------------------------------------------------

    def idle(self) -> None:
        """Until every run has ended, or waits for something that a test gives."""

        async def turns() -> None:
            for _ in range(20):
                await asyncio.sleep(0)

        self.run(turns())
        self.settle()

    def tick_of_time(self, seconds: float = 0.5) -> None:
        """Time passes, and the engine looks."""
        self.clock.pass_(seconds)
        self.actions.look()
        self.settle()

    def acts(self) -> list[Any]:
        """What the journal holds of actions, in its order."""
        return [entry.body for entry in self.act_entries()]

    def act_entries(self) -> tuple[Entry, ...]:
        store = Store(self.path, self.clock)
        try:
            return tuple(store.acts())
        finally:
            store.close()

    def outcomes(self) -> list[str]:
        return [body.outcome for body in self.acts() if isinstance(body, ActionFinished)]
