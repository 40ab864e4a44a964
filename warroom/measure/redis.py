"""What is seen of a Redis server, and of the queues that live in it."""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from warroom.measure.sight import Sight
from warroom.sharing.kinds import Host, Ident, Name


class RedisServer(msgspec.Struct, frozen=True, kw_only=True):
    """The server that answered, in its own words (``INFO``).

    ``run_id`` is another one after every start; ``role`` is empty where it is not told.
    ``product`` is ``redis`` or ``valkey``.
    ``primary`` is the address a replica follows, ``link`` how that connection is (``up`` or
    ``down``), and ``link_down_for`` for how many seconds it has been down. Memory is bytes;
    ``max_memory`` and ``max_clients`` are None where there is no limit, or it is not told.
    ``hit_rate`` is percent, ``evictions`` and ``operations`` are per second, all over the
    last span and None before there is one. ``ping`` is seconds.
    """

    address: Host = ""
    product: Ident = "redis"
    version: str = ""
    run_id: Ident = ""
    role: Literal["primary", "replica", ""] = "primary"
    started_at: datetime | None = None
    database: int = 0
    ping: float | None = None
    memory: int | None = None
    max_memory: int | None = None
    policy: Ident = ""
    clients: int | None = None
    max_clients: int | None = None
    blocked_clients: int | None = None
    keys: int | None = None
    hit_rate: float | None = None
    evictions: float | None = None
    operations: float | None = None
    primary: Host = ""
    link: Ident = ""
    link_down_for: float | None = None
    replicas: int | None = None
    rejected: int | None = None


class Count(msgspec.Struct, frozen=True):
    """How many of one kind, in the layout's own word: ``prioritized`` 3. None is not known."""

    what: Ident
    count: int | None


class FailedJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job that failed for good, or waits to be tried again: its name and its error, never
    its payload. ``queue`` is the queue's name in the configuration."""

    queue: Name
    id: str
    name: str = ""
    error: str = ""
    failed_at: datetime | None = None
    attempts: int | None = None

    @property
    def key(self) -> str:
        return f"job:{self.queue}:{self.id}"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One consumer group of a stream. ``lag`` counts entries not yet delivered to it, None
    before Redis 7.0 and where the server does not know. ``pending`` are delivered and not
    acknowledged; the oldest of them was delivered ``oldest_idle`` seconds ago."""

    name: str
    consumers: int = 0
    pending: int = 0
    lag: int | None = None
    oldest_idle: float | None = None


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """One queue at one moment. Whatever is None is not known, which is never zero.

    ``name`` is the configuration's, ``place`` its key or its name in the library that
    ``kind`` names. ``depth`` counts jobs that could be taken now; ``active`` those in hand,
    ``delayed`` those not due yet, ``failed`` those that failed for good. ``oldest`` is for how
    many seconds the oldest job has waited; with ``at_least`` it has waited longer.
    ``arriving`` and ``finishing`` are jobs per second over the last ``span`` seconds,
    ``growing`` what the depth gains (negative: loses) per second. ``drain`` is in how many
    seconds it will be empty at that rate; None when it does not get shorter. ``stuck`` is for
    how many seconds jobs have waited and none was finished, 0 when one just was;
    ``is_stuck`` when that is too long. ``trouble`` says why it could not be read.
    """

    name: Name
    kind: Ident
    place: str
    depth: int | None = None
    active: int | None = None
    delayed: int | None = None
    failed: int | None = None
    workers: int | None = None
    oldest: float | None = None
    at_least: bool = False
    span: float | None = None
    arriving: float | None = None
    finishing: float | None = None
    growing: float | None = None
    drain: float | None = None
    stuck: float | None = None
    is_stuck: bool = False
    paused: bool = False
    counts: tuple[Count, ...] = ()
    groups: tuple[Group, ...] = ()
    failures: tuple[FailedJob, ...] = ()
    notes: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def key(self) -> str:
        return f"queue:{self.name}"


class RedisSeen(Sight, frozen=True, tag="redis", kw_only=True):
    """One poll of a Redis server: the server, and the queues in the configuration's order."""

    LINES: ClassVar[frozenset[str]] = frozenset()

    server: RedisServer
    queues: tuple[Queue, ...] = ()
