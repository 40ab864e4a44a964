"""The entries that a run leaves. Pure."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from warroom.engine.actions.planning import Held
from warroom.engine.actions.running import Run
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, Switched
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.incident.entries import Entry
from warroom.measure.verdict import Judgement

OUTPUT = 8
"""The newest lines of the output that an entry carries."""
KILLED = "the engine was killed while it ran: whether it was done, or goes on, nobody knows"


def started(run: str, held: Held, on: tuple[On, ...], now: datetime) -> ActionStarted:
    """That it begins; with what it switches on, for an engine that finds it begun and not ended."""
    plan = held.plan
    turns = plan.turns_on and plan.turns_on not in _off(held, on)
    return ActionStarted(
        run=run,
        action=plan.action,
        title=plan.title,
        danger=plan.danger,
        digest=plan.digest,
        steps=plan.steps,
        values=plan.values,
        environment=plan.environment,
        proof=plan.proof,
        on=_switched(held, now) if turns else None,
    )


def finished(run: Run, on: tuple[On, ...], now: datetime) -> ActionFinished:
    """How it ended, and what is on or off since. What may be on counts as on; what may be off
    does not count as off."""
    held, result = run.held, run.result
    assert result is not None
    off = _off(held, on) if result.outcome == "succeeded" else ()
    turned = result.outcome == "succeeded" or run.perhaps
    switched = None
    if turned and held.plan.turns_on and held.plan.turns_on not in off:
        switched = _switched(held, now)
        switched = _perhaps(switched) if run.perhaps else switched
    return ActionFinished(
        run=run.name,
        action=held.plan.action,
        title=held.plan.title,
        outcome=result.outcome,
        text=result.text,
        seconds=round(run.seconds, 2),
        touched=result.touched,
        refused=result.refused[:20],
        output=run.output.last[-OUTPUT:],
        on=switched,
        off=off,
    )


def _off(held: Held, on: tuple[On, ...]) -> tuple[str, ...]:
    """What it switches off: what it is the way back of, with these values."""
    plan = held.plan
    return tuple(
        one.name
        for one in on
        if one.undo == plan.action
        and all(plan.values.get(name) == value for name, value in one.values.items())
    )


def _switched(held: Held, now: datetime) -> Switched:
    ttl = held.settings.ttl
    return Switched(
        name=held.plan.turns_on,
        undo=held.view.undo,
        values=held.undo_values,
        detail=held.detail,
        until=None if ttl is None else now + timedelta(seconds=ttl),
        proposes=held.settings.at_end == "propose",
    )


def _perhaps(switched: Switched) -> Switched:
    return replace(switched, detail=f"{switched.detail} perhaps".strip())


def killed(entry: Entry, body: ActionStarted) -> ActionFinished:
    """What is written of a run that an engine before this one began and did not end. What it
    switches on may be on."""
    on = body.on
    return ActionFinished(
        run=body.run,
        action=body.action,
        title=body.title,
        outcome="unknown",
        text=KILLED,
        on=None if on is None else replace(_perhaps(on), by=entry.actor.person),
    )


def retold(entry: Entry, body: ActionStarted, end: ActionFinished | None) -> RunView:
    """A run as the journal alone knows it: its console asks for it once more."""
    return RunView(
        run=body.run,
        action=body.action,
        title=body.title,
        danger=body.danger,
        by=entry.actor.person,
        began=entry.happened,
        incident=entry.incident,
        digest=body.digest,
        reach=body.reach,
        state="ended",
        outcome="unknown" if end is None else end.outcome,
        text=KILLED if end is None else end.text,
        seconds=0.0 if end is None else end.seconds,
        refused=() if end is None else end.refused,
        tail=() if end is None else end.output,
    )


def not_run(run: Run) -> ActionFinished:
    """What is written of one that was to begin, and was not let."""
    plan = run.held.plan
    text = "nothing was run: the journal could not be written"
    return ActionFinished(
        run=run.name, action=plan.action, title=plan.title, outcome="failed", text=text
    )


def judged(run: Run, judgement: Judgement) -> ActionVerdict:
    return ActionVerdict(
        run=run.name,
        action=run.held.plan.action,
        title=run.held.plan.title,
        verdict=judgement.word,
        text=judgement.words,
    )
