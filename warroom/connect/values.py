"""Value types that several kinds of source share: sizes, header names, text or a secret."""

import ipaddress
import re
from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, WithJsonSchema

from warroom.config.secrets import SecretRef

MOST_FIGURES = 400
"""The engine keeps 500 signals of a source, among them those that every one of its kind has."""
_SIZE = re.compile(r"(\d{1,9})\s*(B|KiB|MiB)\Z")
_FACTORS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_FIGURE = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\Z")


def parse_size(value: object) -> int:
    """Bytes from ``65536``, ``"64KiB"`` or ``"1MiB"``."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('not a size; write it as "64KiB" or "1MiB"')
    return int(match[1]) * _FACTORS[match[2]]


def figure_name(value: str, built_in: Collection[str], kind: str) -> str:
    """``value`` as the name of a figure; those that every source of ``kind`` has are taken."""
    if value in built_in:
        raise ValueError(f"{value} is a figure every {kind} source has; call it something else")
    if not _FIGURE.match(value):
        raise ValueError("a figure's name is of a-z, 0-9, _ and -, such as memory")
    return value


def _header_name(value: str) -> str:
    if not _TOKEN.match(value):
        raise ValueError("not the name of a header (RFC 9110, section 5.1)")
    return value


def _text_or_secret(value: object) -> str | None:
    if isinstance(value, str):
        return "text"
    return "secret" if isinstance(value, (dict, SecretRef)) else None


def _ip_address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError("not an IP address, such as 10.0.0.7 or fd00::7") from None


IpAddress = Annotated[str, AfterValidator(_ip_address)]
"""An address to connect to, so that no name has to be asked for."""

Size = Annotated[
    int,
    BeforeValidator(parse_size),
    WithJsonSchema(
        {"title": "size", "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}
    ),
]
"""Bytes."""

HeaderName = Annotated[str, AfterValidator(_header_name)]

TextOrSecret = Annotated[
    Annotated[str, Tag("text")] | Annotated[SecretRef, Tag("secret")],
    Discriminator(
        _text_or_secret,
        custom_error_type="text_or_secret",
        custom_error_message='neither text nor a secret such as {{ env = "NAME" }}',
    ),
]
"""Plain text, or where a secret is to be found."""


def too_many_figures(count: int) -> list[str]:
    """What is wrong with so many figures of one source, in words."""
    if count <= MOST_FIGURES:
        return []
    keeps = f"{count} figures are too many for one source, which keeps {MOST_FIGURES}"
    return [f"{keeps}; make two sources of it"]
