"""What every layout of a queue offers, and what a look at one tells."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from warroom.connect.queues.talk import Look
from warroom.measure.redis import Count, FailedJob, Group

LISTED = 5
"""The most failed jobs that are read of one queue."""


@dataclass(frozen=True)
class Counted:
    """A queue as its keys have it at one moment; what is None is not known.

    ``depth`` counts jobs that could be taken now, ``unfinished`` all that are not finished
    and not given up: waiting, delayed, in hand; None takes ``depth`` for it. ``added`` and
    ``finished`` count jobs since whenever, and only ever rise; ``arrived`` counts those that
    came since the look before, for layouts without such a counter. A layout may know one
    of them, or none. ``retrying`` counts jobs that failed and are to be tried again, where
    ``failures`` tells of those, too. ``oldest`` is when the oldest waiting job was queued (Unix
    time, s).
    ``head`` is something that is another one once the next job was taken; ``overtaken`` when
    it is another one because one came ahead of it, and it still waits. ``tail`` the element
    that came last, as it lies in a list. ``paused`` is when somebody told it to rest. It ``leaks``
    where what waits may go without being taken (a stream that is trimmed): that it got less
    is no sign of work then. ``absent``
    are keys that are not there: Redis keeps no empty ones, so that nobody can say whether there
    is nothing in them or they have another name.
    """

    depth: int | None = None
    unfinished: int | None = None
    active: int | None = None
    delayed: int | None = None
    failed: int | None = None
    retrying: int = 0
    workers: int | None = None
    added: int | None = None
    finished: int | None = None
    arrived: int | None = None
    oldest: float | None = None
    head: bytes | None = None
    overtaken: bool = False
    tail: bytes | None = None
    paused: bool = False
    leaks: bool = False
    absent: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """What a look may want to know: the server's own time (Unix time, s), its version, how
    many clients it has (None: not known), what the look before found, and in which database
    it looks."""

    now: float
    version: tuple[int, ...]
    clients: int | None = None
    before: Counted | None = None
    database: int = 0


class Layout(Protocol):
    """One queue in one library's layout."""

    kind: ClassVar[str]

    @property
    def place(self) -> str:
        """Its key, or its name in the library: what a person knows it by."""

    def look(self, moment: Moment) -> Look[Counted]:
        """Count. Every command in it costs the same however long the queue is. Raises
        ReplyError for what cannot be read at all."""

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """The newest failed jobs, at most ``LISTED``; ``queue`` is its configured name."""

    def job(self, identity: str) -> Look[str]:
        """All of one job, its payload too, as lines for a person who asked for it."""
