"""Actions, plans and runs as lines. Pure."""

from collections.abc import Iterator

from warroom.incident.acting.kinds import ActionView, Parameter
from warroom.incident.acting.plan import Plan
from warroom.incident.acting.runs import RunView
from warroom.incident.acting.still_on import On
from warroom.text import safe, short_duration, whole_line


def action_lines(action: ActionView) -> Iterator[str]:
    """An action: its name, what it does, how dangerous it is, what it takes."""
    yield f"{safe(action.name, 40):<24} {action.danger:<9} {safe(action.title, 80)}"
    for one in action.parameters:
        yield f"{'':<24}   --set {safe(one.name, 40)}={_kind(one)}"
    for words in action.expects:
        yield f"{'':<24}   expected: {safe(words, 120)}"
    if action.undo:
        yield f"{'':<24}   taken back by {safe(action.undo, 40)}"


def _kind(one: Parameter) -> str:
    words = {"choice": "|".join(one.choices), "row": f"one of {one.source}'s {one.rows}"}
    kind = words.get(one.type, one.type.upper())
    return safe(kind if one.default is None else f"{kind} ({one.default} if not given)", 200)


def plan_lines(plan: Plan) -> Iterator[str]:
    """Exactly what would run, and on what."""
    yield f"{safe(plan.title, 80)}: {plan.danger}"
    where = safe(plan.environment, 60) or "no environment is named"
    yield f"where     {where} ({safe(plan.proof, 200)})"
    for step in plan.steps:
        yield f"step      {safe(step.title, 80)}"
        if step.rights:
            yield f"rights    {safe(step.rights, 200)}"
        if step.reach:
            yield f"reach     {safe(step.reach, 300)}"
        for line in step.lines:
            yield f"  {whole_line(line)}"
        for target in step.targets or ():
            words = f": {safe(target.words, 300)}" if target.words else ""
            yield f"  on {safe(target.identity, 300)}{words}"
    yield f"way back  {safe(plan.undo, 300) or 'nothing takes it back'}"
    if plan.expects:
        yield f"expected  {safe('; '.join(plan.expects), 300)}"
    if plan.incident:
        yield f"incident  {safe(plan.incident, 80)}"
    for note in plan.notes:
        yield f"note      {safe(note, 300)}"
    if plan.blocked:
        yield f"BLOCKED   {safe(plan.blocked, 400)}"
    yield f"sha256    {safe(plan.digest)}"


def outcome_lines(run: RunView) -> Iterator[str]:
    """How a run ended."""
    took = f" after {short_duration(run.seconds)}" if run.seconds is not None else ""
    words = f": {safe(run.text, 400)}" if run.text else ""
    yield f"{safe(run.title, 80)} {(run.outcome or 'running').upper()}{took}{words}"
    for one in run.refused:
        yield f"left alone: {safe(one, 300)}"


def verdict_line(run: RunView) -> str:
    """What the signals say of it."""
    if run.verdict is None:
        return f"watching {safe(run.watching, 300)}"
    return f"{run.verdict}: {safe(run.verdict_text, 400)}"


def on_line(on: On) -> str:
    """Something that is still on."""
    detail = f" {on.detail}" if on.detail else ""
    kept = f", kept: {on.kept}" if on.kept else ""
    until = f", until {on.until:%H:%MZ}" if on.until else ""
    back = f", taken back by {on.undo}" if on.undo else ""
    return safe(f"ON {on.name}{detail} since {on.since:%H:%MZ} by {on.by}{until}{kept}{back}", 400)
