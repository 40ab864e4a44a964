"""A run as consoles see it, while it goes and for a while afterwards."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.incident.acting.kinds import Danger, OutcomeWord, VerdictWord
from warroom.sharing.kinds import Ident, Name, Person

HEAD, TAIL = 40, 120
"""Lines kept of a run's output: its first, and its newest."""

RunState = Literal["running", "waiting", "ended"]
"""``waiting`` is for a person, who does a step by hand and says so."""


class RunView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run. ``left`` is how many seconds it may still take, None where it has ended;
    ``step`` is what is under way. ``head`` and ``tail`` are its output with ``dropped`` lines
    left out between them. ``watching`` says how the signals move until there is a verdict.
    ``undo`` is the action that takes it back. ``seq`` rises with every change."""

    run: Ident
    action: Name
    title: str
    danger: Danger
    by: Person
    began: datetime
    seq: int = 0
    incident: Ident = ""
    digest: Ident = ""
    reach: str = ""
    state: RunState = "running"
    step: str = ""
    left: float | None = None
    outcome: OutcomeWord | None = None
    text: str = ""
    seconds: float | None = None
    refused: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    dropped: int = 0
    watching: str = ""
    verdict: VerdictWord | None = None
    verdict_text: str = ""
    undo: Name = ""
    undo_values: dict[str, str] = {}
