"""Sidekiq's failed jobs: what its web page does on "Retry now" (``SortedEntry#retry`` of
``api.rb`` and ``Client#atomic_push`` of ``client.rb``, as 7 and 8 have them), in one script.

The job loses one of its ``retry_count``, so that it gets one attempt more, and keeps what it
tells of its error. A client's own middleware is not run for it.
"""

import msgspec

from warroom.connect.queues.payloads import READ, digest
from warroom.connect.queues.remedies.reading import SCANNED, note, peek, shown
from warroom.connect.queues.remedies.terms import Candidate, Listing, Target
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.sidekiq_jobs import Job
from warroom.connect.queues.sidekiq_payload import fields, unix_time
from warroom.connect.queues.talk import Look

MOVE = """
redis.call('LLEN', KEYS[3])
redis.call('SCARD', KEYS[2])
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('LPUSH', KEYS[3], ARGV[3])
return 1
"""
SETS = ("dead", "retry")


def failed(layout: Sidekiq, now: float, most: int) -> Look[Listing]:
    """Of this queue, those that died first, then those that are tried again next. How many
    there are is known only of those that were looked at: the sets are of all queues."""
    found: list[Candidate] = []
    notes: list[str] = []
    of = 0
    for name in SETS:
        many, looked, jobs = yield from peek(layout.key(name), "zset", SCANNED)
        of += many
        notes += note(looked, many, f"of {name}, of all queues,")
        for payload, score in jobs:
            job = Job(name, payload, unix_time(score.decode("ascii", "replace")), fields(payload))
            if job.fields.get("queue") != layout.queue:
                continue
            if (pushed := again(payload, now)) is not None:
                found.append(_candidate(layout, job, pushed))
    return Listing(
        candidates=tuple(found[:most]),
        total=len(found),
        of=of,
        commands=(
            f"for each: ZREM {layout.key('dead')} JOB (or {layout.key('retry')}), and if it was "
            f"there LPUSH {layout.waiting} JOB with one less retry_count and a new enqueued_at",
            f"SADD {layout.key('queues')} {layout.queue}",
        ),
        notes=("dead and retry are of all queues: only this one's are touched", *notes),
    )


def again(payload: bytes, now: float) -> bytes | None:
    """The job as it is pushed once more; nothing else in it changes by a byte. None for what
    cannot be read."""
    try:
        found = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
        tried = found.get("retry_count")
        if tried is not None and bytes(tried) != b"null":
            found["retry_count"] = msgspec.Raw(b"%d" % (int(bytes(tried)) - 1))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    found.pop("at", None)
    found["enqueued_at"] = msgspec.Raw(_at(bytes(found.get("created_at", b"")), now))
    pushed = msgspec.json.encode(found)
    return pushed if len(pushed) <= READ else None


def _at(created: bytes, now: float) -> bytes:
    """In whole milliseconds, as 8 writes times, or seconds, as those before do."""
    return b"%d" % (now * 1000) if created.isdigit() and len(created) > 11 else b"%.6f" % now


def _candidate(layout: Sidekiq, job: Job, pushed: bytes) -> Candidate:
    tried = "" if job.attempts is None else f", tried {job.attempts} times"
    words = f"{job.place}: {job.name or job.identity}{tried}, {shown(job.error.encode())}"
    return Candidate(
        Target(job.identity, words, f"{job.place} {digest(job.payload).hex()}"),
        (
            *("EVAL", MOVE, 3, layout.key(job.place), layout.key("queues"), layout.waiting),
            *(job.payload, layout.queue, pushed),
        ),
    )
