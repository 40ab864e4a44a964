"""The actions of one room: planned, confirmed, run, judged, and what is still on of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from warroom.actions.hand import Hand, Live
from warroom.actions.values import checked
from warroom.clock import Clock
from warroom.config.actions_facts import action_views, put, undo_values
from warroom.config.load import Config
from warroom.config.masker import MASK
from warroom.config.secrets import Secret
from warroom.engine.actions import records
from warroom.engine.actions.allowed import ARMED, armed, has_role, is_locked, may_act, refused
from warroom.engine.actions.planning import Held, Plans, digits, made, steps_of, worked_out
from warroom.engine.actions.reminding import Reminding
from warroom.engine.actions.running import Run
from warroom.engine.actions.runs import Runs
from warroom.engine.actions.surroundings import Surroundings
from warroom.engine.actions.writing import Writing
from warroom.engine.attached import Attached
from warroom.engine.board import Board
from warroom.engine.incidents import Incidents
from warroom.errors import ActionError
from warroom.incident.acting.bodies import ActionStarted, StillOn
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.plan import LIFE, Plan
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.incident.actor import WARROOM, Actor
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.text import safe, short_duration
from warroom.wire import Acting, Answer, CancelRun, KeepOn, PlanAction, RunAction, TickStep


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
        mask: Callable[[Secret], None] = lambda secret: None,
    ) -> None:
        self._clock, self._incidents = clock, incidents
        self._make_hands, self._changed, self._mask = hands, changed, mask
        self._hands: dict[str, Hand] | None = None
        self._views: dict[str, ActionView] = {}
        self._plans = Plans(clock)
        self._around = Surroundings(board, incidents)
        self._writing = Writing(incidents.keeper, clock)
        self._runs = Runs(self._around, self._writing, clock, masked, self._touch)
        self._reminding = Reminding(self._writing, self._around, self._touch)
        self._configured = 0
        self._ending = False
        self.seq = 0
        """Rises with every change of a run, or of what is on."""

    # what there is --------------------------------------------------------------------

    @property
    def views(self) -> tuple[ActionView, ...]:
        return tuple(self._views.values())

    @property
    def on(self) -> tuple[On, ...]:
        return self._writing.on

    @property
    def running(self) -> tuple[Run, ...]:
        return self._runs.running

    @property
    def busy(self) -> bool:
        """Whether something runs, is still on, or waits for its verdict: the engine is needed."""
        return bool(self.running or self.on or self._runs.undecided)

    def runs(self, after: int = 0) -> tuple[RunView, ...]:
        """Those that are shown and have changed since ``after``, the oldest first."""
        return self._runs.shown(after)

    def told(self, attached: Attached, since: int | None) -> Acting:
        """What that console is to know since then; all of it where ``since`` is None."""
        room, now = self._around.room, self._clock.monotonic()
        left = armed(attached, now)
        return Acting(
            runs=self.runs(since or 0),
            shown=self._runs.names,
            on=self.on,
            actions=self.views if since is None or since < self._configured else None,
            whole=since is None,
            locked=is_locked(attached, room),
            armed=round(left, 1) if left else None,
            refused=refused(attached, room),
        )

    def live(self, name: str) -> tuple[Live, ...] | None:
        """What that source shows now."""
        return self._around.live(name)

    def age(self, name: str) -> float | None:
        """How many seconds ago it was seen."""
        return self._around.age(name)

    def configure(self, config: Config) -> None:
        """Take a configuration. What runs goes on as it was confirmed; what was only shown is to
        be looked at again."""
        kinds = {name: settings.kind for name, settings in config.sources.items()}
        views = action_views(config.actions, kinds)
        self._around.configure(config)
        self._hands = None
        self._plans.clear()
        self._views = {view.name: view for view in views}
        self._configured = self._touch()

    # what is heard --------------------------------------------------------------------

    def heard(self, entries: tuple[Entry, ...]) -> None:
        """What became durable."""
        if self._writing.log.take(entries):
            self._touch()

    def begins(self) -> None:
        """The journal was read: what an engine before this one began and did not end, nobody knows
        of."""
        for entry in self._writing.log.begun:
            assert isinstance(entry.body, ActionStarted)
            self._writing.keep(entry.incident, WARROOM, records.killed(entry, entry.body))

    def saw(self, names: frozenset[str]) -> None:
        """These sources were read again."""
        self._runs.saw(names)

    def look(self) -> None:
        """What time alone brings; to be called about twice a second."""
        self._runs.look()
        self._reminding.look(self._clock.now(), self._views)

    def gone(self, attached: Attached) -> None:
        """A console left: what it was shown cannot be confirmed any more."""
        self._plans.forget(attached)

    def end(self) -> None:
        """End what runs, and let nothing begin any more."""
        self._ending = True
        self._runs.end()

    async def close(self) -> None:
        """End what runs; what is known of its effect is written down."""
        self.end()
        await self._runs.close()

    # what is asked --------------------------------------------------------------------

    def arm(self, attached: Attached, *, on: bool) -> str:
        """Let that console act for a while, or not any more. Raises ``ActionError`` where it may
        never."""
        room = self._around.room
        if words := refused(attached, room):
            raise ActionError(words)
        if not is_locked(attached, room):
            raise ActionError("this console is not locked: the room's consoles start armed")
        attached.armed_until = self._clock.monotonic() + ARMED if on else float("-inf")
        attached.actions()
        return f"armed for {short_duration(ARMED)}" if on else "locked"

    def may_act(self, attached: Attached) -> None:
        """Raises ``ActionError`` unless that console may act now."""
        may_act(attached, self._around.room, self._clock.monotonic())

    async def plan(self, attached: Attached, request: PlanAction) -> Answer:
        """What an action would do now. Nothing of it is run."""
        view, incident = self._view(request.action), await self._around.incident(request.incident)
        if request.held:
            self.may_act(attached)
        values = checked(view.parameters, request.values, self.live)
        secrets = [one.name for one in view.parameters if one.secret]
        for name in secrets:
            self._mask(Secret(values[name]))
        config = self._around.config
        hands = await self._ready(config)
        settings = config.actions[view.name]
        works = await worked_out(view.name, settings, hands, values, config.actions)
        self._around.unchanged(config)
        proof = self._around.proof()
        plan = Plan(
            action=view.name,
            title=view.title,
            danger=view.danger,
            environment=config.room.environment,
            proof=proof.words,
            values=values | dict.fromkeys(secrets, MASK),
            incident=request.incident,
            notes=self._notes(attached, view, values),
            blocked=proof.blocked or self._not_now(view, attached.actor, incident),
            made=self._clock.now(),
        )
        until, was = self._clock.monotonic() + LIFE, self._around.figure(settings.was)
        back = undo_values(settings, values, digits(was))
        plan = made(view, plan, works, (self._views.get(view.undo), back))
        if request.held:
            self._plans.hold(Held(plan, works, settings, view, attached, until, was))
        return Answer(ref=request.ref, ok=True, plan=plan)

    async def run(self, attached: Attached, request: RunAction) -> Answer:
        """Run what was shown and confirmed. Answered once it is durable that it begins."""
        known = self._runs.by_once(request.once) or self._retold(request)
        if isinstance(known, Answer):
            return known
        run = known or await self._confirmed(attached, request)
        # It is not this request's: whoever hangs up now does not take it along.
        warning = await asyncio.shield(run.begun)
        return Answer(ref=request.ref, ok=True, run=run.view, message=warning)

    async def _confirmed(self, attached: Attached, request: RunAction) -> Run:
        """The run, which has its place. Raises ``ActionError`` unless all is as it must be."""
        self.may_act(attached)
        if self._ending:
            raise ActionError("not run: the engine ends", "ask again, when a new one runs")
        held = self._plans.take(attached, request.digest)
        plan, config = held.plan, self._around.config
        if plan.blocked:
            raise ActionError(plan.blocked)
        if request.phrase.strip() != plan.phrase:
            raise ActionError(f"not run: {plan.phrase or 'y'} was to be typed")
        incident = await self._around.incident(plan.incident)
        self._around.unchanged(config)
        self.may_act(attached)
        if known := self._runs.by_once(request.once):
            return known
        if words := self._around.proof().blocked:
            raise ActionError(words)
        if words := self._not_now(held.view, attached.actor, incident):
            raise ActionError(words)
        return self._runs.begin(held, attached.actor, request.once)

    def _retold(self, request: RunAction) -> Answer | None:
        """What the journal tells of a run that was asked for by that name already, in an engine's
        life before this one, or long ago."""
        entry = self._writing.log.asked(request.once)
        if entry is None or not isinstance(entry.body, ActionStarted):
            return None
        end = self._writing.log.end(entry.body.run)
        run = records.retold(entry, entry.body, end)
        return Answer(ref=request.ref, ok=True, run=run, message="it was begun already")

    def cancel(self, actor: Actor, request: CancelRun) -> Answer:
        """End a run."""
        run = self._runs.going(request.run)
        run.cancel(actor.person)
        return Answer(ref=request.ref, ok=True, message=f"{run.held.plan.title} is being ended")

    def tick(self, actor: Actor, request: TickStep) -> Answer:
        """A step by hand was done, or could not be."""
        if not self._runs.going(request.run).tick(request.done, actor.person):
            raise ActionError("that run waits for nobody")
        return Answer(ref=request.ref, ok=True)

    async def keep_on(self, actor: Actor, request: KeepOn) -> Answer:
        """What is on is kept on purpose, or is off already."""
        known = self._incidents.known(request.once)
        if known is not None:
            return Answer(ref=request.ref, ok=True, entry=known)
        on = self._writing.on_named(request.name)
        if on is None:
            raise ActionError(f"{safe(request.name, 60)} is not on")
        if not request.reason.strip():
            raise ActionError("a reason is needed: it is recorded")
        text = safe(request.reason.strip(), 400)
        body = StillOn(name=on.name, state="off" if request.off else "kept", text=text)
        incident = on.incident if on.incident in {one.id for one in self._around.open} else ""
        entry = await self._writing.write(incident, actor, body, request.once)
        return Answer(ref=request.ref, ok=True, entry=entry)

    # how ------------------------------------------------------------------------------

    def _not_now(self, view: ActionView, actor: Actor, incident: Incident | None) -> str:
        """Why it cannot be run now, whoever wants to; empty when it can."""
        run = self._runs.of(frozenset((view.name, *steps_of(self._around.config, view.name))))
        if run is not None:
            plan, since = run.held.plan, short_duration(run.seconds)
            what = "it" if plan.action == view.name else plan.title
            return f"{run.actor.person} runs {what} since {since}"
        if left := self._rests(view):
            return f"it was run a moment ago, and rests for another {short_duration(left)}"
        try:
            has_role(view, actor, incident)
        except ActionError as error:
            return error.explain().replace("\n", ": ")
        return ""

    def _rests(self, view: ActionView) -> float:
        """For how many seconds more; 0 when it does not. What just ended here may not be durable
        yet; what ended in an engine before this one only the journal knows."""
        ago = [self._runs.rested(view.name)]
        if (ended := self._writing.log.ended(view.name)) is not None:
            ago.append((self._clock.now() - ended).total_seconds())
        left = [view.cooldown - one for one in ago if one is not None]
        return max((one for one in left if 0 < one <= view.cooldown), default=0.0)

    def _notes(
        self, attached: Attached, view: ActionView, values: Mapping[str, str]
    ) -> tuple[str, ...]:
        notes = []
        if self._plans.others(attached, view.name):
            notes.append("somebody else has this action before them as well")
        if view.turns_on and (on := self._writing.on_named(put(view.turns_on, values))) is not None:
            notes.append(f"{on.name} is on already, since {on.since:%H:%M}Z by {on.by}")
        return tuple(notes)

    def _view(self, name: str) -> ActionView:
        view = self._views.get(name)
        if view is None:
            raise ActionError(f"there is no action {safe(name, 60)}", "warroom actions lists them")
        return view

    async def _ready(self, config: Config) -> dict[str, Hand]:
        if self._hands is None:
            made_now = await self._make_hands(config, self._views)
            self._around.unchanged(config)
            self._hands = made_now
        return self._hands

    def _touch(self) -> int:
        self.seq += 1
        self._changed()
        return self.seq
