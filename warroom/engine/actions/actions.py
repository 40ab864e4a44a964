"""The actions of one room: planned, confirmed, run, judged, and what is still on of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import uuid4

from warroom.actions.hand import Hand, Live
from warroom.actions.values import checked
from warroom.clock import Clock
from warroom.config.actions_facts import action_views, expectations, put
from warroom.config.load import Config
from warroom.config.settings import RoomSettings
from warroom.engine.actions import records
from warroom.engine.actions.allowed import ARMED, armed, has_role, is_locked, may_act, refused
from warroom.engine.actions.identity import Proven, proven
from warroom.engine.actions.judging import Watcher
from warroom.engine.actions.live import live
from warroom.engine.actions.log import ActionLog
from warroom.engine.actions.planning import Held, Plans, made, worked_out
from warroom.engine.actions.running import Run
from warroom.engine.attached import Attached
from warroom.engine.board import Board
from warroom.engine.incidents import Incidents
from warroom.engine.keeper import WaitsError
from warroom.errors import ActionError
from warroom.incident.acting.bodies import ActionStarted, StillOn
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.plan import LIFE, Plan
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.incident.actor import WARROOM, Actor
from warroom.incident.entries import Body, Draft, Entry, Nag
from warroom.incident.incident import Incident
from warroom.severity import UNSEEN
from warroom.text import safe, short_duration
from warroom.wire import (
    Acting,
    Answer,
    CancelRun,
    KeepOn,
    PlanAction,
    RunAction,
    SourceView,
    TickStep,
)

log = logging.getLogger("warroom.engine")

SHOWN = 600.0
"""Seconds for which a run that has ended is still shown."""
MOST = 30
"""Runs that are shown at once; the oldest of those that have ended go first."""
WORDS = "the journal cannot be written"


class Actions:
    """``hands`` makes what does the work, late and in a thread; ``changed`` is called when there
    is something to tell the consoles."""

    def __init__(
        self,
        board: Board,
        clock: Clock,
        incidents: Incidents,
        hands: Callable[[Config, Mapping[str, ActionView]], Awaitable[dict[str, Hand]]],
        masked: Callable[[str], str],
        changed: Callable[[], None],
    ) -> None:
        self._board, self._clock, self._incidents = board, clock, incidents
        self._make_hands, self._masked, self._changed = hands, masked, changed
        self._config: Config | None = None
        self._hands: dict[str, Hand] | None = None
        self._views: dict[str, ActionView] = {}
        self._plans = Plans(clock)
        self._runs: dict[str, Run] = {}
        self._once: dict[str, str] = {}
        """The runs by the name that their console gave the request."""
        self._log = ActionLog()
        self._reminded: set[tuple[str, datetime]] = set()
        self._configured = 0
        self.seq = 0
        """Rises with every change of a run, or of what is on."""

    # what there is --------------------------------------------------------------------

    @property
    def views(self) -> tuple[ActionView, ...]:
        return tuple(self._views.values())

    @property
    def on(self) -> tuple[On, ...]:
        return self._log.on

    @property
    def running(self) -> tuple[Run, ...]:
        return tuple(run for run in self._runs.values() if run.result is None)

    @property
    def busy(self) -> bool:
        """Whether something runs, is still on, or waits for its verdict: the engine is needed."""
        return bool(self.running or self.on or any(self._undecided(r) for r in self._runs.values()))

    def runs(self, after: int = 0) -> tuple[RunView, ...]:
        """Those that are shown and have changed since ``after``, the oldest first."""
        return tuple(run.view for run in self._runs.values() if run.seq > after)

    def told(self, attached: Attached, since: int | None) -> Acting:
        """What that console is to know since then; all of it where ``since`` is None."""
        room, now = self._known.room, self._clock.monotonic()
        left = armed(attached, now)
        return Acting(
            runs=self.runs(since or 0),
            on=self.on,
            actions=self.views if since is None or since < self._configured else None,
            whole=since is None,
            locked=is_locked(attached, room),
            armed=round(left, 1) if left else None,
            refused=refused(attached, room),
        )

    def arm(self, attached: Attached, *, on: bool) -> str:
        """Let that console act for a while, or not any more. Raises ``ActionError`` where it may
        never."""
        room = self._known.room
        if words := refused(attached, room):
            raise ActionError(words)
        if not is_locked(attached, room):
            raise ActionError("this console is not locked: the room's consoles start armed")
        attached.armed_until = self._clock.monotonic() + ARMED if on else float("-inf")
        attached.actions()
        return f"armed for {short_duration(ARMED)}" if on else "locked"

    def configure(self, config: Config) -> None:
        """Take a configuration. What runs goes on as it was confirmed."""
        kinds = {name: settings.kind for name, settings in config.sources.items()}
        views = action_views(config.actions, kinds)
        self._config, self._hands = config, None
        self._views = {view.name: view for view in views}
        self._touch()
        self._configured = self.seq

    # what is heard --------------------------------------------------------------------

    def heard(self, entries: tuple[Entry, ...]) -> None:
        """What became durable."""
        if self._log.take(entries):
            self._touch()

    def begins(self) -> None:
        """The journal was read: what an engine before this one began and did not end, nobody knows
        of."""
        for entry in self._log.begun:
            body = entry.body
            if isinstance(body, ActionStarted) and body.run not in self._runs:
                self._keep(entry.incident, WARROOM, records.killed(entry, body))

    def saw(self, names: frozenset[str]) -> None:
        """These sources were read again."""
        now = self._clock.monotonic()
        for run in self._runs.values():
            if run.judgement is None and run.watcher.sources & names:
                run.watcher.saw(now)
                if run.watches:
                    self._run_changed(run)

    def look(self) -> None:
        """What time alone brings; to be called about twice a second."""
        now = self._clock.monotonic()
        for run in self._runs.values():
            if self._undecided(run) and (judgement := run.watcher.verdict(now)) is not None:
                run.judgement = judgement
                self._keep(run.held.plan.incident, WARROOM, records.judged(run, judgement))
                self._run_changed(run)
        self._retire(now)
        self._remind()

    def gone(self, attached: Attached) -> None:
        """A console left: what it was shown cannot be confirmed any more."""
        self._plans.forget(attached)

    async def close(self) -> None:
        """End what runs; what is known of its effect is written down."""
        going = [run.task for run in self.running if run.task is not None]
        for run in self.running:
            run.cancel("warroom, which ends")
        if going:
            await asyncio.wait(going, timeout=2.0)

    # what is asked --------------------------------------------------------------------

    async def plan(self, attached: Attached, request: PlanAction) -> Answer:
        """What an action would do now. Nothing of it is run."""
        view, incident = self._view(request.action), await self._incident(request.incident)
        if request.held:
            may_act(attached, self._room, self._clock.monotonic())
        values = checked(view.parameters, request.values, self.live)
        config = self._known
        hands = await self._ready(config)
        settings = config.actions[view.name]
        works = await worked_out(view.name, settings, hands, values, config.actions)
        if config is not self._config:
            raise ActionError("the configuration was reloaded meanwhile", "look again")
        proof = self._proof()
        plan = Plan(
            action=view.name,
            title=view.title,
            danger=view.danger,
            environment=self._room.environment,
            proof=proof.words,
            values=values,
            incident=request.incident,
            notes=self._notes(attached, view, values),
            blocked=proof.blocked or self._not_now(view, attached.actor, incident),
            made=self._clock.now(),
        )
        plan = made(view, plan, works, self._views.get(view.undo))
        now = self._clock.monotonic()
        was = self._figure(settings.was)
        held = Held(plan, works, settings, view, attached, now + LIFE, was)
        if request.held:
            self._plans.hold(held)
        return Answer(ref=request.ref, ok=True, plan=plan)

    async def run(self, attached: Attached, request: RunAction) -> Answer:
        """Run what was shown and confirmed. Answered once it is durable that it begins."""
        if (known := self._runs.get(self._once.get(request.once, ""))) is not None:
            return Answer(ref=request.ref, ok=True, run=known.view)
        may_act(attached, self._room, self._clock.monotonic())
        held = self._plans.take(attached, request.digest)
        plan = held.plan
        if plan.blocked:
            raise ActionError(plan.blocked)
        if request.phrase.strip() != plan.phrase:
            raise ActionError(f"not run: {plan.phrase or 'y'} was to be typed")
        incident = await self._incident(plan.incident)
        if proof := self._proof().blocked:
            raise ActionError(proof)
        if words := self._not_now(held.view, attached.actor, incident):
            raise ActionError(words)
        run = self._reserve(held, attached.actor, request.once)
        try:
            for work in held.works:
                await work.check()
            warning = await self._write_down(run)
        except BaseException:
            del self._runs[run.name], self._once[request.once]
            self._touch()
            raise
        run.task = asyncio.create_task(self._go(run), name=f"action {plan.action}")
        return Answer(ref=request.ref, ok=True, run=run.view, message=warning)

    def may_act(self, attached: Attached) -> None:
        """Raises ``ActionError`` unless that console may act now."""
        may_act(attached, self._room, self._clock.monotonic())

    def cancel(self, actor: Actor, request: CancelRun) -> Answer:
        """End a run."""
        run = self._running(request.run)
        run.cancel(actor.person)
        return Answer(ref=request.ref, ok=True, message=f"{run.held.plan.title} is being ended")

    def tick(self, actor: Actor, request: TickStep) -> Answer:
        """A step by hand was done, or could not be."""
        if not self._running(request.run).tick(request.done):
            raise ActionError("that run waits for nobody")
        return Answer(ref=request.ref, ok=True)

    async def keep_on(self, actor: Actor, request: KeepOn) -> Answer:
        """What is on is kept on purpose, or is off already."""
        on = self._log.named(request.name)
        if on is None:
            raise ActionError(f"{safe(request.name, 60)} is not on")
        if not request.reason.strip():
            raise ActionError("a reason is needed: it is recorded")
        state = "off" if request.off else "kept"
        body = StillOn(name=on.name, state=state, text=safe(request.reason.strip(), 400))  # type: ignore[arg-type]
        incident = on.incident if on.incident in self._open else ""
        entries = await self._incidents.keeper.write(
            [self._draft(incident, actor, body, request.once)]
        )
        return Answer(ref=request.ref, ok=True, entry=entries[0])

    # a run ----------------------------------------------------------------------------

    def _reserve(self, held: Held, actor: Actor, once: str) -> Run:
        """Its place, before anything is waited for: the same action runs once at a time."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        watcher = Watcher(expectations(held.settings), self._source, monotonic)
        name = uuid4().hex[:8]
        run = Run(
            name,
            held,
            actor,
            (now, monotonic),
            self._clock,
            self._masked,
            self._run_changed,
            watcher,
        )
        self._runs[name], self._once[once] = run, name
        self._run_changed(run)
        return run

    async def _write_down(self, run: Run) -> str:
        """That it begins, durable before anything is done. Where it cannot be made so, a severe
        action is not done; another one is, and a warning says so."""
        plan = run.held.plan
        body = records.started(run.name, run.held)
        try:
            await self._incidents.keeper.write(
                [self._draft(plan.incident, run.actor, body, run.name)]
            )
        except WaitsError as error:
            if plan.danger == "severe":
                nothing = records.not_run(run)
                self._keep(plan.incident, WARROOM, nothing)
                raise ActionError(
                    f"not run: {WORDS}, and a severe action leaves a record first", str(error)
                ) from error
            return f"{WORDS}: that it runs is not on disk"
        return ""

    async def _go(self, run: Run) -> None:
        try:
            await run.go()
        except Exception as error:
            log.exception("the action %s failed by our own fault", run.held.plan.action)
            run.fails(f"our own fault ({type(error).__name__}): warroom logs")
        finished = records.finished(run, self.on, self._clock.now())
        self._keep(run.held.plan.incident, run.actor, finished)
        self._run_changed(run)

    def _undecided(self, run: Run) -> bool:
        return run.watches and run.judgement is None

    def _run_changed(self, run: Run) -> None:
        self._touch()
        run.seq = self.seq

    def _touch(self) -> None:
        self.seq += 1
        self._changed()

    def _retire(self, now: float) -> None:
        over = [
            run for run in self._runs.values() if run.ended is not None and not self._undecided(run)
        ]
        excess = len(self._runs) - MOST
        for at, run in enumerate(over):
            if at < excess or now - (run.ended or now) > SHOWN:
                del self._runs[run.name]
                self._once = {once: name for once, name in self._once.items() if name != run.name}

    # what is still on -----------------------------------------------------------------

    def _remind(self) -> None:
        """Once for each thing that is on beyond its time, in every incident that is open."""
        now = self._clock.now()
        for on in self.on:
            key = (on.name, on.until or now)
            if not on.overdue(now) or key in self._reminded:
                continue
            self._reminded.add(key)
            self._touch()
            name = f"still-on:{on.name}:{on.since.isoformat()}"
            nag = Nag(key=name, text=_overdue_words(on, self._views.get(on.undo)))
            for incident in self._incidents.book.open:
                if name not in incident.reminders:
                    self._keep(incident.id, WARROOM, nag)

    # what is known --------------------------------------------------------------------

    def _not_now(self, view: ActionView, actor: Actor, incident: Incident | None) -> str:
        """Why it cannot be run now, whoever wants to; empty when it can."""
        run = next((one for one in self.running if one.held.plan.action == view.name), None)
        if run is not None:
            since = short_duration(run.seconds)
            return f"{run.actor.person} runs it since {since}: X shows it"
        ended = self._log.ended(view.name)
        if ended is not None and view.cooldown:
            left = view.cooldown - (self._clock.now() - ended).total_seconds()
            if 0 < left <= view.cooldown:
                return f"it was run a moment ago, and rests for another {short_duration(left)}"
        try:
            has_role(view, actor, incident)
        except ActionError as error:
            return error.explain().replace("\n", ": ")
        return ""

    def _notes(
        self, attached: Attached, view: ActionView, values: Mapping[str, str]
    ) -> tuple[str, ...]:
        notes = []
        if self._plans.others(attached, view.name):
            notes.append("somebody else has this action before them as well")
        if view.turns_on and (on := self._log.named(put(view.turns_on, values))) is not None:
            notes.append(f"{on.name} is on already, since {on.since:%H:%M}Z by {on.by}")
        return tuple(notes)

    def _proof(self) -> Proven:
        return proven(self._board.room(), self._board.views(), self._room.expect_identity)

    def _figure(self, signal: str) -> float | None:
        view = self._source(signal.partition(".")[0]) if signal else None
        found = view.signal(signal.partition(".")[2]) if view is not None else None
        if view is None or view.state == UNSEEN or found is None:
            return None
        return found.value

    def _source(self, name: str) -> SourceView | None:
        return next(iter(self._board.views(frozenset((name,)))), None)

    def live(self, name: str) -> tuple[Live, ...] | None:
        """What that source shows now."""
        return live(self._source(name))

    def _view(self, name: str) -> ActionView:
        view = self._views.get(name)
        if view is None:
            raise ActionError(f"there is no action {safe(name, 60)}", "warroom actions lists them")
        return view

    def _running(self, name: str) -> Run:
        run = self._runs.get(name)
        if run is None or run.result is not None:
            raise ActionError("that run is over, or never was")
        return run

    async def _incident(self, name: str) -> Incident | None:
        self._incidents.must_be_open()
        if not name:
            return None
        incident = await self._incidents.ahead(name)
        if incident.resolved is not None:
            raise ActionError(f"{incident.id} is resolved", "reopen it, or act without an incident")
        return incident

    @property
    def _open(self) -> frozenset[str]:
        return frozenset(one.id for one in self._incidents.book.open)

    @property
    def _known(self) -> Config:
        if self._config is None:
            raise ActionError("no configuration has been read yet")
        return self._config

    @property
    def _room(self) -> RoomSettings:
        return self._known.room

    async def _ready(self, config: Config) -> dict[str, Hand]:
        if self._hands is None:
            made_now = await self._make_hands(config, self._views)
            if config is not self._config:
                raise ActionError("the configuration was reloaded meanwhile", "look again")
            self._hands = made_now
        return self._hands

    def age(self, name: str) -> float | None:
        """How many seconds ago it was seen."""
        view = self._source(name)
        return view.age if view is not None else None

    def _keep(self, incident: str, actor: Actor, body: Body) -> None:
        self._incidents.keeper.keep([self._draft(incident, actor, body)])

    def _draft(self, incident: str, actor: Actor, body: Body, once: str = "") -> Draft:
        return Draft(
            incident=incident, happened=self._clock.now(), actor=actor, body=body, once=once
        )


def _overdue_words(on: On, undo: ActionView | None) -> str:
    detail = f" ({on.detail})" if on.detail else ""
    way = f": {undo.title}" if undo is not None else ""
    return f"{on.name}{detail} is still on, longer than was meant{way}"
