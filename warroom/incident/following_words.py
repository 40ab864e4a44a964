"""What the entries of playbooks and checks say, as text. Pure."""

from collections.abc import Callable
from datetime import datetime

from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.text import short_duration

STEPS = {
    "done": "done",
    "no help": "done, DID NOT HELP",
    "skipped": "passed over",
    "open": "open again",
    "watch": "being watched",
}
RESULTS = {True: " OK", False: " NOT OK", None: ""}


def followed(body: Followed, at: Callable[[datetime], str]) -> str:
    word = "is followed" if body.state == "begun" else "is left"
    text = f": {body.text}" if body.text else ""
    return "\n".join((f"{body.title or body.playbook} {word}{text}", *body.evidence))


def stepped(body: PlaybookStep, at: Callable[[datetime], str]) -> str:
    text = f": {body.text}" if body.text else ""
    return f"{body.playbook}: {body.step}, {STEPS[body.state]}{text}"


def checked(body: Checked, at: Callable[[datetime], str]) -> str:
    return "\n".join((summary(body), *body.output))


def summary(body: Checked) -> str:
    """Its result in a line: ``Ask DNS NOT OK after 2.0 s: exit 9``."""
    took = f" after {short_duration(body.seconds)}" if body.seconds else ""
    text = f": {body.text}" if body.text else ""
    return f"{body.title}{RESULTS[body.ok]}{took}{text}"
