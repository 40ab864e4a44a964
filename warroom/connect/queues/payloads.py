"""What is taken out of a job's payload, which is outside text of any kind and length."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec

READ = 262_144
"""Bytes of the longest payload that is decoded: the engine's loop has no time for more."""
SHOWN = 20_000
"""Characters that a person sees of one job."""
MILLISECONDS = 1e11
"""A Unix time that is greater counts milliseconds: in seconds it would be the year 5138."""
LATEST = 2.5e11
"""The greatest Unix time in seconds that a date can be made of (the year 9892)."""
IDENTITIES = ("id", "uuid", "jid", "job_id", "jobId", "task_id", "message_id", "messageId")
"""Fields that tell a job from all others, as teams and libraries call them."""
CUT = "\n… (cut)"
LONGEST = 200
"""Characters of a job's name."""


def digest(payload: bytes) -> bytes:
    """16 bytes that tell one payload from another."""
    return blake2b(payload, digest_size=16).digest()


def time_in(payload: bytes, path: str | None) -> float | None:
    """The Unix time (s) at the dotted ``path`` of a JSON payload; None where there is none.

    It may be seconds, milliseconds or ISO 8601; without an offset that is UTC.
    """
    found = _at(payload, path)
    if isinstance(found, str):
        return _read(found)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return _seconds(found)
    return None


def named_by_itself(payload: bytes) -> bool:
    """Whether a JSON payload has a field that is made to be its job's alone."""
    found = _decoded(payload)
    return isinstance(found, dict) and any(found.get(name) for name in IDENTITIES)


def instant(written: str) -> float | None:
    """The Unix time (s) of an ISO 8601 date or a number; None where it is neither."""
    return _read(written)


def named(payload: bytes, path: str | None) -> str:
    """The text at the dotted ``path`` of a JSON payload; empty where there is none."""
    found = _at(payload, path)
    return found[:LONGEST] if isinstance(found, str) else ""


def when(seconds: float) -> str:
    """A Unix time, which ``time_in`` gave, for people."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "milliseconds")


def laid_out(payload: bytes) -> list[str]:
    """A payload as lines for a person: JSON in its order, anything else as printable bytes.
    A pickle is code that runs when it is read, so nobody reads it."""
    size = f"payload: {len(payload):,} bytes"
    if payload.startswith(b"\x80"):
        size += ", pickled (not opened)"
    return [size, "", *_shown(payload).splitlines()]


def told(lines: Sequence[str]) -> str:
    """What a person is told of a job, as one text of bounded length."""
    whole = "\n".join(lines)
    return whole if len(whole) <= SHOWN else whole[: SHOWN - len(CUT)] + CUT


def _shown(payload: bytes) -> str:
    if len(payload) <= SHOWN:  # nested deeply it becomes a thousand times as long, no more
        try:
            return msgspec.json.format(payload, indent=2).decode("utf-8", "replace")
        except (msgspec.MsgspecError, RecursionError):
            pass
    return repr(payload[:SHOWN])[2:-1]


def _at(payload: bytes, path: str | None) -> Any:
    if path is None:
        return None
    found = _decoded(payload)
    for step in path.split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and len(step) < 4:
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def _decoded(payload: bytes) -> Any:
    """None for what is no JSON, or too long to be decoded."""
    if len(payload) > READ:
        return None
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None  # ValueError is what comes of JSON that is not UTF-8


def _read(written: str) -> float | None:
    try:
        return _seconds(float(written))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(written)
        return _seconds((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _seconds(found: float) -> float | None:
    try:
        seconds = float(found)
    except OverflowError:
        return None
    if seconds > MILLISECONDS:
        seconds /= 1000
    return seconds if math.isfinite(seconds) and 0 < seconds <= LATEST else None
