"""The entries of a playbook that is followed, and of checks that were run."""

from typing import Literal

from warroom.incident.tagged import Tagged
from warroom.sharing.kinds import Name

StepState = Literal["done", "no help", "skipped", "open", "watch"]
"""``no help``: it was done, and did not help. ``open``: it was ticked by mistake. ``watch``: what
it is about is being watched, for as long as the step says."""


class Followed(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="playbook"):
    """Somebody begins to follow a playbook, or leaves it. ``evidence`` is what held for it then,
    empty where it was chosen by hand."""

    playbook: Name
    title: str = ""
    state: Literal["begun", "left"] = "begun"
    evidence: tuple[str, ...] = ()
    text: str = ""


class PlaybookStep(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="playbook-step"):
    """A step of a playbook, by its text, was done, did not help, was passed over, is being watched,
    or is open again."""

    playbook: Name
    step: str
    state: StepState = "done"
    text: str = ""


class Checked(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="checked"):
    """A check was run, and only read. ``ok`` is None where its result says neither good nor bad;
    ``text`` is the result in a line, ``output`` what came, its head and tail. ``seconds`` is how
    long it took. ``step`` is the playbook's step that asked for it."""

    check: Name
    title: str
    ok: bool | None = None
    text: str = ""
    output: tuple[str, ...] = ()
    seconds: float = 0.0
    playbook: Name = ""
    step: str = ""
