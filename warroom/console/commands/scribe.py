"""Going to the scribe line."""

from typing import TYPE_CHECKING

from warroom.config.keys import KEYS
from warroom.console.commands.base import Command
from warroom.console.commands.sources import may_only_watch

if TYPE_CHECKING:
    from warroom.console.app import Console


def write(console: "Console") -> None:
    """Give the scribe line the keys."""
    if console.watching is not None:
        console.watching.scribe.open()


SCRIBE = Command(
    id="scribe",
    key=KEYS["scribe"],
    title="Write a note",
    help="Write into the incident: a note, or a command that begins with /",
    run=write,
    group="Incident",
    refused=may_only_watch,
    writes=True,
)
