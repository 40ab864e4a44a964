"""RQ's jobs: hashes by their id, and what came of them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from warroom.connect.queues.asking import Replies, asking
from warroom.connect.queues.layout import LISTED
from warroom.connect.queues.lists import COMPARED
from warroom.connect.queues.payloads import LONGEST, instant, told, when
from warroom.connect.queues.rq_results import (
    KINDS,
    Result,
    error_in,
    payload_told,
    results,
    returned_told,
    trace_in,
)
from warroom.connect.queues.talk import (
    Command,
    Look,
    Reply,
    ReplyError,
    count,
    items,
    raw,
    real,
    text,
)
from warroom.measure.redis import FailedJob

ERROR = 500
"""Characters of an error that are kept of a failed job."""
RESULTS = 5
"""The newest results that are shown of one job."""
KEPT = 10
"""Results that RQ keeps of a job."""
BEYOND = 60
"""Seconds that RQ adds to what a worker promises, in ``rq:executions:ID``."""
_CALL = re.compile(r"([\w.:<>-]+)\(")
_LISTED = ("description", "ended_at", "retries_left", "exc_info")
_TIMES = {
    "created_at": "created", "enqueued_at": "queued", "started_at": "taken", "ended_at": "ended",
    "last_heartbeat": "last heartbeat",
}  # fmt: skip
_PLAIN = {
    "description": "description", "origin": "queue", "worker_name": "worker",
    "timeout": "timeout (s)", "number_of_retries": "retries asked for by the job",
    "retries_left": "retries left", "retry_intervals": "intervals of retries (s)",
    "repeats_left": "repeats left", "dependency_ids": "depends on", "group_id": "group",
    "rate_limit_key": "rate limit", "ttl": "expires, if not taken, after (s)",
    "result_ttl": "result kept for (s)", "failure_ttl": "failure kept for (s)",
}  # fmt: skip
_WHOLE = ("status", *_TIMES, *_PLAIN, "exc_info", "data")


def failed_jobs(registry: str, called: str) -> Look[tuple[FailedJob, ...]]:
    """The newest; ``called`` is the queue's configured name.

    A score is when RQ forgets the job, which is the same time after each one's failure unless
    the team gave some of them another (``failure_ttl``). Those that are never forgotten have a
    score below zero, and no order: as many of them are read, and the newest of all are given.
    """
    first = yield from asking(
        {
            "now": ("TIME",),
            "newest": ("ZREVRANGE", registry, 0, LISTED - 1, "WITHSCORES"),
            "kept": ("ZRANGEBYSCORE", registry, "-inf", "(0", "LIMIT", 0, LISTED),
        }
    )
    jobs = _not_over(first)
    if not jobs:
        return ()
    replies = yield [command for job in jobs for command in _asked(job)]
    each = zip(jobs, replies[::3], replies[1::3], replies[2::3], strict=False)
    found = [_failed(called, *one) for one in each]
    found.sort(key=lambda one: one.failed_at.timestamp() if one.failed_at else 0.0, reverse=True)
    return tuple(found[:LISTED])


def whole_job(identity: str) -> Look[str]:
    """All of one job. Raises ReplyError when it is not there."""
    job = identity.encode("utf-8", "replace")
    replies = yield from asking(
        {
            "fields": ("HMGET", b"rq:job:" + job, *_WHOLE),
            "results": ("XREVRANGE", b"rq:results:" + job, "+", "-", "COUNT", RESULTS),
            "held": ("ZRANGE", b"rq:executions:" + job, -1, -1, "WITHSCORES"),
            "now": ("TIME",),
        }
    )
    found = dict(zip(_WHOLE, items(replies.get("fields")), strict=False))
    if all(each is None for each in found.values()):
        raise ReplyError(f"there is no job {identity} any more")
    lines = [f"job: {identity}", f"state: {text(found.get('status'))}{_held(replies)}"]
    for field, what in _TIMES.items():
        if (at := instant(text(found.get(field)))) is not None:
            lines.append(f"{what}: {when(at)}")
    lines += [f"{what}: {text(found[name])}" for name, what in _PLAIN.items() if found.get(name)]
    if trace := trace_in(raw(found.get("exc_info"))):
        lines += ["", "stack trace:", *trace.splitlines()]
    lines += _results_told(replies.get("results"))
    if (data := raw(found.get("data"))) is not None:
        lines += ["", *payload_told(data)]
    return told(lines)


def _asked(job: bytes) -> list[Command]:
    return [
        ("HMGET", b"rq:job:" + job, *_LISTED),
        ("XREVRANGE", b"rq:results:" + job, "+", "-", "COUNT", 1),
        ("XLEN", b"rq:results:" + job),
    ]


def _not_over(first: Replies) -> list[bytes]:
    """The ids of a registry's entries, without those that are forgotten by now."""
    now = next((at for each in _listed(first.get("now")) if (at := real(each)) is not None), None)
    listed = items(first.get("newest"))
    found = [
        job
        for job, score in zip(listed[::2], listed[1::2], strict=False)
        if now is None or (ends := real(score)) is None or ends > now or ends < 0
    ]
    jobs = [*found, *_listed(first.get("kept"))]
    kept = [each for each in jobs if isinstance(each, bytes) and len(each) <= COMPARED]
    return list(dict.fromkeys(kept))


def _failed(called: str, job: bytes, fields: Reply, result: Reply, many: Reply) -> FailedJob:
    """Of what it is made of, whatever is there."""
    plain = [each if isinstance(each, bytes) else None for each in _listed(fields)]
    description, ended, retries, packed = [*plain, *[None] * len(_LISTED)][: len(_LISTED)]
    last = _newest(result)
    times = [instant(text(ended)), last.at if last is not None else None]
    at = max((each for each in times if each is not None), default=None)
    error = last.error if last is not None else error_in(trace_in(packed))
    return FailedJob(
        queue=called,
        id=job.decode("utf-8", "replace"),
        name=_name(text(description)),
        error=error[:ERROR],
        failed_at=None if at is None else datetime.fromtimestamp(at, UTC),
        attempts=_attempts(retries, many),
    )


def _attempts(retries_left: Reply, many: Reply) -> int | None:
    """Each attempt leaves a result, but for those that RQ tried again by itself: of these it
    keeps how many are left, and not how many there were."""
    try:
        made = count(many)
    except ReplyError:
        return None
    return made if retries_left is None and 0 < made < KEPT else None


def _name(description: str) -> str:
    """The function of ``mails.send('ana@example.org')``: its arguments are payload. And none of
    a description that the team wrote itself, which is not known to be anything else."""
    match = _CALL.match(description)
    return match[1][:LONGEST] if match is not None else ""


def _newest(reply: Reply) -> Result | None:
    try:
        return next(iter(results(reply)), None)
    except ReplyError:
        return None


def _listed(reply: Reply) -> Sequence[Reply]:
    return reply if isinstance(reply, list) else ()


def _held(replies: Replies) -> str:
    """Of a job in hand: its worker promises again and again to be there until some time."""
    held, now = _listed(replies.get("held")), _listed(replies.get("now"))
    try:
        until, today = real(held[1]), real(now[0])
    except (IndexError, ReplyError):
        return ""
    if until is None or today is None:
        return ""
    left = until - BEYOND - today
    if left < 0:
        return f", stalled: its worker has not been heard of, {-left:.0f} s over its time"
    return f", in hand: its worker is to be heard of within {left:.0f} s"


def _results_told(reply: Reply) -> list[str]:
    try:
        found = results(reply)
    except ReplyError as error:
        return ["", f"results: {error}"]
    lines: list[str] = []
    for number, each in enumerate(found):
        words = [KINDS.get(each.kind or 0, "result")]
        words += [f"at {when(each.at)}"] if each.at is not None else []
        words += [f"by worker {each.worker}"] if each.worker else []
        lines += ["", " ".join(words) + (":" if each.trace else ""), *each.trace.splitlines()]
        lines += returned_told(each) if number == 0 else []
    return lines
