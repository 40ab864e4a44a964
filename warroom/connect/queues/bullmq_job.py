"""A job of BullMQ's for a person, and the newest of those that failed."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from warroom.connect.queues.asking import Replies, asking
from warroom.connect.queues.bullmq_keys import Keys, seconds
from warroom.connect.queues.layout import LISTED
from warroom.connect.queues.lists import SEARCHED
from warroom.connect.queues.payloads import LONGEST, READ, laid_out, told, when
from warroom.connect.queues.talk import (
    Command,
    Look,
    Reply,
    ReplyError,
    items,
    raw,
    real,
    sound,
    text,
    whole,
)
from warroom.measure.redis import FailedJob

ERROR = 500
"""Characters of an error that are kept of a failed job."""
LINES = 20
"""The newest lines of a job's log that are shown."""
_SETS = ("completed", "failed", "delayed", "prioritized", "waiting-children")
_LISTS = {"wait": "waiting", "paused": "waiting", "active": "active"}
_LISTED = ("name", "failedReason", "finishedOn", "atm", "attemptsMade")
_TIMES = {"timestamp": "added", "processedOn": "taken", "finishedOn": "finished"}
_PLAIN = {
    "name": "name", "atm": "attempts made", "attemptsMade": "attempts made",
    "ats": "attempts begun", "stc": "stalled", "priority": "priority", "delay": "delay (ms)",
    "pb": "worker", "deid": "deduplication", "rjk": "scheduler", "parentKey": "parent",
    "failedReason": "error", "defa": "will fail with", "progress": "progress",
}  # fmt: skip
_LAID_OUT = {"data": "data", "opts": "options", "returnvalue": "returned"}
_FIELDS = (*_TIMES, *_PLAIN, *_LAID_OUT, "stacktrace")


def newest_failed(keys: Keys, queue: str) -> Look[tuple[FailedJob, ...]]:
    """At most ``LISTED``. Raises ReplyError."""
    (reply,) = yield (("ZREVRANGE", keys.of("failed"), 0, LISTED - 1),)
    ids = [each for item in items(reply) if (each := raw(item)) is not None]
    if not ids:
        return ()
    replies = yield [("HMGET", keys.job(each), *_LISTED) for each in ids]
    return tuple(_failed(queue, each, reply) for each, reply in zip(ids, replies, strict=False))


def whole_job(keys: Keys, identity: str) -> Look[str]:
    """Raises ReplyError when it is gone."""
    replies = yield from asking(_commands(keys, identity))
    found = dict(zip(_FIELDS, items(replies.get("fields")), strict=False))
    if all(each is None for each in found.values()):
        raise ReplyError(f"job {identity} is not in {keys.queue} any more")
    lines = [f"queue: {keys.queue}, job {identity}", f"state: {_state(replies)}"]
    for field, what in _TIMES.items():
        if (at := seconds(found.get(field))) is not None:
            lines.append(f"{what}: {when(at)}")
    lines += [
        f"{what}: {text(found[field])}"
        for field, what in _PLAIN.items()
        if found.get(field) is not None
    ]
    lines += _traces(raw(found.get("stacktrace")))
    for field, what in _LAID_OUT.items():
        if (value := raw(found.get(field))) is not None:
            lines += ["", f"{what}:", *laid_out(value)]
    return told(lines + _log(replies.get("log")))


def _commands(keys: Keys, identity: str) -> dict[str, Command]:
    own = identity.encode("utf-8", "replace")
    commands: dict[str, Command] = {"fields": ("HMGET", keys.job(own), *_FIELDS)}
    for state in _SETS:
        commands[state] = ("ZSCORE", keys.of(state), own)
    for state in _LISTS:
        commands[state] = (
            *("LPOS", keys.of(state), own),
            *("RANK", -1, "MAXLEN", SEARCHED),
        )
    commands["lock"] = ("PTTL", keys.job(own, ":lock"))
    commands["log"] = ("LRANGE", keys.job(own, ":logs"), -LINES, -1)
    return commands


def _state(replies: Replies) -> str:
    """In the library's words. In a list only so many of the next jobs are compared."""
    for state in _SETS:
        if _there(replies.get(state)):
            return state
    for key, state in _LISTS.items():
        if _there(replies.get(key)):
            return state + _held(replies.get("lock")) if state == "active" else state
    return f"in no set, and not among the next {SEARCHED:,} that wait or are in hand"


def _there(reply: Reply) -> bool:
    try:
        return sound(reply) is not None
    except ReplyError:
        return False


def _held(lock: Reply) -> str:
    """Of an active job: its worker renews its lock as long as it lives."""
    try:
        left = real(lock)
    except ReplyError:
        return ""
    if left == -2:
        return ", stalled: no worker holds its lock"
    return f", locked for another {left / 1000:.1f} s" if left is not None and left >= 0 else ""


def _traces(written: bytes | None) -> list[str]:
    """A trace per attempt that failed, the newest last."""
    if written is None:
        return []
    try:
        found = msgspec.json.decode(written) if len(written) <= READ else None
    except (msgspec.MsgspecError, RecursionError, ValueError):
        found = None
    if not isinstance(found, list):
        return ["", "stack traces:", *laid_out(written)]
    lines: list[str] = []
    for number, trace in enumerate(found, 1):
        lines += ["", f"stack trace {number}:", *str(trace).splitlines()]
    return lines


def _log(reply: Reply) -> list[str]:
    try:
        lines = [text(each) for each in items(reply)]
    except ReplyError:
        return []
    return ["", f"log (the newest {LINES} lines at most):", *lines] if lines else []


def _failed(queue: str, identity: bytes, reply: Reply) -> FailedJob:
    found: Sequence[Reply] = _fields(reply)
    at = seconds(found[2])
    made = [each for each in (whole(found[3]), whole(found[4])) if each is not None and each >= 0]
    lines = text(found[1]).strip().splitlines()
    return FailedJob(
        queue=queue,
        id=identity.decode("utf-8", "replace"),
        name=text(found[0])[:LONGEST],
        error=lines[0][:ERROR] if lines else "",
        failed_at=datetime.fromtimestamp(at, UTC) if at is not None else None,
        attempts=made[0] if made else None,
    )


def _fields(reply: Reply) -> list[Reply]:
    """Those that a job has; none when it is gone, or is no hash."""
    try:
        found = items(reply)[: len(_LISTED)]
    except ReplyError:
        found = []
    sane = [each if each is None or isinstance(each, bytes) else None for each in found]
    return [*sane, *[None] * (len(_LISTED) - len(sane))]
