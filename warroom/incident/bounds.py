"""How long what people say may be. Nothing is cut: what is longer is refused in words. Pure."""

import math
from datetime import datetime

import msgspec
from msgspec.structs import asdict

from warroom.errors import IncidentError

LONGEST = 16_000
"""Characters of a text."""
LONGEST_NAME = 200
"""Characters of a name: a person, a title, a service, an item of a list."""
LONGEST_ADDRESS = 2_000
LONGEST_LINE = 500
"""Characters of a line of a playbook's evidence."""
MOST_NAMES = 100
"""Names in a list: services, regions."""

_TEXTS = frozenset(
    {"text", "reason", "brief", "trigger", "safeguards", "blast_radius", "scope"}
    | {"regions", "features", "odd", "step"}
)


def within_bounds(body: msgspec.Struct) -> None:
    """Raises ``IncidentError`` where a text or a name of the body is too long, a number is none,
    or a time has no zone: no journal could hold it as it was said."""
    for name, value in asdict(body).items():
        if isinstance(value, msgspec.Struct):
            within_bounds(value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise IncidentError(f"the {name} is no number")
        elif isinstance(value, datetime) and value.tzinfo is None:
            raise IncidentError(
                f"the time of {name} needs its zone", "write it with Z or an offset"
            )
        elif isinstance(value, str):
            _text(name, value, _limit(name))
        elif isinstance(value, tuple):
            _names(name, value)


def _limit(name: str) -> int:
    if name == "address":
        return LONGEST_ADDRESS
    return LONGEST if name in _TEXTS or name in ("nag", "before") else LONGEST_NAME


def _text(name: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise IncidentError(
            f"the {name.replace('_', ' ')} has {len(value):,} characters; {limit:,} is the most",
            "say it in several entries, or put it in a file and link it",
        )


def _names(name: str, values: tuple[object, ...]) -> None:
    if len(values) > MOST_NAMES:
        raise IncidentError(f"{len(values)} {name} are too many; {MOST_NAMES} is the most")
    limit = LONGEST_LINE if name == "evidence" else LONGEST_NAME
    for value in values:
        if isinstance(value, str):
            _text(name, value, limit)
