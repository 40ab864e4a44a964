"""BullMQ's jobs that failed, or that have lost their lock, and with it their worker.

A worker renews the locks of its jobs as long as it lives, and brings back what others have lost
every 30 s: what is stuck for longer is so where no worker is there.
"""

from collections.abc import Sequence

from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.bullmq_keys import MARKER
from warroom.connect.queues.lists import COMPARED
from warroom.connect.queues.payloads import when
from warroom.connect.queues.remedies.bullmq_scripts import FAILED, STUCK
from warroom.connect.queues.remedies.reading import SCANNED, Job, fields_of, note, peek, shown
from warroom.connect.queues.remedies.terms import Candidate, Listing, Target
from warroom.connect.queues.talk import Argument, Look, ReplyError, count, items, real

PAUSED = "the queue is paused, and versions differ in where its jobs go then: resume it first"
WHY = {
    -2: PAUSED,
    -3: "its own key is gone: there is nothing left to be done",
    -4: "a worker holds its lock again",
}
_GROUPS = ("groups", "groups:limit", "groups:max", "groups:paused")


def as_it_is(layout: Bullmq) -> Look[None]:
    """Raises ReplyError for what no remedy knows how to move: BullMQ Pro's groups, and what
    versions before 5 keep in other keys."""
    of = layout.keys.of
    groups, rested, right = yield (
        ("EXISTS", *(of(each) for each in _GROUPS)),
        ("LLEN", of("paused")),
        ("LRANGE", of("wait"), -1, -1),
    )
    if count(groups):
        raise ReplyError(f"{layout.place}: BullMQ Pro's groups keep jobs of their own")
    if count(rested):
        raise ReplyError(f"{layout.place}: {PAUSED}")
    if any(isinstance(each, bytes) and each.startswith(MARKER) for each in items(right)):
        raise ReplyError(f"{layout.place}: written by BullMQ before 5, whose keys differ")


def failed(layout: Bullmq, now: float, most: int) -> Look[Listing]:
    """The oldest failure first. Attempts that were made stay made: a job without any left gets
    one, and no more, as by ``Job.retry``."""
    of = layout.keys.of
    yield from _ready(layout)
    many, looked, jobs = yield from peek(of("failed"), "zset", most, COMPARED)
    names = ("name", "failedReason", "finishedOn")
    rows = yield from fields_of([layout.keys.job(job) for job, _ in jobs], names)
    found = [_failed(layout, job, row) for job, row in zip(jobs, rows, strict=True)]
    return Listing(
        candidates=tuple(found),
        total=many,
        of=many,
        commands=(
            f"for each: ZREM {of('failed')} ID, and if it was there HDEL {of('ID')} finishedOn "
            f"processedOn failedReason, LPUSH {of('wait')} ID (or ZADD {of('prioritized')})",
            f"ZADD {of('marker')} 0 0, XADD {of('events')} * event waiting jobId ID prev failed",
        ),
        notes=note(looked, min(many, most), "failed jobs"),
        why=WHY,
    )


def stuck(layout: Bullmq, now: float, most: int) -> Look[Listing]:
    """Those taken first come first. A job with a lock is in the hands of a worker that lives,
    and not stuck, however long it takes."""
    of, keys = layout.keys.of, layout.keys
    yield from _ready(layout)
    many, looked, jobs = yield from peek(of("active"), "right", SCANNED, COMPARED)
    ids = [job for job, _ in jobs if not job.startswith(MARKER)]
    locks = (yield [("EXISTS", keys.job(each, ":lock")) for each in ids]) if ids else ()
    lost = [each for each, lock in zip(ids, locks, strict=True) if count(lock) == 0]
    rows = yield from fields_of([keys.job(each) for each in lost], ("name", "processedOn", "pb"))
    found = [_stuck(layout, each, row, now) for each, row in zip(lost, rows, strict=True)]
    return Listing(
        candidates=tuple(found[:most]),
        total=len(found),
        of=many,
        commands=(
            f"for each without a lock: LREM {of('active')} 1 ID, and if it was there "
            f"RPUSH {of('wait')} ID, SREM {of('stalled')} ID, HINCRBY {of('ID')} stc 1",
            f"ZADD {of('marker')} 0 0, XADD {of('events')} * event stalled jobId ID",
        ),
        notes=("jobs whose lock is held are left", *note(looked, many, "jobs in hand")),
        why=WHY,
    )


def _ready(layout: Bullmq) -> Look[None]:
    yield from as_it_is(layout)
    (paused,) = yield (("HEXISTS", layout.keys.of("meta"), "paused"),)
    if count(paused):
        raise ReplyError(f"{layout.place}: {PAUSED}")


def _failed(layout: Bullmq, job: Job, row: Sequence[bytes]) -> Candidate:
    identity, score = job
    at = real(row[2])
    since = f", {when(at / 1000)}" if at is not None and 0 < at < 2.5e14 else ""
    words = f"{shown(row[0])}: {shown(row[1])}{since}"
    return Candidate(
        Target(_id(identity), words, f"{score.decode()} {identity.hex()}"),
        ("EVAL", FAILED, 9, *_keys(layout, identity, "failed"), identity, score),
    )


def _stuck(layout: Bullmq, identity: bytes, row: Sequence[bytes], now: float) -> Candidate:
    name, taken, worker = row
    at = real(taken)
    age = f", taken {now - at / 1000:,.0f} s ago" if at is not None else ""
    by = f", worker {shown(worker)}" if worker else ""
    return Candidate(
        Target(
            _id(identity), f"{shown(name)}{age}{by}, no lock", f"{taken.hex()} {identity.hex()}"
        ),
        ("EVAL", STUCK, 9, *_keys(layout, identity, "stalled"), identity, taken),
    )


def _keys(layout: Bullmq, identity: bytes, place: str) -> list[Argument]:
    rest = (place, "wait", "prioritized", "pc", "meta", "active", "marker", "events")
    return [layout.keys.job(identity), *(layout.keys.of(each) for each in rest)]


def _id(identity: bytes) -> str:
    return identity.decode("utf-8", "replace")
