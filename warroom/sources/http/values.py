"""The value types of an ``http`` source: sizes, statuses, names."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    PlainSerializer,
    Tag,
    WithJsonSchema,
)

from warroom.config.secrets import SecretRef

_SIZE = re.compile(r"(\d{1,9})\s*(B|KiB|MiB)\Z")
_FACTORS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}
_STATUS = re.compile(r"([1-5])xx\Z|(\d{3})(?:\s*-\s*(\d{3}))?\Z")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_FIGURE = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\Z")

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


def parse_size(value: object) -> int:
    """Bytes from ``65536``, ``"64KiB"`` or ``"1MiB"``."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('not a size; write it as "64KiB" or "1MiB"')
    return int(match[1]) * _FACTORS[match[2]]


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


def _header_name(value: str) -> str:
    if not _TOKEN.match(value):
        raise ValueError("not the name of a header (RFC 9110, section 5.1)")
    return value


def _figure_name(value: str) -> str:
    if value in BUILT_IN_FIGURES:
        raise ValueError(f"{value} is a figure every http source has; call it something else")
    if not _FIGURE.match(value):
        raise ValueError("a figure's name is of a-z, 0-9, _ and -, such as memory")
    return value


Size = Annotated[
    int,
    BeforeValidator(parse_size),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}),
]
"""Bytes."""

Statuses = Annotated[
    tuple[StatusRange, ...],
    BeforeValidator(parse_statuses),
    PlainSerializer(lambda ranges: [str(each) for each in ranges], when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 100, "maximum": 599},
                {"type": "string"},
                {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1},
            ]
        }
    ),
]
"""Statuses that are as expected."""

HeaderName = Annotated[str, AfterValidator(_header_name)]
FigureName = Annotated[str, AfterValidator(_figure_name)]


def _text_or_secret(value: object) -> str | None:
    if isinstance(value, str):
        return "text"
    return "secret" if isinstance(value, (dict, SecretRef)) else None


TextOrSecret = Annotated[
    Annotated[str, Tag("text")] | Annotated[SecretRef, Tag("secret")],
    Discriminator(
        _text_or_secret,
        custom_error_type="text_or_secret",
        custom_error_message='neither text nor a secret such as {{ env = "NAME" }}',
    ),
]
"""Plain text, or where a secret is to be found."""
