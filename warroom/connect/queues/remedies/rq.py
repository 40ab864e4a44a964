"""RQ's jobs that failed, or whose worker is gone.

From RQ 3.0.0: ``FailedJobRegistry.requeue`` (``registry.py``), and for those in hand what
``StartedJobRegistry.cleanup`` does with a job that has retries left (``Job.retry``), but that
none of these is used up. RQ's own cleaning, every ten minutes, is no transaction: a job that it
is at in that very moment may become a failed one, too.
"""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from warroom.connect.queues.lists import COMPARED
from warroom.connect.queues.remedies.reading import SCANNED, Job, fields_of, note, peek, shown
from warroom.connect.queues.remedies.rq_between import between
from warroom.connect.queues.remedies.rq_gone import Held, gone
from warroom.connect.queues.remedies.rq_scripts import FAILED, STUCK
from warroom.connect.queues.remedies.terms import Candidate, Listing, Target
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.talk import Argument, Look

NO_TRACE = zlib.compress(b"")
LIMITED = "under one of RQ's rate limits: requeue it by RQ itself, which looks for a free place"
WHY = {
    -2: LIMITED,
    -3: "its worker was heard of since it was shown",
    -4: "another worker has it in hand, too",
}
_FAILED = ("status", "ended_at", "origin", "rate_limit_key", "description")


def failed(layout: Rq, now: float, most: int) -> Look[Listing]:
    """Those first that RQ would forget first, which mostly are the oldest."""
    registry = layout.registry("failed")
    many, looked, jobs = yield from peek(registry, "zset", most, COMPARED)
    rows = yield from fields_of([b"rq:job:" + job for job, _ in jobs], _FAILED)
    found = []
    limited = 0
    for each, row in sorted(zip(jobs, rows, strict=True), key=_order):
        status, _, origin, limit, _ = row
        limited += bool(limit)
        if status == b"failed" and origin == layout.queue.encode() and not limit:
            found.append(_failed(layout, each, row, now))
    left = looked - len(found) - limited
    return Listing(
        candidates=tuple(found),
        total=max(many - limited - left, 0),
        of=many,
        commands=(
            f"for each: ZREM {registry} ID, and if it was there and its status is failed "
            "HSET rq:job:ID status queued enqueued_at <now> started_at '' ended_at '' exc_info ''",
            f"RPUSH {layout.key} ID",
        ),
        notes=(
            *((f"{limited:,} are {LIMITED}",) if limited else ()),
            *((f"{left:,} are no failed jobs of this queue any more: left",) if left else ()),
            *note(looked, min(many, most), "failed jobs"),
        ),
        why=WHY,
    )


def stuck(layout: Rq, now: float, stuck_for: float, most: int) -> Look[Listing]:
    """Those that were taken and not begun, then those whose worker has promised to be there
    until longest ago. A job in the hands of
    a worker that lives is not stuck, however long it takes: it has a timeout of its own."""
    registry = layout.registry("wip")
    many, looked, entries = yield from peek(registry, "zset", SCANNED, COMPARED)
    held = yield from gone(entries, now, stuck_for)
    taken = yield from between(layout, most)
    found = [*taken, *(_stuck(layout, each, now) for each in held)]
    return Listing(
        candidates=tuple(found[:most]),
        total=len(found),
        of=many + len(taken),
        commands=(
            f"for each: ZREM {registry} ID:EXECUTION, and if it was there unchanged "
            "DEL rq:execution:ID:EXECUTION, HSET rq:job:ID status queued enqueued_at <now> …",
            f"RPUSH {layout.key} ID",
            *((f"LREM {layout.key}:intermediate 1 ID, LPUSH {layout.key} ID",) if taken else ()),
        ),
        notes=("jobs of workers that live are left", *note(looked, many, "jobs in hand")),
        why=WHY,
    )


def _order(job: tuple[Job, Sequence[bytes]]) -> tuple[float, bytes]:
    """Scores are whole seconds: within one, by when it ended."""
    return float(job[0][1]), job[1][1]


def _failed(layout: Rq, job: Job, row: Sequence[bytes], now: float) -> Candidate:
    identity, score = job
    ended = row[1]
    words = f"{shown(row[4])}, failed {ended.decode('utf-8', 'replace')}"
    keys: list[Argument] = [layout.registry("failed"), *_keys(layout, identity)]
    mark = f"{score.decode()} {ended.hex()} {identity.hex()}"
    return Candidate(
        Target(identity.decode("utf-8", "replace"), words, mark),
        ("EVAL", FAILED, len(keys), *keys, identity, _at(now), NO_TRACE, score, ended),
    )


def _stuck(layout: Rq, held: Held, now: float) -> Candidate:
    entry = b":".join(part for part in (held.job, held.execution) if part)
    keys: list[Argument] = [
        layout.registry("wip"),
        *_keys(layout, held.job),
        b"rq:executions:" + held.job,
        b"rq:execution:" + entry,
        b"rq:worker:" + held.worker + b":executions",
    ]
    mark = f"{entry.hex()} {held.score.decode()}"
    told: list[Argument] = [held.job, _at(now), NO_TRACE, entry, held.score, held.execution]
    return Candidate(
        Target(held.job.decode("utf-8", "replace"), held.words, mark),
        ("EVAL", STUCK, len(keys), *keys, *told),
    )


def _keys(layout: Rq, job: bytes) -> list[Argument]:
    own = b"rq:job:" + job
    beside = own + b":dependents", own + b":dependencies"
    return [own, layout.key, "rq:queues", *beside]


def _at(now: float) -> str:
    """As ``utcformat`` of RQ's ``utils.py`` writes it."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
