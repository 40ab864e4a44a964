"""The team's procedures, for commands that need no engine."""

import msgspec

from warroom.attach.room import RoomPaths
from warroom.cli.printing import tell
from warroom.config.load import load
from warroom.errors import ConfigError
from warroom.incident.built_in import built_in
from warroom.incident.procedures import Procedures
from warroom.severity import BUILT_IN, Scale
from warroom.sources.registry import discover
from warroom.zone import IN_UTC, Zone, zone_named


class Team(msgspec.Struct, frozen=True):
    """What its file says of how incidents go, and of the room."""

    procedures: Procedures
    scale: Scale
    room: str = ""
    environment: str = ""
    zone: Zone = IN_UTC
    """The one that the file names: whoever exports, and from wherever, the document is the same."""


def team_of(paths: RoomPaths) -> Team:
    """What the room's file says; ours where it cannot be read, which is said."""
    try:
        config = load(paths.config, discover(), keep_broken=True)
    except ConfigError as error:
        tell(f"warroom: {error.explain()}\nthe built-in procedures are used in its place")
        scale = BUILT_IN["sev"]
        return Team(built_in(scale), scale)
    named = config.console.zone
    zone = IN_UTC if named.casefold() == "local" else zone_named(named, {})
    room = config.room
    return Team(config.procedures, config.scale, room.name, room.environment, zone)
