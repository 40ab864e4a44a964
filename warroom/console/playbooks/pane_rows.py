"""A playbook that is followed, in a frame of any size: all steps where there is room for them, else
the one the cursor is on with what is known of it, and what comes next. Pure."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from warroom.console.acting.words import OUTCOMES, VERDICTS
from warroom.console.incident.rows import Row, folded
from warroom.console.look import Look, fit_to
from warroom.console.playbooks.facts import Line, Scene, facts
from warroom.console.playbooks.words import (
    CHECKED,
    PARTS,
    STATES,
    does,
    due,
    newest_run,
    picked,
    progress,
)
from warroom.playbooks.playbook import Step
from warroom.text import safe

TALL = 14
"""Lines from which the parts have headings."""
INDENT = 6
"""Cells before a step's text: the pointer and its box."""
ROOMY = 6
"""Lines from which what Enter does and the keys have a line each."""
NO_HELP, PASS, LEAVE = ("x", "no help"), ("s", "pass"), ("E", "leave")
OUTPUT, TURN = ("o", "output"), ("[ ]", "another")


def title(scene: Scene, width: int) -> Content:
    """What stands in the frame in so many cells: which of several it is, its name, how far it is.
    Of those the name is cut."""
    look = scene.look
    style, frame = (".accent", ".frame-focus") if scene.focused else (".strong", ".frame")
    head = f"Playbook {scene.place}" if scene.place else "Playbook"
    dashes = f" {look.box[1] * 2} "
    name = look.plain(safe(scene.walk.title or scene.walk.name, 60))
    states = [scene.walk.state(step, scene.now) for step in scene.steps]
    far = f" {look.dot} {progress(states)}" if states else ""
    room = max(width - cell_len(head + dashes), 1)
    if cell_len(name + far) + len(" done") <= room and far:
        far += " done"
    name = fit_to(name, max(room - cell_len(far), 1), look)
    return Content.assemble((head, style), (dashes, frame), (name, ".strong"), (far, ".dim"))


def body(scene: Scene, width: int, height: int) -> list[Content]:
    """Exactly what fits into that many cells."""
    step = scene.step
    if step is None:
        return _nothing(scene, width)[:height]
    feet = _feet(scene, step, width, height)
    room = max(height - len(feet), 1)
    lines = _steps(scene, step, width, room)
    blank = [Content("")] * (room - len(lines)) if feet else []
    return [*lines[:room], *blank, *feet]


def _nothing(scene: Scene, width: int) -> list[Content]:
    """Its steps are not known yet, or no longer."""
    said = scene.books.said or "asking the engine what is in it"
    if scene.books.shelf is not None and not scene.books.said:
        said = "This room has no such playbook any more: its configuration has changed. E leaves it"
    row = Row(Content.assemble((scene.look.plain(safe(said, 300)), ".dim")))
    return folded(row, max(width, 2))


# --- the steps ----------------------------------------------------------------------------


def _steps(scene: Scene, at: Step, width: int, room: int) -> list[Content]:
    """The step at hand whole, and of the others as much as there is room for."""
    if room < TALL:
        # What is behind is done or passed over: the step at hand comes first, then what is next.
        steps = scene.steps[scene.steps.index(at) :]
        few = [_block(scene, one, width, whole=one is at, here=at, named=True) for one in steps]
        return [line for block in few for line in block][:room]
    blocks = _parts(scene, at, width, _unfolded(scene, at, width, room))
    if sum(len(block) for _, block in blocks) + len(PARTS) <= room:
        blocks = [(one, block if one or not n else [Content(""), *block])
                  for n, (one, block) in enumerate(blocks)]  # fmt: skip
    lines = [line for _, block in blocks for line in block]
    before = 0
    for step, block in blocks:
        if step is at:
            break
        before += len(block)
    own = len(_block(scene, at, width, whole=True, here=at, named=False))
    first = max(min(before - 3, len(lines) - room), before + own - room, 0)
    return lines[first : first + room]


def _unfolded(scene: Scene, at: Step, width: int, room: int) -> set[str]:
    """The steps of which all is shown: that at hand, then those behind it, then those before, as
    long as there is room for them."""
    place = scene.steps.index(at)
    lines = {step.text: _block(scene, step, width, whole=True, here=at) for step in scene.steps}
    parts = len({step.part for step in scene.steps})
    free = room - parts - len(scene.steps) - (len(lines[at.text]) - 1)
    found = {at.text}
    for step in (*scene.steps[place + 1 :], *reversed(scene.steps[:place])):
        more = len(lines[step.text]) - 1
        if more <= free:
            found.add(step.text)
            free -= more
    return found


def _parts(
    scene: Scene, at: Step, width: int, unfolded: set[str]
) -> list[tuple[Step | None, list[Content]]]:
    """Each step with its lines, under the headings of the parts, which belong to no step."""
    blocks: list[tuple[Step | None, list[Content]]] = []
    part = ""
    for step in scene.steps:
        if step.part != part:
            part = step.part
            blocks.append((None, [Content.assemble((PARTS[step.part], ".strong"))]))
        whole = step.text in unfolded
        blocks.append((step, _block(scene, step, width, whole=whole, here=at)))
    return blocks


def _block(
    scene: Scene, step: Step, width: int, *, whole: bool, here: Step, named: bool = False
) -> list[Content]:
    """A step's lines; ``named`` says its part, where no heading does."""
    if whole:
        return _whole(scene, step, width, here=step is here, named=named)
    return [_short(scene, step, width, named=named)]


def _whole(scene: Scene, step: Step, width: int, *, here: bool, named: bool) -> list[Content]:
    lead = _lead(scene, step, here=here, named=named)
    text = scene.look.plain(safe(step.text, 300))
    bold = ".strong" if here else _shade(scene, step)
    lines = folded(Row(Content.assemble(*lead, (text, bold)), indent=INDENT), width)
    for fact in facts(scene, step, width - INDENT):
        lines += folded(Row(Content.assemble(" " * INDENT, *fact), indent=INDENT), width)
    return lines


def _short(scene: Scene, step: Step, width: int, *, named: bool) -> Content:
    """One line: its box, its text, and in a word how it stands or when it is time."""
    look = scene.look
    word, style = _word(scene, step)
    lead = Content.assemble(*_lead(scene, step, here=False, named=named))
    tail = f"  {word}" if word else ""
    room = max(width - lead.cell_length - len(tail), 4)
    text = fit_to(look.plain(safe(step.text, 300)), room, look)
    line = Content.assemble(lead, (text, _shade(scene, step)), (tail, style))
    return line.truncate(width, ellipsis=look.unicode)


def _word(scene: Scene, step: Step) -> tuple[str, str]:
    """How it stands, in a word: what came of it tells more than that it was done."""
    state = scene.walk.state(step, scene.now)
    _, word, style = picked(STATES[state], scene.look)
    if state == "watched":
        return "watch over", style
    if state not in ("open", "done"):
        return word, style
    run, seen = newest_run(scene.incident, step.action), scene.seen(step)
    if run is not None and run.outcome is not None:
        found = VERDICTS[run.verdict] if run.verdict is not None else OUTCOMES[run.outcome]
        return (run.verdict or run.outcome.upper()), found[2]
    if seen is not None and seen.ok is not None:
        return CHECKED[seen.ok][2], CHECKED[seen.ok][3]
    if state == "done":
        return word, style
    time = due(step, scene.incident, scene.now)
    return time if time[0] or not step.needs else ("not set up", ".level-2")


def _lead(scene: Scene, step: Step, *, here: bool, named: bool) -> Line:
    """The pointer, the box with its sign, and the part where no heading says it."""
    look = scene.look
    sign, _, style = picked(STATES[scene.walk.state(step, scene.now)], look)
    if scene.walk.touched(step).sent:
        sign, style = ".", ".dim"
    if scene.running(step):
        sign, style = "»" if look.unicode else ">", ".accent"
    pointer = look.pointer if here else " "
    part = [(f"{PARTS[step.part]}: ", ".dim")] if named else []
    return [(f"{pointer} ", ".accent"), (f"[{sign}] ", style), *part]


def _shade(scene: Scene, step: Step) -> str:
    return "" if scene.walk.state(step, scene.now) in ("open", "watch", "watched") else ".dim"


# --- below them ---------------------------------------------------------------------------


def _feet(scene: Scene, step: Step, width: int, height: int) -> list[Content]:
    """What Enter does, and the other keys; in one line where there are few."""
    if height < 3:
        return []
    look = scene.look
    action = scene.acts.action(step.action) if step.action else None
    state = scene.walk.state(step, scene.now)
    done = look.plain(does(step, state, action, follow_up=scene.follow_up(step)))
    enter = Content.assemble(("Enter ", ".accent"), (done, ""))
    if scene.watches:
        enter = Content.assemble(("Only watched here", ".dim"))
    if not scene.focused:
        goes = Content.assemble((look.plain(scene.goes), ".dim"))
        return [_cut(one, width, look) for one in ((goes,) if height < ROOMY else (enter, goes))]
    keys = _keys(_wanted(scene, step), width)[: 0 if height < ROOMY else 2 if height >= TALL else 1]
    return [_cut(one, width, look) for one in (enter, *keys)]


def _wanted(scene: Scene, step: Step) -> list[tuple[str, str]]:
    """The keys that do something with the step."""
    state = scene.walk.state(step, scene.now)
    keys = [("Space", "done" if state in ("open", "watched") else "open again")]
    keys += [NO_HELP] if step.part == "mitigate" and state != "no help" else []
    output = [OUTPUT] if scene.seen(step) or scene.result(step) else []
    turn = [TURN] if scene.place else []
    return [*output, *turn] if scene.watches else [*keys, *output, PASS, LEAVE, *turn]


def _keys(keys: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """In as many lines as they take; help has them all."""
    lines: list[Content] = []
    for key, what in keys:
        part = Content.assemble((key, ".accent"), (f" {what}", ".dim"))
        if lines and lines[-1].cell_length + 2 + part.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], "  ", part)
        else:
            lines.append(part)
    return lines


def _cut(line: Content, width: int, look: Look) -> Content:
    return line.truncate(width, ellipsis=look.unicode)
