"""The door of every kind of check: run once, on request, it tells what it found.

A check only reads. For ``sql``, ``redis``, ``burst`` and a file's ``logs`` that is enforced: by the
transaction, by the list of commands, by the method, by how the file is opened. A program may do
anything: that one of kind ``command``, or one that prints ``logs``, only reads is the team's word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from warroom.clock import Clock
from warroom.config.secrets import Secret
from warroom.config.settings import SourceSettings
from warroom.connect.network import Network


@dataclass(frozen=True)
class Tools:
    """What the kinds share. ``mask`` registers a secret that was revealed, ``masked`` takes all of
    them out of a text. ``settings`` gives a source's."""

    network: Network
    folder: Path
    mask: Callable[[Secret], None]
    masked: Callable[[str], str]
    clock: Clock
    settings: Callable[[str], SourceSettings]


class Found(NamedTuple):
    """What came of it: safe, bounded, with no secret in it. ``ok`` is None where the result says
    neither good nor bad; ``text`` is the result in a line. ``late`` is one that did not end in its
    time: how it would have been nobody knows."""

    ok: bool | None
    text: str
    lines: tuple[str, ...] = ()
    late: bool = False


class Check(Protocol):
    """One configured check. It may be run again and again, once at a time."""

    async def run(self) -> Found:
        """Run it. It keeps to its own deadline; cancelled, it leaves nothing running. Raises
        ``WarroomError`` when it could not be run, in words."""
