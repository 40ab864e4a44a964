"""What a remedy tells of what it would do, and of what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from warroom.connect.queues.talk import Command

RemedyName = Literal["flush", "clear_stuck", "retry_failed", "unflush"]

LISTED = 200
"""The most jobs that a survey names, and that a remedy touches. Of a flush, and of taking one
back, the target is the queue itself."""
MOVED = 1
"""What a script replies that has moved its job."""


@dataclass(frozen=True)
class Target:
    """``identity`` is the job's as the layout's ``job()`` knows it, the key that is flushed, or
    the run that is taken back. ``words`` are a line for a person, outside text that was not made
    safe yet. ``mark`` is what must not have changed until it is touched; it tells jobs apart
    whose identities look alike."""

    identity: str
    words: str
    mark: str = ""


@dataclass(frozen=True)
class Survey:
    """What a remedy would touch now, and of how many in all. ``of`` is how many the queue has
    there, None where that is not known. ``commands`` are what would be sent, as a person reads
    it; ``undo`` what takes it back, nothing where it is empty; ``notes`` what is to be known
    before saying yes. As outside as the targets' words, where they have keys in them."""

    targets: tuple[Target, ...]
    total: int
    of: int | None
    commands: tuple[str, ...]
    undo: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remedied:
    """``refused`` names each target that was left alone, and why, which is as outside as the
    targets' identities; ``words`` are what came of it, from the replies."""

    touched: int
    refused: tuple[str, ...] = ()
    words: str = ""


GONE = "gone from there since it was shown: taken, finished, removed or heard of"
CHANGED = "changed since it was shown"


@dataclass(frozen=True)
class Candidate:
    """A job, and the one command that moves it if it is still as it was: it replies ``MOVED``,
    or a number that says why not."""

    target: Target
    command: Command


@dataclass(frozen=True)
class Listing:
    """The jobs that a remedy is for, as the queue has them at one moment. ``why`` has words for
    what the commands reply when they move nothing."""

    candidates: tuple[Candidate, ...]
    total: int
    of: int | None
    commands: tuple[str, ...]
    undo: str = ""
    notes: tuple[str, ...] = ()
    why: Mapping[int, str] = field(default_factory=dict)
