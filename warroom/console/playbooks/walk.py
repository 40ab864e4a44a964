"""Playbooks that are followed, as they stand: what is durable, and over it what was posted here and
has not come back yet. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from warroom.console.playbooks.books import Books, Sent
from warroom.incident.following import Followed, StepState
from warroom.incident.incident import Incident
from warroom.playbooks.playbook import Playbook, Step


class Touched(msgspec.Struct, frozen=True):
    """What somebody did with a step; ``sent`` while it is on its way."""

    state: StepState
    by: str = ""
    at: datetime | None = None
    sent: bool = False


class Walk(msgspec.Struct, frozen=True):
    """One that is followed, with what was done of it by the steps' texts."""

    name: str
    title: str
    by: str = ""
    at: datetime | None = None
    sent: bool = False
    steps: dict[str, Touched] = {}

    def touched(self, step: Step) -> Touched:
        return self.steps.get(step.text, Touched("open"))

    def state(self, step: Step, now: datetime) -> str:
        """Its state; ``watched`` once its watch is over: somebody has to say that all was well."""
        found = self.touched(step)
        left = watch_left(found, step, now)
        return "watched" if left is not None and left <= 0 else found.state


def watch_left(touched: Touched, step: Step, now: datetime) -> float | None:
    """For how many seconds it is still watched; None where it is not."""
    if touched.state != "watch" or touched.at is None or step.watch is None:
        return None
    return (touched.at + timedelta(seconds=step.watch) - now).total_seconds()


def walks(incident: Incident | None, sent: Iterable[Sent] = ()) -> tuple[Walk, ...]:
    """Those that are followed in the incident now, the one begun last at the end."""
    if incident is None:
        return ()
    found: dict[str, Walk] = {}
    known: dict[str, Walk] = {}
    for one in incident.playbooks:
        steps = {text: Touched(s.state, s.by, s.at) for text, s in one.steps.items()}
        known[one.name] = Walk(one.name, one.title, one.by, one.at, steps=steps)
        if one.left is None:
            found[one.name] = known[one.name]
    for post in sent:
        if post.incident == incident.id:
            _with_post(found, known, post)
    return tuple(found.values())


def _with_post(found: dict[str, Walk], known: dict[str, Walk], post: Sent) -> None:
    body = post.body
    walk = found.get(body.playbook)
    if isinstance(body, Followed):
        if body.state == "left":
            found.pop(body.playbook, None)
        elif walk is None:
            before = known.get(body.playbook, Walk(body.playbook, body.title))
            found[body.playbook] = replace(before, by="", at=post.at, sent=True)
    elif walk is not None:
        durable = walk.steps.get(body.step, Touched("open"))
        if durable.state != body.state or durable.sent:
            touched = Touched(body.state, "", post.at, sent=True)
            found[body.playbook] = replace(walk, steps={**walk.steps, body.step: touched})


def followed(incidents: Sequence[Incident], books: Books) -> tuple[str, ...]:
    """The playbooks that somebody follows in an incident that is open."""
    return tuple(walk.name for one in incidents if one.open for walk in walks(one, books.sent))


def current(found: Sequence[Walk], name: str) -> Walk | None:
    """The one that was turned to, else the one that was begun last."""
    return next((one for one in found if one.name == name), found[-1] if found else None)


def next_step(playbook: Playbook, walk: Walk, now: datetime, behind: str = "") -> Step | None:
    """The first step that is open, behind that one if there is one; else from the beginning."""
    at = next((n for n, step in enumerate(playbook.steps) if step.text == behind), -1) + 1
    ordered = (*playbook.steps[at:], *playbook.steps[:at])
    return next((step for step in ordered if walk.state(step, now) == "open"), None)


def after_no_help(playbook: Playbook, walk: Walk, step: Step, now: datetime) -> Step | None:
    """What comes after a mitigation that did not help: the next one that is open, else whom to
    tell; None where nothing is left at all."""
    for part in ("mitigate", "escalate"):
        for one in playbook.steps:
            if one.part == part and one.text != step.text and walk.state(one, now) == "open":
                return one
    return None
