"""The newest event of an issue, for a person who asks: what was raised, and where. Pure.

"Retrieve an Issue Event" (docs.sentry.io): ``entries`` of type ``exception`` hold the values, the
cause before what it led to, each with its frames, the innermost last. Local variables, headers and
the request are not shown: secrets are in them.
"""

from collections.abc import Iterator

import msgspec

from warroom.connect.wording import in_short
from warroom.sources.sentry.reading import Scalar, decoded

MOST_FRAMES, MOST_VALUES, MOST_LINES = 12, 5, 8
LONGEST = 1_000
"""Characters of one line."""
_TAGS = ("environment", "server_name", "transaction", "url")


class _Frame(msgspec.Struct, frozen=True, rename="camel"):
    filename: Scalar = None
    module: Scalar = None
    function: Scalar = None
    line_no: Scalar = None


class _Trace(msgspec.Struct, frozen=True):
    frames: tuple[_Frame, ...] | None = None


class _Value(msgspec.Struct, frozen=True):
    type: Scalar = None
    value: Scalar = None
    stacktrace: _Trace | None = None


class _Raised(msgspec.Struct, frozen=True):
    values: tuple[_Value, ...] | None = None


class _Entry(msgspec.Struct, frozen=True):
    type: Scalar = None
    data: msgspec.Raw = msgspec.Raw(b"{}")


class _Tag(msgspec.Struct, frozen=True):
    key: Scalar = None
    value: Scalar = None


class _Release(msgspec.Struct, frozen=True):
    version: Scalar = None


class _Event(msgspec.Struct, frozen=True):
    title: Scalar = None
    eventID: Scalar = None  # noqa: N815 - the API's own name
    dateCreated: Scalar = None  # noqa: N815 - the API's own name
    message: Scalar = None
    release: _Release | str | None = None
    tags: tuple[_Tag, ...] = ()
    entries: tuple[_Entry, ...] = ()


def told(body: bytes) -> str:
    """Several lines. Raises ProbeError ``answer`` for what is no event."""
    event = decoded(body, _Event, "event")
    values = [value for entry in event.entries for value in _values(entry)]
    return "\n".join(in_short(line, LONGEST) for line in _lines(event, values))


def _values(entry: _Entry) -> tuple[_Value, ...]:
    if entry.type != "exception":
        return ()
    return decoded(bytes(entry.data), _Raised, "event").values or ()


def _lines(event: _Event, values: list[_Value]) -> Iterator[str]:
    release = event.release.version if isinstance(event.release, _Release) else event.release
    facts = [
        ("title", event.title),
        ("event", event.eventID),
        ("at", event.dateCreated),
        ("release", release),
        *((tag.key, tag.value) for tag in event.tags if tag.key in _TAGS),
    ]
    for name, value in facts:
        if text := _text(value):
            yield f"{name:<13} {text}"
    for raised in reversed(values[-MOST_VALUES:]):
        yield from _exception(raised)
    if not values:
        yield from ("", *_several(_text(event.message) or "it has no exception and no message"))


def _exception(raised: _Value) -> Iterator[str]:
    yield ""
    yield from _several(f"{_text(raised.type) or 'exception'}: {_text(raised.value)}")
    trace = raised.stacktrace
    frames = (trace.frames or ()) if trace is not None else ()
    for frame in reversed(frames[-MOST_FRAMES:]):
        place = _text(frame.filename) or _text(frame.module) or "?"
        line = f":{frame.line_no}" if isinstance(frame.line_no, int) else ""
        yield f"  {place}{line} in {_text(frame.function) or '?'}"
    if len(frames) > MOST_FRAMES:
        left = len(frames) - MOST_FRAMES
        yield f"  and {left} frame{'s' * (left != 1)} further out"


def _several(text: str) -> list[str]:
    lines = text.splitlines()
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "(cut)"]


def _text(value: Scalar) -> str:
    return in_short(value, LONGEST * MOST_LINES) if isinstance(value, str) else ""
