"""The value types of an ``http`` source: statuses, names of figures."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from warroom.connect.values import figure_name

_STATUS = re.compile(r"([1-5])xx\Z|(\d{3})(?:\s*-\s*(\d{3}))?\Z")

BUILT_IN_FIGURES = (
    "latency",
    "latency_p50",
    "latency_p95",
    "availability",
    "status",
    "up",
    "unanswered",
    "certificate_days",
)
"""What every ``http`` source gives; figures of one's own must be called something else."""


@dataclass(frozen=True)
class StatusRange:
    """HTTP statuses from ``low`` to ``high``, both included."""

    low: int
    high: int

    def __contains__(self, status: object) -> bool:
        return isinstance(status, int) and self.low <= status <= self.high

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        if self.low % 100 == 0 and self.high == self.low + 99:
            return f"{self.low // 100}xx"
        return f"{self.low}-{self.high}"


SUCCESS = StatusRange(200, 299)


def parse_statuses(value: object) -> tuple[StatusRange, ...]:
    """Ranges from ``200``, ``"2xx"``, ``"200-204"``, or a list of these."""
    if isinstance(value, (list, tuple)):
        if not value:
            raise ValueError("no status would ever be right; leave the key out for 2xx")
        return tuple(_status(part) for part in value)
    return (_status(value),)


def _status(value: object) -> StatusRange:
    if isinstance(value, StatusRange):
        return value
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    match = _STATUS.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError('not an HTTP status; write it as 200, "2xx" or "200-204"')
    if match[1]:
        return StatusRange(int(match[1]) * 100, int(match[1]) * 100 + 99)
    low, high = int(match[2]), int(match[3] or match[2])
    if not 100 <= low <= high <= 599:
        raise ValueError("HTTP statuses go from 100 to 599, the lower one first")
    return StatusRange(low, high)


def _figure_name(value: str) -> str:
    return figure_name(value, BUILT_IN_FIGURES, "http")


Statuses = Annotated[
    tuple[StatusRange, ...],
    BeforeValidator(parse_statuses),
    PlainSerializer(lambda ranges: [str(each) for each in ranges], when_used="json"),
    WithJsonSchema(
        {
            "title": "statuses",
            "anyOf": [
                {"type": "integer", "minimum": 100, "maximum": 599},
                {"type": "string"},
                {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1},
            ],
        }
    ),
]
"""Statuses that are as expected."""

FigureName = Annotated[str, AfterValidator(_figure_name)]
