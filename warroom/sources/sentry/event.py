"""The newest event of an issue, for a person who asks: what was raised, and where. Pure.

"Retrieve an Issue Event" (docs.sentry.io): ``entries`` of type ``exception`` hold the values, the
outermost cause first, each with its frames, the innermost last. Local variables, headers and the
request are not shown: secrets are in them.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from warroom.errors import ProbeError

MOST_FRAMES, MOST_VALUES, MOST_LINES = 12, 5, 8
LONGEST = 400
"""Characters of one line."""


def told(body: bytes) -> str:
    """Several lines. Raises ProbeError ``answer`` for what is no event."""
    try:
        event = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProbeError("answer", "the answer is no event") from error
    return "\n".join(line[:LONGEST] for line in _lines(event))


def _lines(event: dict[str, Any]) -> Iterator[str]:
    for name, key in (("title", "title"), ("event", "eventID"), ("at", "dateCreated")):
        if text := _text(event, key):
            yield f"{name:<13} {text}"
    release = event.get("release")
    version = _text(release, "version") if isinstance(release, dict) else _text(event, "release")
    if version:
        yield f"{'release':<13} {version}"
    for tag in _dicts(event.get("tags")):
        if tag.get("key") in ("environment", "server_name", "transaction", "url"):
            yield f"{_text(tag, 'key'):<13} {_text(tag, 'value')}"
    values = [
        value
        for entry in _dicts(event.get("entries"))
        if entry.get("type") == "exception"
        for value in _dicts(_dict(entry.get("data")).get("values"))
    ]
    for value in reversed(values[-MOST_VALUES:]):
        yield from _exception(value)
    if not values:
        yield ""
        yield from _several(_text(event, "message") or "it has no exception and no message")


def _exception(value: dict[str, Any]) -> Iterator[str]:
    yield ""
    said = f"{_text(value, 'type') or 'exception'}: {_text(value, 'value')}"
    yield from _several(said)
    frames = _dicts(_dict(value.get("stacktrace")).get("frames"))
    for frame in reversed(frames[-MOST_FRAMES:]):
        line = frame.get("lineNo")
        place = _text(frame, "filename") or _text(frame, "module") or "?"
        number = f":{line}" if isinstance(line, int) else ""
        yield f"  {place}{number} in {_text(frame, 'function') or '?'}"
    if len(frames) > MOST_FRAMES:
        yield f"  and {len(frames) - MOST_FRAMES} frames further out"


def _several(text: str) -> list[str]:
    lines = text.splitlines()
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "(cut)"]


def _text(holder: Any, key: str) -> str:
    value = _dict(holder).get(key)
    return value[: LONGEST * MOST_LINES] if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
