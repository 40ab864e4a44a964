"""What is known of a step that is being walked, in lines below its text. Pure."""

from datetime import datetime

import msgspec
from rich.cells import cell_len

from warroom.console.incident.times import clock, countdown
from warroom.console.look import Look
from warroom.console.playbooks.books import Books, Result
from warroom.console.playbooks.walk import Walk, watch_left
from warroom.console.playbooks.words import (
    CHECKED,
    STATES,
    UNSURE,
    due,
    newest_run,
    picked,
    run_words,
)
from warroom.console.state import Acts
from warroom.incident.followed import CheckSeen
from warroom.incident.following import PlaybookStep
from warroom.incident.incident import Incident
from warroom.incident.procedures import Contact, Procedures
from warroom.playbooks.playbook import Playbook, Step
from warroom.text import safe

Line = list[tuple[str, str]]
"""Words with their canvas styles."""


class Scene(msgspec.Struct, frozen=True):
    """What a playbook that is followed is drawn from. ``cursor`` is the text of the step that it is
    on; ``place`` which of several it is, as ``2/3``; ``goes`` is how one comes to the pane;
    ``watches`` whether this console may only watch."""

    walk: Walk
    playbook: Playbook | None
    incident: Incident | None
    procedures: Procedures
    acts: Acts
    books: Books
    now: datetime
    look: Look
    cursor: str = ""
    focused: bool = False
    place: str = ""
    goes: str = ""
    watches: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.playbook.steps if self.playbook is not None else ()

    @property
    def step(self) -> Step | None:
        """The one the cursor is on."""
        found = next((one for one in self.steps if one.text == self.cursor), None)
        return found or (self.steps[0] if self.steps else None)

    def seen(self, step: Step) -> CheckSeen | None:
        """The newest run of the step's check, by anybody."""
        name = step.check or (f"probe {step.probe}" if step.probe else "")
        return self.incident.checked.get(name) if self.incident is not None and name else None

    def result(self, step: Step) -> Result | None:
        """What the engine answered here last, if no newer entry tells of the check."""
        mine, seen = self.mine(step), self.seen(step)
        return mine if mine is not None and (seen is None or mine.at > seen.at) else None

    def mine(self, step: Step) -> Result | None:
        """What the engine answered here last, in this incident."""
        return self.books.results.get(self.key(step))

    def key(self, step: Step) -> str:
        """What the step's check is called while it runs, and its result: what came of it in
        another incident tells nothing of this one."""
        incident = self.incident.id if self.incident is not None else ""
        return f"{incident}\n{self.walk.name}\n{step.text}"

    def sent_here(self, step: Step) -> bool:
        """Whether how it stands was said here, a moment ago."""
        state = self.walk.touched(step).state
        return any(
            isinstance(one.body, PlaybookStep)
            and (one.body.playbook, one.body.step) == (self.walk.name, step.text)
            and one.body.state == state
            and self.incident is not None
            and one.incident == self.incident.id
            for one in self.books.sent
        )

    def running(self, step: Step) -> bool:
        return self.key(step) in self.books.running

    def follow_up(self, step: Step) -> int:
        """The number of the follow-up it was made, 0 for none."""
        items = self.incident.follow_ups if self.incident is not None else ()
        same = (one.item for one in items if one.text == step.text and one.state != "dropped")
        return next(same, 0)


def facts(scene: Scene, step: Step, width: int) -> list[Line]:
    """All that is known of it: how it stands, when it is time, what came of it, whom to tell.
    ``width`` are the cells of a line: in it a telephone number is not broken."""
    found = [
        _state(scene, step),
        _time(scene, step),
        _result(scene, step),
        _run(scene, step),
        *_tell(scene, step, width),
        _needs(scene, step),
        _follow_up(scene, step),
    ]
    return [line for line in found if line]


def _state(scene: Scene, step: Step) -> Line:
    look, now = scene.look, scene.now
    touched = scene.walk.touched(step)
    if touched.sent:
        _, word, _ = picked(STATES[touched.state], look)
        return [(f"{word or 'open again'}: being saved", ".dim")]
    state = scene.walk.state(step, now)
    _, word, style = picked(STATES[state], look)
    if not word or touched.at is None:
        return []
    left = watch_left(touched, step, now)
    line: Line = [(word, style)]
    if left is not None and left > 0:
        line = [(f"{countdown(left)} left to watch", style)]
    return [*line, (f"  {look.plain(safe(touched.by, 24))} {clock(touched.at, now)}", ".dim")]


def _time(scene: Scene, step: Step) -> Line:
    words, style = due(step, scene.incident, scene.now)
    line: Line = [(words, style)] if words and scene.walk.touched(step).state == "open" else []
    if step.when:
        gap = f" {scene.look.dot} " if line else ""
        line.append((f"{gap}{scene.look.plain(safe(step.when, 120))}", ".dim"))
    return line


def _result(scene: Scene, step: Step) -> Line:
    look, now = scene.look, scene.now
    if scene.running(step):
        return [(f"{'»' if look.unicode else '>'} running", ".accent")]
    name = step.check or (f"probe {step.probe}" if step.probe else "")
    seen = scene.incident.checked.get(name) if scene.incident is not None and name else None
    mine = scene.mine(step)
    if mine is not None and (seen is None or (not mine.ok and mine.at > seen.at)):
        return _mine(mine, scene)
    if seen is None:
        return []
    found = UNSURE if seen.ok is None else CHECKED[seen.ok]
    sign, word, style = picked(found, look)
    text = look.plain(safe(seen.text, 200))
    by = f"  {look.plain(safe(seen.by, 24))} {clock(seen.at, now)}"
    return [(f"{sign} {word}", style), (f"  {text}", ""), (by, ".dim")]


def _mine(result: Result, scene: Scene) -> Line:
    """What the engine answered here, where no entry tells of it."""
    look = scene.look
    words = look.plain(safe(result.words, 200))
    if result.ok:
        return [(words or "it ran", ""), (f"  {clock(result.at, scene.now)}", ".dim")]
    return [(words, ".level-1"), (f"  {clock(result.at, scene.now)}", ".dim")]


def _run(scene: Scene, step: Step) -> Line:
    run = newest_run(scene.incident, step.action) if step.action else None
    if run is None:
        return []
    by = f"  {scene.look.plain(safe(run.by, 24))} {clock(run.at, scene.now)}"
    return [*run_words(run, scene.look), (by, ".dim")]


def _tell(scene: Scene, step: Step, width: int) -> list[Line]:
    look = scene.look
    lines: list[Line] = []
    for name in step.tell:
        called = look.plain(safe(name, 40))
        contacts = scene.procedures.reach(name)
        if not contacts:
            lines.append([(called, ".strong"), ("  no way to reach them is in the file", ".dim")])
        for one in contacts:
            shown = look.plain(safe(one.name, 40))
            role = "" if one.name.casefold() == name.casefold() else f"{called}: "
            ways: list[Line] = [
                [(f"{way} ", ".dim"), (look.plain(safe(address, 80)), "")]
                for way, address in phone_first(one)
            ]
            lines += _packed([[(role, ".dim"), (shown, ".strong")], *ways], width)
    return lines


def _packed(pieces: list[Line], width: int) -> list[Line]:
    """As many of them in each line as it holds."""
    lines: list[Line] = []
    used = 0
    for piece in pieces:
        cells = sum(cell_len(text) for text, _ in piece)
        if lines and used + 2 + cells <= width:
            lines[-1] += [("  ", ""), *piece]
            used += 2 + cells
        else:
            lines.append([*piece])
            used = cells
    return lines


def phone_first(contact: Contact) -> list[tuple[str, str]]:
    """Every way to reach somebody: whoever follows a playbook calls, the pager has paged."""
    return sorted(contact.ways, key=lambda pair: pair[0] != "phone")


def _needs(scene: Scene, step: Step) -> Line:
    if not step.needs:
        return []
    # Loud only where one stands: of a room that is not set up it would be every other line.
    style = ".level-2" if step is scene.step else ".dim"
    return [(f"still needs {scene.look.plain(safe(step.needs, 200))}", style)]


def _follow_up(scene: Scene, step: Step) -> Line:
    number = scene.follow_up(step) if step.part == "prevent" else 0
    return [(f"follow-up #{number}", ".ok")] if number else []
