"""Actions of a real room: small programs that do as files tell them, and somebody who acts."""

import asyncio
from pathlib import Path
from typing import Any

from tests.live.rooms import Room, hello
from tests.live.watchers import Watcher
from warroom.attach.client import Connection
from warroom.attach.spawn import reach
from warroom.incident.acting.bodies import ActionFinished, ActionStarted
from warroom.incident.acting.plan import Plan
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.incident.entries import Entry
from warroom.journal.reading import Reading
from warroom.wire import (
    Acting,
    Answer,
    Arm,
    Board,
    CancelRun,
    Changed,
    Grant,
    KeepOn,
    PlanAction,
    RunAction,
    TickStep,
    Timeline,
)

WORK = """\
echo "$$ $*" >> ran
echo "it begins: $*"
while [ -e hold ]; do sleep 0.02; done
echo "it ends"
"""
"""Says that it runs in a file, and goes on for as long as another one is there."""


def command(name: str, *argv: str, **more: Any) -> str:
    """An action's table. Text of ``more`` is TOML as it stands."""
    known = {"kind": '"command"', "title": f'"Do {name}"', "danger": '"mild"', **more}
    lines = [f"{key} = {value}" for key, value in known.items()]
    given = ", ".join(f'"{part}"' for part in argv or ("/bin/sh", "work.sh", name))
    return "\n".join((f"[actions.{name}]", f"argv = [{given}]", *lines, ""))


TOGGLE = 'turns_on = "read-only"\nundo = "writable"\nttl = "10min"\n'


def write(room: Room, *actions: str, room_keys: str = "", sources: tuple[str, ...] = ()) -> None:
    """A room with these actions, and the program they run."""
    (room.folder / "work.sh").write_text(WORK)
    room.write(*sources, room=room_keys, more="\n".join(actions))


def hold(room: Room) -> Path:
    """From now on what runs goes on, until this file is gone."""
    file = room.folder / "hold"
    file.touch()
    return file


def ran(room: Room) -> list[str]:
    """A line for every time the program was run: its pid, its arguments."""
    file = room.folder / "ran"
    return file.read_text().splitlines() if file.exists() else []


def acts(room: Room) -> list[Entry]:
    """What the journal holds of actions, read beside a living engine."""
    reading = Reading(room.paths.journal)
    try:
        return list(reading.acts())
    finally:
        reading.close()


def started(room: Room) -> list[ActionStarted]:
    return [entry.body for entry in acts(room) if isinstance(entry.body, ActionStarted)]


def finished(room: Room) -> list[ActionFinished]:
    return [entry.body for entry in acts(room) if isinstance(entry.body, ActionFinished)]


class Operator(Watcher):
    """Somebody who acts, and knows of the runs what a console would."""

    def __init__(self, connection: Connection) -> None:
        self.runs: dict[str, RunView] = {}
        self.on: tuple[On, ...] = ()
        self.acting: Acting | None = None
        self.messages = 0
        super().__init__(connection)

    @classmethod
    async def at(cls, room: Room, claimed: str = "", want: Grant = "act") -> "Operator":
        return cls(await reach(room.paths, hello(want, claimed=claimed)))

    async def _follow(self) -> None:
        async for message in self.connection.messages():
            if isinstance(message, Acting):
                self.acting, self.on = message, message.on
                self.messages += 1
                self.runs = {} if message.whole else self.runs
                self.runs |= {run.run: run for run in message.runs}
            elif isinstance(message, Board | Changed | Timeline):
                self.state = self.state.taking(message, 0.0)

    async def plan(self, name: str, **more: Any) -> Plan:
        answer = await self.ask(PlanAction(ref=0, action=name, **more))
        assert answer.plan is not None, answer.message
        return answer.plan

    async def run(self, plan: Plan, **more: Any) -> Answer:
        known = {"once": self.once(), "phrase": plan.phrase, **more}
        return await self.ask(RunAction(ref=0, digest=plan.digest, **known))

    async def act(self, name: str, **more: Any) -> str:
        """Plan and run; the run's name."""
        answer = await self.run(await self.plan(name, **more))
        assert answer.run is not None, answer.message
        return answer.run.run

    async def cancel(self, run: str) -> Answer:
        return await self.ask(CancelRun(ref=0, run=run))

    async def tick(self, run: str, done: bool = True) -> Answer:
        return await self.ask(TickStep(ref=0, run=run, done=done))

    async def arm(self, on: bool = True) -> Answer:
        return await self.ask(Arm(ref=0, on=on))

    async def keep(self, name: str, off: bool = False) -> Answer:
        request = KeepOn(ref=0, once=self.once(), name=name, reason="for the weekend", off=off)
        return await self.ask(request)

    async def ended(self, run: str, seconds: float = 15.0) -> RunView:
        """The run, once it has ended."""
        await self.until(lambda _: run in self.runs and self.runs[run].outcome, seconds)
        return self.runs[run]

    async def goes(self, run: str) -> RunView:
        """The run, once its program says that it runs."""
        await self.until(lambda _: run in self.runs and self.runs[run].head)
        return self.runs[run]


async def until_ran(room: Room, count: int = 1) -> None:
    """Until the program was begun so often."""
    async with asyncio.timeout(10):
        while len(ran(room)) < count:
            await asyncio.sleep(0.01)
