"""What Sidekiq writes as JSON: its jobs, and what a process tells of itself."""

import binascii
import zlib
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import msgspec

from warroom.connect.queues.payloads import READ, instant


def fields(written: bytes | None) -> Mapping[str, Any]:
    """A JSON object's; none where it is anything else, or longer than is decoded."""
    found = _decoded(written or b"")
    return found if isinstance(found, dict) else {}


def unix_time(value: Any) -> float | None:
    """A Unix time (s) of what stands in a field: seconds until 7, milliseconds from 8."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return instant(str(value))


def words(value: Any) -> str:
    """A field's text; empty where it holds anything else."""
    return value if isinstance(value, str) else ""


def backtrace(value: Any) -> list[str] | None:
    """The lines of ``error_backtrace``, which are deflated and Base64 (``job_retry.rb``), or a
    list as older ones have them; None where they cannot be read."""
    found = _inflated(value) if isinstance(value, str) else value
    if not isinstance(found, list):
        return None
    return [line for line in found if isinstance(line, str)]


def _inflated(packed: str) -> Any:
    """A few bytes may be deflated from any number: no more than is decoded is made of them."""
    try:
        return _decoded(zlib.decompressobj().decompress(b64decode(packed), READ + 1))
    except (binascii.Error, ValueError, zlib.error):
        return None


def _decoded(written: bytes) -> Any:
    try:
        return msgspec.json.decode(written) if len(written) <= READ else None
    except (msgspec.MsgspecError, ValueError, RecursionError):  # ValueError: not UTF-8
        return None
