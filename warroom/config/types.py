"""The value types of the configuration: durations, hold times, thresholds."""

import contextlib
import os
import re
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)

from warroom.measure.comparison import Assertion, Threshold
from warroom.measure.rule import Hold

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def parse_duration(value: object) -> float:
    """Seconds from ``"5s"``, ``"1500ms"``, ``"2min"``, ``"4h"``, ``"30d"``.

    A bare number is refused: seconds and milliseconds are too easily confused at 3 a.m.
    """
    match = _DURATION.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('not a duration; write it as "5s", "1500ms", "2min", "4h" or "30d"')
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds <= 0:
        raise ValueError("a duration must be more than nothing")
    return seconds


def parse_hold(value: object) -> Hold:
    """``3`` polls, or ``"30s"``."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return Hold(polls=value)
    if isinstance(value, str):
        return Hold(polls=1, seconds=parse_duration(value))
    raise ValueError('neither a number of polls (1 or more) nor a duration such as "30s"')


def written_duration(seconds: float) -> str:
    """Seconds as the file writes them: the largest unit that leaves a whole number."""
    for unit in ("d", "h", "min", "s"):
        if seconds >= _SECONDS[unit] and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.0f}{unit}"
    return f"{seconds * 1000:.6f}".rstrip("0").rstrip(".") + "ms"


def _written_hold(hold: Hold) -> int | str:
    return written_duration(hold.seconds) if hold.seconds else hold.polls


def parse_day(value: object) -> date:
    """A day as TOML has it, ``2026-03-01``, or the same in quotes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.match(value):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("not a day; write it as 2026-03-01")


def from_folder(path: str, info: ValidationInfo) -> str:
    """``path``, taken from the configuration's own folder; ``~`` is the user's home. An empty one
    is none."""
    if not path:
        return ""
    folder = (info.context or {}).get("folder", "")
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))


def _parse_threshold(value: object) -> Threshold:
    if not isinstance(value, str):
        raise ValueError('a comparison is text, such as "> 5"')
    return Threshold.parse(value)


def _parse_assertion(value: object) -> Assertion:
    if not isinstance(value, str):
        raise ValueError('an assertion is text, such as "checks.memory < 90"')
    return Assertion.parse(value)


Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    WithJsonSchema(
        {"title": "duration", "type": "string", "pattern": r"^\d+(\.\d+)?\s*(ms|s|min|m|h|d)$"}
    ),
    PlainSerializer(written_duration, when_used="json"),
]
"""Seconds, written as text with its unit."""

HoldTime = Annotated[
    Hold,
    BeforeValidator(parse_hold),
    PlainSerializer(_written_hold, when_used="json"),
    WithJsonSchema(
        {"title": "hold time", "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}
    ),
]
"""A number of polls, or a duration."""

Day = Annotated[
    date,
    BeforeValidator(parse_day),
    WithJsonSchema({"title": "day", "type": "string", "format": "date"}),
]
"""A day of the calendar, in UTC."""

FilePath = Annotated[str, AfterValidator(from_folder)]
"""A file beside the configuration, or anywhere by an absolute path; absolute once loaded."""

Comparison = Annotated[
    Threshold,
    BeforeValidator(_parse_threshold),
    WithJsonSchema({"title": "comparison", "type": "string"}),
]
BodyAssertion = Annotated[
    Assertion,
    BeforeValidator(_parse_assertion),
    WithJsonSchema({"title": "assertion", "type": "string"}),
]
