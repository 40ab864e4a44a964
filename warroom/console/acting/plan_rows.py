"""The last look at a plan: where, as whom, what exactly, on what, and the way back. Pure."""

from collections.abc import Iterator

from textual.content import Content

from warroom.console.acting.words import DANGER_STYLES, arrows
from warroom.console.incident.rows import Row, gap, without_ends
from warroom.console.look import Look
from warroom.console.state import RoomState
from warroom.incident.acting.plan import Plan, PlanStep
from warroom.text import safe, short_duration, whole_line

LABEL = 10
"""Cells of a label."""
SHORT = 12
"""Characters of the digest that are shown."""


def plan_rows(plan: Plan, look: Look) -> list[Row]:
    """All of it; what matters most comes first, for a small screen shows no more."""
    rows = []
    if plan.blocked:
        words = look.plain(safe(plan.blocked, 400))
        rows.append(_line("BLOCKED", Content.assemble((words, ".level-0"))))
    rows += _where(plan, look)
    for note in plan.notes:
        rows.append(_line("note", Content.assemble((look.plain(safe(note, 300)), ".level-2"))))
    rows.append(gap())
    for at, step in enumerate(plan.steps, 1):
        rows += _step(step, at if len(plan.steps) > 1 else 0, look)
    rows.append(gap())
    rows += _behind(plan, look)
    return without_ends(rows)


def masked_rows(room: RoomState) -> list[Row]:
    """Of a shared screen: what is shown is masked, what is done is not."""
    if not room.shared:
        return []
    words = "names are masked here; what is done is not, and SHA-256 is of that"
    return [_line("SHARED", Content.assemble((words, ".level-2")))]


def _where(plan: Plan, look: Look) -> Iterator[Row]:
    proven = plan.proof.startswith("proven")
    where = look.plain(safe(plan.environment or "no environment is named", 60))
    style = ".badge" if proven else ".badge-2"
    if plan.proof == "MISMATCH":
        style = ".badge-0"
    proof = look.plain(safe(plan.proof, 160))
    yield _line("where", Content.assemble((f" {where} ", style), (f"  {proof}", ".dim")))
    rights = "; ".join(dict.fromkeys(step.rights for step in plan.steps if step.rights))
    if rights:
        yield _line("rights", Content(look.plain(safe(rights, 200))))
    if plan.reach:
        yield _line("reach", Content.assemble((look.plain(safe(plan.reach, 300)), ".strong")))
    how = {
        "mild": "press y",
        "moderate": f'type "{safe(plan.phrase, 60)}", then Tab and Space',
        "severe": "type the environment's name, then Tab and Space",
    }[plan.danger]
    yield _line("danger", Content.assemble((plan.danger, DANGER_STYLES[plan.danger]), f": {how}"))


def _step(step: PlanStep, number: int, look: Look) -> Iterator[Row]:
    if number:
        words = look.plain(safe(f"{number}. {step.title}", 120))
        yield Row(Content.assemble((words, ".strong")))
    for line in step.lines:  # none of what runs is left out, however long it is
        yield Row(Content.assemble("  ", (look.plain(whole_line(line)), ".accent")), indent=4)
    for target in step.targets or ():
        words = look.plain(safe(target.words or target.identity, 300))
        yield Row(Content.assemble((f"  {look.dot} ", ".dim"), words), indent=4)


def _behind(plan: Plan, look: Look) -> Iterator[Row]:
    undo = look.plain(safe(plan.undo, 300)) if plan.undo else "nothing takes it back"
    yield _line("way back", Content.assemble((undo, "" if plan.undo else ".level-2")))
    if plan.expects:
        words = look.plain(safe("; ".join(plan.expects), 300))
        yield _line("expected", Content(words))
    if plan.incident:
        yield _line("incident", Content(look.plain(safe(plan.incident, 80))))
    if plan.turns_on:
        yield _line("turns on", Content(look.plain(safe(plan.turns_on, 80))))
    ages = [step.age for step in plan.steps if step.age is not None]
    read = "read for this plan" if not ages else f"seen {short_duration(max(ages))} ago"
    yield _line("data", Content.assemble((read, ".dim")))
    values = ", ".join(f"{name} = {value}" for name, value in plan.values.items())
    if values:
        yield _line("values", Content(look.plain(safe(arrows(values, look), 400))))
    yield _line("SHA-256", Content.assemble((safe(plan.digest[:SHORT]), ".dim")))


def _line(label: str, content: Content) -> Row:
    return Row(Content.assemble((label.ljust(LABEL), ".dim"), content), indent=LABEL)
