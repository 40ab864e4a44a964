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


class Team(msgspec.Struct, frozen=True):
    """What its file says of how incidents go, and of the room."""

    procedures: Procedures
    scale: Scale
    room: str = ""
    environment: str = ""


def team_of(paths: RoomPaths) -> Team:
    """What the room's file says; ours where it cannot be read, which is said."""
    try:
        config = load(paths.config, discover(), keep_broken=True)
    except ConfigError as error:
        tell(f"warroom: {error.explain()}\nthe built-in procedures are used in its place")
        scale = BUILT_IN["sev"]
        return Team(built_in(scale), scale)
    return Team(config.procedures, config.scale, config.room.name, config.room.environment)
