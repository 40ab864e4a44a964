"""The entries that a run leaves. Pure."""

from datetime import datetime, timedelta

from warroom.engine.actions.planning import Held
from warroom.engine.actions.running import Run
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, Switched
from warroom.incident.acting.still_on import On
from warroom.incident.entries import Entry
from warroom.measure.verdict import Judgement

OUTPUT = 8
"""The newest lines of the output that an entry carries."""
KILLED = "the engine was killed while it ran: whether it was done, nobody knows"


def started(run: str, held: Held) -> ActionStarted:
    plan = held.plan
    return ActionStarted(
        run=run,
        action=plan.action,
        title=plan.title,
        danger=plan.danger,
        digest=plan.digest,
        lines=plan.lines,
        targets=tuple(f"{one.identity}: {one.words}".rstrip(": ") for one in plan.targets),
        reach=plan.reach,
        values=plan.values,
        environment=plan.environment,
        proof=plan.proof,
        rights="; ".join(dict.fromkeys(step.rights for step in plan.steps if step.rights)),
    )


def finished(run: Run, on: tuple[On, ...], now: datetime) -> ActionFinished:
    """How it ended, and what is on or off since. What may be on counts as on; what may be off
    does not count as off."""
    held, result = run.held, run.result
    assert result is not None
    off = _off(held, on) if result.outcome == "succeeded" else ()
    perhaps = result.outcome in ("unknown", "timed out")
    turned = held.plan.turns_on and (result.outcome == "succeeded" or perhaps)
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
        on=_switched(held, perhaps, now) if turned and held.plan.turns_on not in off else None,
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


def _switched(held: Held, perhaps: bool, now: datetime) -> Switched:
    settings = held.settings
    detail = held.detail
    if perhaps:
        detail = f"{detail} perhaps".strip()
    return Switched(
        name=held.plan.turns_on,
        undo=held.view.undo,
        values=held.undo_values,
        detail=detail,
        until=None if settings.ttl is None else now + timedelta(seconds=settings.ttl),
        proposes=settings.at_end == "propose",
    )


def killed(entry: Entry, body: ActionStarted) -> ActionFinished:
    """What is written of a run that an engine before this one began and did not end."""
    return ActionFinished(
        run=body.run,
        action=body.action,
        title=body.title,
        outcome="unknown",
        text=KILLED,
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
