"""The value types of a team's procedures: spans from the start, patterns, compared durations."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from warroom.config.problems import did_you_mean
from warroom.config.types import parse_duration, written_duration
from warroom.measure.comparison import Threshold

HOLES = ("date", "day", "counter", "slug")
"""What the pattern of an id may hold; other patterns may hold the ``id`` besides."""

_NOTHING = re.compile(r"0(?:\.0+)?\s*(ms|s|min|m|h|d)?\Z")
_COMPARED = re.compile(r"\s*(>=|<=|>|<)\s*(.*)\Z", re.DOTALL)
_HOLE = re.compile(r"\{([^{}]*)\}")


def parse_span(value: object) -> float:
    """Seconds as ``parse_duration`` has it, or none at all: ``"0min"`` is the very start."""
    if isinstance(value, str) and _NOTHING.match(value.strip()):
        return 0.0
    return parse_duration(value)


def written_span(seconds: float) -> str:
    """Seconds as the file writes them, ``0min`` for none."""
    return written_duration(seconds) if seconds else "0min"


def parse_compared(value: object) -> Threshold:
    """``"> 1h"``: a comparison with a duration, its limit in seconds."""
    match = _COMPARED.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('not a comparison with a duration; write it as "> 1h" or "<= 30min"')
    return Threshold(match[1], parse_duration(match[2]))


def _parse_share(value: object) -> Threshold:
    if not isinstance(value, str):
        raise ValueError('a comparison is text, such as "> 25"')
    return Threshold.parse(value.strip().removesuffix("%"))


def with_holes(value: str, holes: tuple[str, ...]) -> str:
    """``value``, whose ``{…}`` are all of these; raises ValueError for another."""
    strange = next((hole for hole in _HOLE.findall(value) if hole not in holes), None)
    if strange is not None:
        near = did_you_mean(strange, holes)
        known = ", ".join(f"{{{hole}}}" for hole in holes)
        raise ValueError(f"{{{strange}}} is nothing that is filled in: {near or known}")
    if set(_HOLE.sub("", value)) & {"{", "}"}:
        raise ValueError("has a { or } that stands alone")
    return value


def _id_pattern(value: str) -> str:
    with_holes(value, HOLES)
    if "{counter}" not in value:
        raise ValueError(
            "needs {counter}: without it two incidents of one day would have the same id"
        )
    if value.count("{counter}") > 1:
        raise ValueError("may have {counter} once")
    return value


def _any_pattern(value: str) -> str:
    return with_holes(value, ("id", *HOLES))


Span = Annotated[
    float,
    BeforeValidator(parse_span),
    WithJsonSchema(
        {"title": "span", "type": "string", "pattern": r"^\d+(\.\d+)?\s*(ms|s|min|m|h|d)$"}
    ),
    PlainSerializer(written_span, when_used="json"),
]
"""Seconds, written as a duration that may be nothing: "0min"."""

TimeComparison = Annotated[
    Threshold,
    BeforeValidator(parse_compared),
    WithJsonSchema({"title": "comparison with a duration", "type": "string"}),
]
ShareComparison = Annotated[
    Threshold,
    BeforeValidator(_parse_share),
    WithJsonSchema({"title": "comparison", "type": "string"}),
]
IdPattern = Annotated[str, AfterValidator(_id_pattern)]
Pattern = Annotated[str, AfterValidator(_any_pattern)]
