"""RQ's workers: who lives, and what they have finished.

A worker's key expires by itself, when it is waiting only after 8 minutes (``worker_ttl`` and
60 s), and with a job in hand after 90 s. But it listens on a channel of its own from its start
to its end: its connection tells at once when it was killed, while a machine that lost its power
leaves that, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warroom.connect.queues.asking import Replies
from warroom.connect.queues.talk import Command, Reply, ReplyError, count, items, raw, text, whole

KEY = b"rq:worker:"
CHANNEL = b"rq:pubsub:"
WORKERS = 100
"""The most workers that are looked at."""
FIELDS = ("queues", "birth", "death", "successful_job_count", "failed_job_count")
MANY = f"workers: there are more than the {WORKERS} that are looked at"
SHARED = "finishing: its workers serve other queues, too, and count for all of them together"
KILLED = "workers: one that is killed counts for up to 8 min more, as PUBSUB NUMSUB is refused"


@dataclass(frozen=True)
class Worker:
    """One whose key is there. ``finished`` counts attempts at jobs of all its ``queues`` since
    its birth, None where that is no count; ``listens`` is None when it is not told."""

    key: bytes
    queues: str
    birth: bytes
    finished: int | None
    listens: bool | None = None

    def serves(self, queue: str) -> bool:
        return queue in self.queues.split(",")


def worker_commands(keys: Sequence[bytes]) -> dict[str, Command]:
    """What is asked of the workers that are registered, at most ``WORKERS``."""
    if not keys:
        return {}
    found: dict[str, Command] = {f"worker {n}": ("HMGET", key, *FIELDS) for n, key in _each(keys)}
    return found | {"listen": ("PUBSUB", "NUMSUB", *(_channel(key) for key in keys[:WORKERS]))}


def workers(
    keys: Sequence[bytes], queue: str, replies: Replies, notes: list[str]
) -> list[Worker] | None:
    """Those that serve ``queue``, of the replies to ``worker_commands``; None when they are
    not all told. A name may be registered here that serves other queues by now."""
    try:
        listen: dict[bytes, int] | None = _listeners(replies.get("listen")) if keys else {}
    except ReplyError:
        listen = None
    found: list[Worker] = []
    for number, key in _each(keys):
        try:
            worker = _worker(key, items(replies.get(f"worker {number}")), listen)
        except ReplyError as error:
            notes.append(f"workers: {error}")
            return None
        if worker is not None and worker.serves(queue):
            found.append(worker)
    if len(keys) > WORKERS:
        notes.append(MANY)
        return None
    if listen is None and found:
        notes.append(KILLED)
    if any(each.queues != queue for each in found):
        notes.append(SHARED)
    gone = sum(each.listens is False for each in found)
    if gone:
        notes.append(f"workers: {gone} more registered and not connected: killed, or cut off")
    return found


def alive(found: Sequence[Worker] | None) -> int | None:
    return None if found is None else sum(each.listens is not False for each in found)


def crew(found: Sequence[Worker] | None) -> frozenset[bytes] | None:
    """Who they are: a name that is born again counts from nothing."""
    return None if found is None else frozenset(each.key + b" " + each.birth for each in found)


def finished(
    found: Sequence[Worker] | None, queue: str, before: frozenset[bytes] | None
) -> int | None:
    """Attempts at jobs of ``queue``, by the counters of its workers.

    None where these count for other queues, too. And None, for once, when one of those that
    were there ``before`` left, whose counter left with it. Who came since, and nobody left,
    has finished all that it counts since then.
    """
    counts = [each.finished for each in found or () if each.queues == queue]
    told = [each for each in counts if each is not None]
    if not found or len(told) != len(found):
        return None
    here = crew(found)
    if before is not None and here is not None and not before <= here:
        return None
    return sum(told)


def _each(keys: Sequence[bytes]) -> list[tuple[int, bytes]]:
    return list(enumerate(keys[:WORKERS]))


def _channel(key: bytes) -> bytes:
    return CHANNEL + key.removeprefix(KEY)


def _listeners(reply: Reply) -> dict[bytes, int]:
    told = items(reply)
    return {
        channel: count(listeners)
        for channel, listeners in zip(told[::2], told[1::2], strict=False)
        if isinstance(channel, bytes)
    }


def _worker(key: bytes, told: list[Reply], listen: dict[bytes, int] | None) -> Worker | None:
    """None when its key has expired, or it has said that it left."""
    queues, birth, death, *counts = [*told, *[None] * len(FIELDS)][: len(FIELDS)]
    if queues is None or death is not None:
        return None
    counted = [0 if each is None else whole(each) for each in counts]
    done = [each for each in counted if each is not None and each >= 0]
    return Worker(
        key=key,
        queues=text(queues),
        birth=raw(birth) or b"",
        finished=sum(done) if len(done) == len(counts) else None,
        listens=None if listen is None else bool(listen.get(_channel(key))),
    )
