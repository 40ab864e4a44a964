"""What every kind of snapshot says of its system."""

from typing import ClassVar

import msgspec

from warroom.measure.change import Change


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What every kind says of its system.

    ``faults`` says in words everything that is not as expected; empty means UP.
    ``maintenance`` is true when the system itself said so. ``blind`` names, in words, the
    parts that could not be seen although the rest was: then not all is well, whatever the
    rest says. ``notes`` are worth knowing and no trouble. ``environment`` is what the system
    itself calls its environment, empty where it was not asked. ``load`` says in words what
    the poll itself cost the system, empty where that is plain. ``changes`` are what is not as
    it was before, oldest first, each kept for some polls: the engine takes each up once.
    """

    LINES: ClassVar[frozenset[str]] = frozenset()
    """Fields that are texts of several lines, kept as such."""

    faults: tuple[str, ...] = ()
    maintenance: bool = False
    blind: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    environment: str = ""
    load: str = ""
    changes: tuple[Change, ...] = ()
