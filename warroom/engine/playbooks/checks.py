"""The checks of one room: run on request, the same one once at a time, whoever leaves meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from warroom.checks.check import Check, Found
from warroom.clock import Clock
from warroom.config.checks_facts import check_views
from warroom.config.load import Config
from warroom.engine.board import Board
from warroom.engine.incidents import Incidents
from warroom.engine.keeper import WaitsError
from warroom.engine.playbooks.probing import Probe, probed
from warroom.errors import EngineError, IncidentError, WarroomError
from warroom.incident.actor import Actor
from warroom.incident.bounds import LONGEST_NAME
from warroom.incident.entries import Draft, Entry
from warroom.incident.following import Checked
from warroom.incident.following_words import summary
from warroom.incident.nearest import no_such
from warroom.playbooks.playbook import CheckView
from warroom.text import safe, short_duration
from warroom.wire import Answer, RunCheck

log = logging.getLogger("warroom.engine")

PATIENCE = 7.0
"""Seconds beyond its own deadline in which a check may say by itself what came of it: what a
program printed until then is counted, for up to five seconds."""
REMEMBERED = 100
"""Runs whose answer is kept for who sends the same request again."""
PROBING = 60.0
"""Seconds a source that is asked now may take; it has a deadline of its own."""


@dataclass(frozen=True)
class Run:
    """One run on its way."""

    key: str
    title: str
    request: RunCheck
    actor: Actor
    began: datetime
    deadline: float
    work: Callable[[], Awaitable[Found]]


class Checks:
    """``make`` makes what does the work, late and in a thread; ``probe`` asks a source now;
    ``ended`` is called whenever one has ended."""

    def __init__(
        self,
        board: Board,
        clock: Clock,
        incidents: Incidents,
        make: Callable[[Config], Awaitable[dict[str, Check]]],
        probe: Probe,
        masked: Callable[[str], str],
        ended: Callable[[], None],
    ) -> None:
        self._ended = ended
        self._board, self._clock, self._incidents = board, clock, incidents
        self._make, self._probe, self._masked = make, probe, masked
        self._config: Config | None = None
        self._made: tuple[Config, dict[str, Check]] | None = None
        self._making = asyncio.Lock()
        self.views: tuple[CheckView, ...] = ()
        self._running: dict[str, Run] = {}
        self._tasks: dict[str, asyncio.Task[Answer]] = {}
        """The runs by the name that their console gave the request, the oldest first."""

    @property
    def running(self) -> tuple[str, ...]:
        """The titles of what runs."""
        return tuple(run.title for run in self._running.values())

    def configure(self, config: Config) -> None:
        """Take a configuration. What runs goes on as it was begun."""
        self._config = config
        self.views = check_views(config.checks, self._masked)

    async def run(self, actor: Actor, request: RunCheck) -> Answer:
        """Run it, and tell what came of it once that is durable. Sent again it is the same run,
        and one that its console leaves goes on. Raises ``WarroomError``."""
        known = self._tasks.get(request.once) if request.once else None
        begun = known if known is not None else await self._begin(actor, request)
        if isinstance(begun, Answer):
            return begun
        return replace(await asyncio.shield(begun), ref=request.ref)

    async def _begin(self, actor: Actor, request: RunCheck) -> "asyncio.Task[Answer] | Answer":
        run = self._run_of(actor, request)
        if request.incident:
            # After another engine's life its entry says what came of it.
            if (known := self._incidents.known(request.once)) is not None:
                return self._told_again(request, known)
            self._incidents.must_be_open()
            await self._incidents.ahead(request.incident)
        # From here to the task nothing is waited for: the same one runs once at a time.
        if (other := self._running.get(run.key)) is not None:
            who = other.actor.shown
            raise EngineError(
                f"{other.title} is being run already, since {other.began:%H:%M:%S}Z, by {who}",
                "wait for what comes of it",
            )
        once = request.once or f"{run.key} {self._clock.monotonic()}"
        if (task := self._tasks.get(once)) is not None:
            return task
        self._running[run.key] = run
        task = self._tasks[once] = asyncio.create_task(self._live(run), name=run.key)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        for old in [name for name, one in self._tasks.items() if one.done()][:-REMEMBERED]:
            del self._tasks[old]
        return task

    def _run_of(self, actor: Actor, request: RunCheck) -> Run:
        """What is to be run. Raises ``EngineError``."""
        if bool(request.check) == bool(request.probe):
            raise EngineError("name the check to run, or the source to ask now")
        if max(len(request.playbook), len(request.step)) > LONGEST_NAME:
            raise EngineError(f"a playbook and its step have at most {LONGEST_NAME} characters")
        now = self._clock.now()
        if request.probe:
            name = request.probe
            if name not in self._board.names:
                raise no_such("source", name, self._board.names)
            work = partial(probed, self._board, self._probe, name)
            return Run(f"probe {name}", name, request, actor, now, PROBING, work)
        view = next((one for one in self.views if one.name == request.check), None)
        if view is None:
            raise no_such("check", request.check, [one.name for one in self.views])
        assert self._config is not None
        check = partial(self._check, self._config, view.name)
        return Run(view.name, view.title, request, actor, now, view.deadline, check)

    async def _check(self, config: Config, name: str) -> Found:
        async with self._making:
            if self._made is None or self._made[0] is not config:
                self._made = (config, await self._make(config))
            made = self._made[1]
        return await made[name].run()

    async def _live(self, run: Run) -> Answer:
        began = self._clock.monotonic()
        try:
            found, failed = await self._found(run)
            seconds = round(max(self._clock.monotonic() - began, 0.0), 2)
            return await self._told(run, found, seconds, failed)
        except asyncio.CancelledError:
            self._cut(run)
            raise
        finally:
            del self._running[run.key]
            self._ended()

    async def _found(self, run: Run) -> tuple[Found, bool]:
        """What came of it, and whether it could not be run at all."""
        try:
            async with asyncio.timeout(run.deadline + PATIENCE):
                return await run.work(), False
        except TimeoutError:
            within = short_duration(run.deadline)
            return Found(False, f"it did not end within {within}", late=True), False
        except WarroomError as error:
            said = safe(self._masked(str(error)), 300)
            lines = tuple(safe(self._masked(line), 300) for line in error.hint.splitlines())
            return Found(None, f"it could not be run: {said}", lines), True
        except Exception as error:
            log.exception("the check %s failed by our own fault", run.key)
            return Found(None, f"our own fault ({type(error).__name__}): warroom logs"), True

    async def _told(self, run: Run, found: Found, seconds: float, failed: bool) -> Answer:
        body = _body(run, found, seconds)
        words, text = summary(body), "\n".join(found.lines)
        answer = Answer(ref=0, ok=not (failed or found.late), message=words, text=text, ran=body)
        if not run.request.incident:
            return answer
        try:
            (entry,) = await self._incidents.keeper.write([self._draft(run, body)])
        except WaitsError as error:
            said = f"{words}\n{error.explain()}"
            return replace(answer, ok=False, message=said, waits=True)
        except WarroomError as error:
            return replace(answer, ok=False, message=f"{words}\n{error.explain()}")
        incident = self._incidents.book.incident(entry.incident)
        return replace(answer, entry=entry, incident=incident)

    def _cut(self, run: Run) -> None:
        """The engine ends in the middle of it."""
        if run.request.incident:
            body = _body(run, Found(None, "not done: the engine ended meanwhile"), 0.0)
            self._incidents.keeper.keep([self._draft(run, body)])

    def _draft(self, run: Run, body: Checked) -> Draft:
        return Draft(
            incident=run.request.incident,
            happened=self._clock.now(),
            actor=run.actor,
            body=body,
            once=run.request.once,
        )

    def _told_again(self, request: RunCheck, entry: Entry) -> Answer:
        body = entry.body
        if not isinstance(body, Checked):
            raise IncidentError("another entry has the name of that request already")
        answer = self._incidents.answer(request.ref, entry, summary(body))
        return replace(answer, text="\n".join(body.output), ran=body)

    # all of them ----------------------------------------------------------------------

    def end(self) -> None:
        """End all that run."""
        for task in self._tasks.values():
            task.cancel()

    async def close(self) -> None:
        """Wait until what was ended has ended."""
        going = [task for task in self._tasks.values() if not task.done()]
        if going:
            await asyncio.wait(going, timeout=2.0)


def _body(run: Run, found: Found, seconds: float) -> Checked:
    return Checked(
        check=run.key,
        title=run.title,
        ok=found.ok,
        text=found.text,
        output=found.lines,
        seconds=seconds,
        playbook=run.request.playbook,
        step=run.request.step,
    )
