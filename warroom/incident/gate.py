"""What must be so before an incident is resolved. Pure."""

from datetime import datetime

import msgspec

from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the watch knows of it. ``well_since`` is since when every signal is OK, None when one
    is not; ``worst`` then says which. ``passed`` is when each check was last seen to be well."""

    well_since: datetime | None = None
    worst: str = ""
    passed: dict[str, datetime | None] = {}


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One condition: whether it is met, and in words what there is."""

    name: str
    met: bool
    words: str = ""


def conditions(
    incident: Incident, procedures: Procedures, facts: Facts, now: datetime
) -> tuple[Condition, ...]:
    """Every condition of the team's gate, met or not."""
    raise NotImplementedError
