"""What came of RQ's jobs: entries of the stream ``rq:results:ID``, the newest ten or so.

Before RQ 1.12 a job had no such stream, and its stack trace was a field of its own.
"""

import binascii
import zlib
from base64 import b64decode
from dataclasses import dataclass

from warroom.connect.queues.payloads import LATEST, READ, laid_out
from warroom.connect.queues.talk import Reply, ReplyError, items, raw, text, whole

KINDS = {1: "successful", 2: "failed", 3: "stopped", 4: "retried", 5: "maximum of retries exceeded"}
"""``Result.Type`` in RQ's ``results.py``."""
GAVE_UP = 5
_FRAME = "  File "


@dataclass(frozen=True)
class Result:
    """``at`` is when it was written (Unix time, s)."""

    kind: int | None
    at: float | None
    trace: str = ""
    worker: str = ""
    returned: bytes | None = None

    @property
    def error(self) -> str:
        """One line."""
        gave_up = "asked for another retry, more than its maximum"
        return error_in(self.trace) or (gave_up if self.kind == GAVE_UP else "")


def results(reply: Reply) -> list[Result]:
    """Those that can be read of a range of the stream. Raises ReplyError."""
    return [found for each in items(reply) if (found := _result(each)) is not None]


def error_in(trace: str) -> str:
    """The line of a stack trace that names the error: the first after its last frame."""
    lines = trace.strip().splitlines()
    frames = [number for number, line in enumerate(lines) if line.startswith(_FRAME)]
    after = lines[frames[-1] :] if frames else lines
    return next((line for line in after if line[:1].strip()), "")


def unpacked(packed: bytes) -> tuple[bytes, bool]:
    """What zlib has packed, as far as is bearable, and whether that is all of it. Raises
    ReplyError."""
    opening = zlib.decompressobj()
    try:
        found = opening.decompress(packed, READ)
    except zlib.error as error:
        raise ReplyError("not packed by zlib") from error
    return found, opening.eof


def trace_in(packed: bytes | None) -> str:
    """A packed stack trace; empty where it is none."""
    try:
        return unpacked(packed or b"")[0].decode("utf-8", "replace")
    except ReplyError:
        return ""


def payload_told(packed: bytes) -> list[str]:
    """A payload, packed since RQ 0.13, as lines for a person. Unpacked it is still pickled."""
    try:
        found, whole_one = unpacked(packed)
    except ReplyError:
        return laid_out(packed)
    if whole_one:
        return laid_out(found)
    _, *shown = laid_out(found)
    return [f"payload: {len(packed):,} bytes packed; the first {READ:,} of it unpacked:", *shown]


def returned_told(result: Result) -> list[str]:
    """What a job returned, as lines for a person."""
    found = None if result.returned is None else decoded(result.returned)
    return [] if found is None else ["", "returned:", *laid_out(found)]


def decoded(written: bytes) -> bytes | None:
    """Base64, as much as is bearable; None where it is none."""
    try:
        return b64decode(written[: READ * 4])
    except (binascii.Error, ValueError):
        return None


def _result(entry: Reply) -> Result | None:
    """None where it has not the shape of an entry."""
    try:
        identity, told = items(entry)
        listed = items(told)
        names = [text(each) for each in listed[::2]]
        values = [raw(each) for each in listed[1::2]]
        written = text(identity).partition("-")[0]
    except (ReplyError, ValueError):
        return None
    fields = dict(zip(names, values, strict=False))
    trace = fields.get("exc_string")
    seconds = int(written) / 1000 if written.isdecimal() and len(written) < 20 else 0.0
    return Result(
        kind=whole(fields.get("type")),
        at=seconds if 0 < seconds <= LATEST else None,
        trace=trace_in(decoded(trace)) if trace is not None else "",
        worker=text(fields.get("worker_name")),
        returned=fields.get("return_value"),
    )
