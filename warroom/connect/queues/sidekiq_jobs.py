"""Sidekiq's failed jobs: those given up (``dead``), and those that wait to be tried again.

Of ``retry`` those are read that come next: its scores are when a job is tried again, which is
later with each attempt, so that what just failed for the first time is at its beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from warroom.connect.queues.layout import LISTED
from warroom.connect.queues.payloads import LONGEST, digest, laid_out, told, when
from warroom.connect.queues.sidekiq_payload import backtrace, fields, unix_time, words
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, items, raw, real
from warroom.measure.redis import FailedJob

SEARCHED = 4 * LISTED
"""Jobs of each set among which one is looked for."""
ERROR = 500
"""Characters of an error that are kept."""
MOST = 10_000
"""A job that was tried more often was not."""


@dataclass(frozen=True)
class Job:
    """One in a sorted set; ``score`` is when it died or is tried again (Unix time, s)."""

    place: str
    payload: bytes
    score: float | None
    fields: Mapping[str, Any]

    @property
    def identity(self) -> str:
        return words(self.fields.get("jid"))[:LONGEST] or digest(self.payload).hex()

    @property
    def name(self) -> str:
        """ActiveJob wraps: what it wraps is the job that people know."""
        names = (self.fields.get(each) for each in ("display_class", "wrapped", "class"))
        return next((found[:LONGEST] for each in names if (found := words(each))), "")

    @property
    def error(self) -> str:
        parts = (words(self.fields.get(each)) for each in ("error_class", "error_message"))
        return ": ".join(part for part in parts if part).partition("\n")[0][:ERROR]

    @property
    def attempts(self) -> int | None:
        """``retry_count`` is none of the first one."""
        retries = self.fields.get("retry_count")
        if not isinstance(retries, int) or isinstance(retries, bool):
            return None
        return retries + 1 if 0 <= retries < MOST else None

    @property
    def failed_at(self) -> float | None:
        """``failed_at`` is the first time, ``retried_at`` the last one (Unix time, s)."""
        again = unix_time(self.fields.get("retried_at"))
        return again if again is not None else unix_time(self.fields.get("failed_at"))


def failed_jobs(prefix: str, queue: str, called: str) -> Look[tuple[FailedJob, ...]]:
    """Those of this queue among the first of all, newest failure first; ``called`` is its
    configured name."""
    jobs = yield from _first(prefix, LISTED)
    ours = [job for job in jobs if job.fields.get("queue") == queue]
    ours.sort(key=lambda job: job.failed_at or 0.0, reverse=True)
    found: dict[str, FailedJob] = {}
    for job in ours:
        found.setdefault(job.identity, _failed(job, called))
    return tuple(found.values())[:LISTED]


def whole_job(prefix: str, identity: str) -> Look[str]:
    """All of one job. Raises ReplyError when it is not there."""
    for job in (yield from _first(prefix, SEARCHED)):
        if job.identity == identity:
            return told([*_lines(job), *laid_out(job.payload)])
    searched = f"the {SEARCHED} that died last, or that are tried again first"
    raise ReplyError(f"job {identity} is not among {searched}, any more")


def _first(prefix: str, most: int) -> Look[list[Job]]:
    asked: list[Command] = [
        ("ZREVRANGE", f"{prefix}dead", 0, most - 1, "WITHSCORES"),
        ("ZRANGE", f"{prefix}retry", 0, most - 1, "WITHSCORES"),
    ]
    dead, retry = yield asked
    return [*_jobs("dead", dead), *_jobs("retry", retry)]


def _jobs(place: str, reply: Reply) -> list[Job]:
    """Raises ReplyError."""
    listed = items(reply)
    found = []
    for member, score in zip(listed[::2], listed[1::2], strict=False):
        payload = raw(member)
        if payload is not None and (job := fields(payload)):
            found.append(Job(place, payload, real(score), job))
    return found


def _failed(job: Job, called: str) -> FailedJob:
    failed_at = job.failed_at
    return FailedJob(
        queue=called,
        id=job.identity,
        name=job.name,
        error=job.error,
        failed_at=None if failed_at is None else datetime.fromtimestamp(failed_at, UTC),
        attempts=job.attempts,
    )


def _lines(job: Job) -> list[str]:
    """What is told of a job before its payload."""
    given_up = job.place == "dead"
    times = {
        "created": unix_time(job.fields.get("created_at")),
        "queued": unix_time(job.fields.get("enqueued_at")),
        "failed first": unix_time(job.fields.get("failed_at")),
        "failed last": job.failed_at,
        "given up" if given_up else "tried again": unix_time(job.score),
    }
    trace = job.fields.get("error_backtrace")
    lines = backtrace(trace)
    unread = ["its backtrace cannot be read"] if trace is not None and lines is None else []
    return [
        f"set: {job.place}, {'given up' if given_up else 'to be tried again'}",
        f"name: {job.name}",
        f"queue: {words(job.fields.get('queue'))[:LONGEST]}",
        *([f"attempts: {job.attempts}"] if job.attempts is not None else []),
        *(f"{what}: {when(at)}" for what, at in times.items() if at is not None),
        f"error: {job.error}",
        *(f"  {line}" for line in lines or unread),
    ]
