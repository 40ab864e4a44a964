"""The source kind ``command``."""

from warroom.sources.command.settings import CommandSettings
from warroom.sources.command.source import CommandSource

__all__ = ["CommandSettings", "CommandSource"]
