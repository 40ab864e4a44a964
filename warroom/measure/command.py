"""What a command printed, and what was read from it."""

import re
from datetime import datetime
from typing import ClassVar

import msgspec

from warroom.measure.sight import Sight
from warroom.sharing.kinds import Commit, Ident, Person

_DIGEST = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
"""A commit of git, by SHA-1 or SHA-256."""
_SHORT = 7


def made_key(title: str, at: datetime | None) -> str:
    """The key of an item that has none of its own."""
    return f"{title} {at.isoformat() if at is not None else ''}".rstrip()


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a command listed: a deployment, a check. ``state`` is the command's own word;
    ``outcome`` what it was configured to mean, empty where nothing was. ``key`` tells it from the
    others and stays the same from poll to poll."""

    key: Commit
    title: str
    at: datetime | None = None
    state: str = ""
    outcome: str = ""
    by: Person = ""
    url: str = ""

    @property
    def short(self) -> str:
        """Its key as it is shown: a commit by its first seven digits, one that was made of the
        title not at all."""
        if _DIGEST.match(self.key):
            return self.key[:_SHORT]
        return "" if self.key == made_key(self.title, self.at) else self.key

    @property
    def called(self) -> str:
        """Key and title in one line; only one of them where they are the same."""
        if self.title == self.key:
            return self.short or self.title
        return f"{self.short} {self.title}".strip()


class CommandSeen(Sight, frozen=True, tag="command", kw_only=True):
    """One run of a command.

    ``shows`` is what it is read as: ``lines``, ``json``, ``number`` or ``exit``; ``lists`` says
    what its items are (``deployments``), empty for plain lines. ``hidden`` counts the items, or
    else the lines, that are left out. ``status`` is the exit status, negative for a signal, None
    for one that printed too much and was ended.
    """

    LINES: ClassVar[frozenset[str]] = frozenset({"output"})

    argv: tuple[str, ...]
    shows: Ident
    status: int | None
    lists: Ident = ""
    items: tuple[Item, ...] = ()
    hidden: int = 0
    number: float | None = None
    output: str = ""
