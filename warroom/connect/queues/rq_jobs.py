"""RQ's jobs: hashes by their id, and streams of what came of them."""

import binascii
import re
import zlib
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime

from warroom.connect.queues.layout import LISTED
from warroom.connect.queues.payloads import LONGEST, SHOWN, instant, laid_out, told
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, items, raw, text, whole
from warroom.measure.redis import FailedJob

ERROR = 500
"""Characters of an error that are kept."""
_UNPACKED = 65_536
"""Bytes of a stack trace that are unpacked."""
_NAME = re.compile(r"[\w.:<>-]+")
_FIELDS = ("description", "ended_at", "exc_info", "number_of_retries", "retries_left")
_WHOLE = (
    *("status", "origin", "description", "created_at", "enqueued_at", "started_at", "ended_at"),
    *("worker_name", "timeout", "number_of_retries", "retries_left", "exc_info", "data"),
)


def failed_jobs(registry: str, called: str) -> Look[tuple[FailedJob, ...]]:
    """The newest, which end last; ``called`` is the queue's configured name."""
    (listed,) = yield [("ZREVRANGE", registry, 0, LISTED - 1)]
    jobs = [job for each in items(listed) if (job := raw(each)) is not None]
    if not jobs:
        return ()
    replies = yield [each for job in jobs for each in _asked(job, _FIELDS)]
    pairs = zip(jobs, replies[::2], replies[1::2], strict=True)
    return tuple(_failed(job, fields, result, called) for job, fields, result in pairs)


def whole_job(identity: str) -> Look[str]:
    """All of one job. Raises ReplyError when it is not there."""
    fields, result = yield _asked(identity.encode(), _WHOLE)
    found = dict(zip(_WHOLE, items(fields), strict=False))
    if found.get("data") is None:
        raise ReplyError(f"there is no job {identity} any more")
    plain = [name for name in _WHOLE if name not in ("exc_info", "data")]
    lines = [f"{name}: {text(found[name])}" for name in plain if found.get(name)]
    trace = _trace(result) or _unpacked(raw(found.get("exc_info")) or b"")
    return told([*lines, "", *trace.splitlines(), "", *laid_out(raw(found["data"]) or b"")])


def _asked(job: bytes, fields: Sequence[str]) -> list[Command]:
    # Before RQ 1.14 the trace was a field of the job; since then it is in its newest result.
    return [
        ("HMGET", b"rq:job:" + job, *fields),
        ("XREVRANGE", b"rq:results:" + job, "+", "-", "COUNT", 1),
    ]


def _failed(job: bytes, fields: Reply, result: Reply, called: str) -> FailedJob:
    told_of = items(fields)
    description, ended, trace, retries, left = told_of if len(told_of) == 5 else [None] * 5
    at = instant(text(ended))
    lines = (_trace(result) or _unpacked(raw(trace) or b"")).strip().splitlines()
    tries, rest = whole(retries), whole(left)
    return FailedJob(
        queue=called,
        id=job.decode("utf-8", "replace")[:LONGEST],
        name=_name(text(description)),
        error=lines[-1][:ERROR] if lines else "",
        failed_at=None if at is None else datetime.fromtimestamp(at, UTC),
        attempts=None if tries is None or rest is None else max(tries - rest, 0) + 1,
    )


def _name(description: str) -> str:
    """The function of ``mails.send('ana@example.org')``: its arguments are payload."""
    match = _NAME.match(description)
    return match[0][:LONGEST] if match is not None else ""


def _trace(result: Reply) -> str:
    """The stack trace in the newest result; empty without one."""
    for entry in items(result):
        told_of = items(entry)
        fields = items(told_of[1]) if len(told_of) == 2 else []
        for name, value in zip(fields[::2], fields[1::2], strict=False):
            if name == b"exc_string" and isinstance(value, bytes):
                try:
                    return _unpacked(b64decode(value[: 2 * _UNPACKED]))
                except (binascii.Error, ValueError):
                    return ""
    return ""


def _unpacked(packed: bytes) -> str:
    """Text that is packed by zlib, as much as is bearable."""
    try:
        return (
            zlib.decompressobj().decompress(packed, _UNPACKED).decode("utf-8", "replace")[-SHOWN:]
        )
    except zlib.error:
        return ""
