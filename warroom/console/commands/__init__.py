"""Every command of the console, in the order of footer and help."""

from warroom.console.commands.actions import ACTIONS
from warroom.console.commands.base import Command
from warroom.console.commands.incident import INCIDENTS
from warroom.console.commands.messages import MESSAGES
from warroom.console.commands.playbooks import PLAYBOOKS
from warroom.console.commands.screens import EXPAND, GO, HELP, MOVES, QUIT, VIEWS
from warroom.console.commands.scribe import SCRIBE
from warroom.console.commands.sources import SOURCES
from warroom.console.commands.tables import TABLES
from warroom.console.commands.timeline import TIMELINE

FIRST: tuple[Command, ...] = (
    EXPAND, SCRIBE, *SOURCES, *ACTIONS, *INCIDENTS, *PLAYBOOKS, *MESSAGES,
    *TIMELINE, *GO, *MOVES, *TABLES, *VIEWS,
)  # fmt: skip
LAST: tuple[Command, ...] = (HELP, QUIT)
COMMANDS: tuple[Command, ...] = (*FIRST, *LAST)
"""All; a command brought in from outside stands between ``FIRST`` and ``LAST``."""
