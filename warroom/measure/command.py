"""What a command printed, and what was read from it."""

from datetime import datetime
from typing import ClassVar

import msgspec

from warroom.measure.sight import Sight


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a command listed: a deployment, a check. ``state`` is the command's own word;
    ``outcome`` what it was configured to mean, empty where nothing was. ``key`` tells it from the
    others and stays the same from poll to poll."""

    key: str
    title: str
    at: datetime | None = None
    state: str = ""
    outcome: str = ""
    by: str = ""
    url: str = ""


class CommandSeen(Sight, frozen=True, tag="command", kw_only=True):
    """One run of a command that ended by itself.

    ``shows`` is what it is read as: ``lines``, ``json``, ``number`` or ``exit``; ``lists`` says
    what its items are (``deployments``), empty for plain lines. ``status`` is the exit status,
    negative for a signal.
    """

    LINES: ClassVar[frozenset[str]] = frozenset({"output"})

    argv: tuple[str, ...]
    shows: str
    status: int
    lists: str = ""
    items: tuple[Item, ...] = ()
    hidden: int = 0
    number: float | None = None
    output: str = ""
