"""Sidekiq's failed jobs: those given up (``dead``), then those that wait to be tried again."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from warroom.connect.queues.layout import LISTED
from warroom.connect.queues.payloads import LATEST, LONGEST, READ, laid_out, time_in, told
from warroom.connect.queues.talk import Look, Reply, ReplyError, items, raw
from warroom.measure.redis import FailedJob

SEARCHED = 4 * LISTED
"""Jobs of each set among which one is looked for."""
ERROR = 500
"""Characters of an error that are kept."""


def failed_jobs(prefix: str, queue: str, called: str) -> Look[tuple[FailedJob, ...]]:
    """The newest of this queue among the newest of all; ``called`` is its configured name."""
    found = []
    for _, payload, job in (yield from _newest(prefix, LISTED)):
        if job.get("queue") == queue:
            found.append(_failed(payload, job, called))
    return tuple({job.id: job for job in found}.values())[:LISTED]


def whole_job(prefix: str, identity: str) -> Look[str]:
    """All of one job. Raises ReplyError when it is not there."""
    for place, payload, job in (yield from _newest(prefix, SEARCHED)):
        if job.get("jid") == identity:
            trace = job.get("error_backtrace")
            lines = [f"set: {prefix}{place}", f"error: {_error(job)}"]
            lines += [str(line) for line in trace] if isinstance(trace, list) else []
            return told([*lines, *laid_out(payload)])
    raise ReplyError(f"job {identity} is not among the newest {SEARCHED} that failed any more")


def _newest(prefix: str, most: int) -> Look[list[tuple[str, bytes, dict[str, Any]]]]:
    """A retry's score is when it is tried again: those that failed last come last."""
    replies = yield [("ZREVRANGE", f"{prefix}{place}", 0, most - 1) for place in ("dead", "retry")]
    found = []
    for place, reply in zip(("dead", "retry"), replies, strict=True):
        for payload in _payloads(reply):
            try:
                job = msgspec.json.decode(payload) if len(payload) <= READ else None
            except (msgspec.MsgspecError, RecursionError):
                continue
            if isinstance(job, dict):
                found.append((place, payload, job))
    return found


def _payloads(reply: Reply) -> Iterable[bytes]:
    return [payload for each in items(reply) if (payload := raw(each)) is not None]


def _failed(payload: bytes, job: dict[str, Any], called: str) -> FailedJob:
    # ActiveJob wraps: what it wraps is the job that people know.
    name = job.get("wrapped") or job.get("class")
    attempts = job.get("retry_count")
    return FailedJob(
        queue=called,
        id=str(job.get("jid"))[:LONGEST],
        name=name[:LONGEST] if isinstance(name, str) else "",
        error=_error(job),
        failed_at=_when(time_in(payload, "failed_at")),
        attempts=attempts + 1 if isinstance(attempts, int) and 0 <= attempts < 10_000 else None,
    )


def _error(job: dict[str, Any]) -> str:
    parts = (job.get("error_class"), job.get("error_message"))
    said = ": ".join(part for part in parts if isinstance(part, str) and part)
    return said.partition("\n")[0][:ERROR]


def _when(seconds: float | None) -> datetime | None:
    return None if seconds is None or seconds > LATEST else datetime.fromtimestamp(seconds, UTC)
