"""Celery's tasks that workers have fetched and not acknowledged: they go back to their list.

What kombu does when a message's visibility timeout is over (``restore_by_tag`` and
``_do_restore_message`` of ``transport/redis.py``, kombu 5.7.0), for single messages and at once,
in one script. A message goes to the list of step 0, which is read first, and whatever steps of
priority a team has chosen.
"""

from dataclasses import dataclass
from hashlib import sha1

import msgspec

from warroom.connect.queues.celery import Celery
from warroom.connect.queues.lists import COMPARED
from warroom.connect.queues.payloads import READ, instant
from warroom.connect.queues.remedies.reading import SCANNED, Job, fields_of, note, peek, shown
from warroom.connect.queues.remedies.terms import Candidate, Listing, Target
from warroom.connect.queues.talk import Look

MOVE = """
redis.call('LLEN', KEYS[3])
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local kept = redis.call('HGET', KEYS[2], ARGV[1])
if not score or not kept then return 0 end
if score ~= ARGV[2] or redis.sha1hex(kept) ~= ARGV[3] then return -1 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('RPUSH', KEYS[3], ARGV[4])
return 1
"""
PIECE = 50
"""Messages that are read in one round trip."""
ALIVE = (
    "Celery does not tell which worker has a task: one that lives still runs what it has fetched, "
    "and the task runs twice; make sure that it is gone"
)
OTHERS = "another queue's, held for their ETA, or too long or strange to be read"
Fields = dict[str, msgspec.Raw]


@dataclass(frozen=True)
class Message:
    """``back`` is the message as it goes back, ``eta`` when it is to run (Unix time, s)."""

    task: str
    eta: float | None
    back: bytes


def stuck(layout: Celery, now: float, stuck_for: float, most: int) -> Look[Listing]:
    """Those fetched longest ago first. A task that is held for its ETA is not stuck."""
    index, unacked = f"{layout.prefix}unacked_index", f"{layout.prefix}unacked"
    many, looked, jobs = yield from peek(index, "zset", SCANNED, COMPARED)
    old = [(tag, score) for tag, score in jobs if float(score) <= now - stuck_for]
    found: list[Candidate] = []
    seen = 0
    for first in range(0, len(old), PIECE):
        if len(found) >= most:
            break
        piece = old[first : first + PIECE]
        seen += len(piece)
        rows = yield from fields_of([unacked], [tag for tag, _ in piece], READ + 1)
        for job, kept in zip(piece, rows[0] if rows else (), strict=False):
            message = read(kept, layout.queue)
            if message is not None and (message.eta is None or message.eta <= now):
                found.append(_candidate(layout, job, kept, message, now))
    return Listing(
        candidates=tuple(found[:most]),
        total=len(found),
        of=many,
        commands=(
            f"for each: ZREM {index} TAG and HDEL {unacked} TAG, and if it was there "
            f"RPUSH {layout.key(0)} MESSAGE (marked as redelivered)",
        ),
        notes=(
            ALIVE,
            f"{unacked} is of all queues: only what came by way of {layout.queue} is touched",
            *((f"{seen - len(found):,} more are {OTHERS}: left",) if seen > len(found) else ()),
            *note(looked, many, "unacknowledged messages"),
        ),
    )


def read(kept: bytes, queue: str) -> Message | None:
    """Of an entry of ``unacked``; None for another queue's, and for what cannot be read. A
    queue of an exchange with another name is not followed to where it came from."""
    try:
        written, exchange, key = msgspec.json.decode(
            kept, type=tuple[msgspec.Raw, str, str] if len(kept) <= READ else None
        )
        message = msgspec.json.decode(written, type=Fields)
        headers = msgspec.json.decode(message.get("headers", b"{}"), type=Fields)
        task = msgspec.json.decode(headers.get("task", b'""'))
        eta = msgspec.json.decode(headers.get("eta", b"null"))
        back = _redelivered(message, headers)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        return None
    if key != queue or exchange not in ("", queue):
        return None
    name = task if isinstance(task, str) else ""
    return Message(name, instant(eta) if isinstance(eta, str) else None, back)


def _redelivered(message: Fields, headers: Fields) -> bytes:
    """Nothing else in it changes by a byte."""
    true = msgspec.Raw(b"true")
    if "headers" in message:
        message["headers"] = msgspec.Raw(msgspec.json.encode(headers | {"redelivered": true}))
        told = msgspec.json.decode(message.get("properties", b"{}"), type=Fields)
        if "delivery_info" in told:
            info = msgspec.json.decode(told["delivery_info"], type=Fields) | {"redelivered": true}
            told["delivery_info"] = msgspec.Raw(msgspec.json.encode(info))
            message["properties"] = msgspec.Raw(msgspec.json.encode(told))
    return msgspec.json.encode(message)


def _candidate(layout: Celery, job: Job, kept: bytes, message: Message, now: float) -> Candidate:
    tag, score = job
    age = now - float(score)
    keys = (f"{layout.prefix}unacked_index", f"{layout.prefix}unacked", layout.key(0))
    digest = sha1(kept, usedforsecurity=False).hexdigest()
    words = f"{shown(message.task.encode()) or 'a task'}, fetched {age:,.0f} s ago"
    return Candidate(
        Target(tag.decode("utf-8", "replace"), words, f"{score.decode()} {digest}"),
        ("EVAL", MOVE, 3, *keys, tag, score, digest, message.back),
    )
