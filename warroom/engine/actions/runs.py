"""The runs of one room: begun once each, whoever leaves, and ended with what came of them."""

import asyncio
import logging
from collections.abc import Callable
from uuid import uuid4

from warroom.clock import Clock
from warroom.config.actions_facts import expectations
from warroom.engine.actions import records
from warroom.engine.actions.judging import Watcher
from warroom.engine.actions.planning import Held
from warroom.engine.actions.running import LOOKED, Run
from warroom.engine.actions.surroundings import Surroundings
from warroom.engine.actions.writing import Writing
from warroom.engine.keeper import WaitsError
from warroom.errors import ActionError, WarroomError
from warroom.incident.acting.bodies import ActionStarted
from warroom.incident.acting.runs import RunView
from warroom.incident.actor import WARROOM, Actor

log = logging.getLogger("warroom.engine")

SHOWN = 600.0
"""Seconds for which a run that has ended is still shown."""
MOST = 30
"""Runs that are shown at once; the oldest of those that have ended go first."""
WORDS = "the journal cannot be written"


class Runs:
    """``touched`` is called with every change, and gives its number."""

    def __init__(
        self,
        surroundings: Surroundings,
        writing: Writing,
        clock: Clock,
        masked: Callable[[str], str],
        touched: Callable[[], int],
    ) -> None:
        self._surroundings, self._writing, self._clock = surroundings, writing, clock
        self._masked, self._touched = masked, touched
        self._runs: dict[str, Run] = {}
        self._once: dict[str, str] = {}
        """The runs by the name that their console gave the request."""

    @property
    def running(self) -> tuple[Run, ...]:
        return tuple(run for run in self._runs.values() if run.result is None)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all that are shown."""
        return tuple(self._runs)

    @property
    def undecided(self) -> bool:
        """Whether one waits for its verdict."""
        return any(_undecided(run) for run in self._runs.values())

    def shown(self, after: int) -> tuple[RunView, ...]:
        """Those that are shown and have changed since ``after``, the oldest first."""
        return tuple(run.view for run in self._runs.values() if run.seq > after)

    def by_once(self, once: str) -> Run | None:
        """The run that was asked for by that name."""
        return self._runs.get(self._once.get(once, "")) if once else None

    def going(self, name: str) -> Run:
        """The run of that name. Raises ``ActionError`` when it has ended."""
        run = self._runs.get(name)
        if run is None or run.result is not None:
            raise ActionError("that run is over, or never was")
        return run

    def of(self, actions: frozenset[str]) -> Run | None:
        """The run that goes on of one of these actions, be it a step of another."""
        return next((run for run in self.running if run.actions & actions), None)

    def rested(self, action: str) -> float | None:
        """For how many seconds it has not run, as far as is known here."""
        now = self._clock.monotonic()
        ends = [r.ended for r in self._runs.values() if r.held.plan.action == action and r.ended]
        return now - max(ends) if ends else None

    # one run --------------------------------------------------------------------------

    def begin(self, held: Held, actor: Actor, once: str) -> Run:
        """Let it begin. It has its place before anything is waited for, so that the same action
        runs once at a time; and it goes on by itself, so that nobody who leaves takes it along.
        ``Run.begun`` tells when it is durable that it begins, or why it does not."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        watcher = Watcher(expectations(held.settings), self._surroundings.source, monotonic)
        name = uuid4().hex[:8]
        began = (now, monotonic)
        run = Run(name, held, actor, began, self._clock, self._masked, self._changed, watcher)
        self._runs[name] = run
        if once:
            self._once[once] = name
        run.task = asyncio.create_task(self._live(run, once), name=f"action {held.plan.action}")
        self._changed(run)
        return run

    async def _live(self, run: Run, once: str) -> None:
        try:
            warning = await self._begin(run, once)
        except WarroomError as error:
            self._forget(run)
            run.begun.set_exception(error)
            return
        except BaseException as error:
            self._forget(run)
            words = f"not run: our own fault ({type(error).__name__}): warroom logs"
            run.begun.set_exception(ActionError(words))
            if not isinstance(error, Exception):
                raise
            log.exception("the action %s did not begin", run.held.plan.action)
            return
        run.begun.set_result(warning)
        await self._go(run)

    async def _begin(self, run: Run, once: str) -> str:
        """The world is looked at once more, and that it begins is made durable."""
        try:
            async with asyncio.timeout(LOOKED):
                for work in run.held.works:
                    await work.check()
        except TimeoutError as error:
            raise ActionError(
                f"not run: what it touches could not be looked at again within {LOOKED:g} s"
            ) from error
        if run.ended_by:
            raise ActionError(f"not run: {run.ended_by} ended it before it began")
        return await self._write_down(run, once)

    async def _write_down(self, run: Run, once: str) -> str:
        """That it begins, durable before anything is done. Where it cannot be made so, a severe
        action is not done; another one is, and a warning says so."""
        plan = run.held.plan
        body = records.started(run.name, run.held, self._writing.on, self._clock.now())
        try:
            entry = await self._writing.write(plan.incident, run.actor, body, once or run.name)
        except WaitsError as error:
            if plan.danger == "severe":
                self._writing.keep(plan.incident, WARROOM, records.not_run(run))
                raise ActionError(
                    f"not run: {WORDS}, and a severe action leaves a record first", str(error)
                ) from error
            return f"{WORDS}: that it runs is not on disk"
        if not isinstance(entry.body, ActionStarted) or entry.body.run != run.name:
            raise ActionError("not run: another entry has the name of that request already")
        return ""

    async def _go(self, run: Run) -> None:
        try:
            await run.go()
        except Exception as error:
            log.exception("the action %s failed by our own fault", run.held.plan.action)
            run.fails(f"our own fault ({type(error).__name__}): warroom logs")
        finished = records.finished(run, self._writing.on, self._clock.now())
        self._writing.keep(run.held.plan.incident, run.actor, finished)
        self._changed(run)

    # all of them ----------------------------------------------------------------------

    def saw(self, names: frozenset[str]) -> None:
        """These sources were read again."""
        now = self._clock.monotonic()
        for run in self._runs.values():
            if run.judgement is None and run.watcher.sources & names:
                run.watcher.saw(now)
                if run.watches:
                    self._changed(run)

    def look(self) -> None:
        """What time alone brings."""
        now = self._clock.monotonic()
        for run in self._runs.values():
            if _undecided(run) and (judgement := run.watcher.verdict(now)) is not None:
                run.judgement = judgement
                self._writing.keep(run.held.plan.incident, WARROOM, records.judged(run, judgement))
                self._changed(run)
        self._retire(now)

    def end(self) -> None:
        """End all of them."""
        for run in self.running:
            run.cancel("warroom, which ends")

    async def close(self) -> None:
        """Wait until what was ended has ended; what is known of its effect is written down."""
        going = [run.task for run in self.running if run.task is not None]
        if going:
            await asyncio.wait(going, timeout=2.0)

    def _changed(self, run: Run) -> None:
        run.seq = self._touched()

    def _forget(self, run: Run) -> None:
        del self._runs[run.name]
        self._once = {once: name for once, name in self._once.items() if name != run.name}
        self._touched()

    def _retire(self, now: float) -> None:
        over = [run for run in self._runs.values() if run.ended is not None and not _undecided(run)]
        excess = len(self._runs) - MOST
        for at, run in enumerate(over):
            if at < excess or now - (run.ended or now) > SHOWN:
                self._forget(run)


def _undecided(run: Run) -> bool:
    return run.watches and run.judgement is None
