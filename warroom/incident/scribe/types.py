"""What a line of the scribe comes to, and what its meaning depends on."""

from datetime import datetime, tzinfo
from typing import NamedTuple

import msgspec

from warroom.incident.entries import Said
from warroom.incident.incident import Incident
from warroom.incident.procedures import Procedures
from warroom.severity import Scale
from warroom.zone import IN_UTC, Zone


class ScribeContext(NamedTuple):
    """``incident`` is the one that is shown, None where there is none. ``me`` is who types;
    ``zone`` the one that times of the day are in where nothing else is said."""

    incident: Incident | None
    procedures: Procedures
    scale: Scale
    now: datetime
    me: str
    zone: tzinfo
    local: Zone = IN_UTC
    """The one that ``12:05local`` is in, and that is told beside UTC."""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who might be meant, who is in the incident first; no name twice."""
        incident = self.incident
        names = [self.me]
        if incident is not None:
            names += [held.person for held in incident.roles.values()]
            names += [*incident.people, *(task.who for task in incident.tasks)]
        names += [one.name for one in self.procedures.contacts if not one.vendor]
        return tuple(dict.fromkeys(name for name in names if name))


class Posting(msgspec.Struct, frozen=True):
    """An entry to be posted. ``happened`` is None for now; ``text_shown`` is how it reads until
    the engine has it."""

    body: Said
    happened: datetime | None
    text_shown: str


class Ask(msgspec.Struct, frozen=True):
    """Something that asks on: ``declare``, ``resolve``, ``help``, with what was typed after it."""

    what: str
    rest: str = ""


class Wrong(msgspec.Struct, frozen=True):
    """It makes no sense: in words why, and from which character of the line on."""

    words: str
    at: int = 0


class WrongError(Exception):
    """Raised within the grammar only; ``parse`` makes a ``Wrong`` of it."""

    def __init__(self, words: str, at: int = 0) -> None:
        super().__init__(words)
        self.wrong = Wrong(words, at)


class Piece(NamedTuple):
    """What is left of the line, and where in the line it begins."""

    text: str
    at: int

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    def cut(self, count: int) -> "Piece":
        """Without its first characters, and the blanks that follow them."""
        rest = self.text[count:]
        bare = rest.lstrip()
        return Piece(bare, self.at + count + len(rest) - len(bare))

    def word(self) -> tuple[str, "Piece"]:
        """The first word, and the rest."""
        piece = self.cut(0)
        word = piece.text.split(maxsplit=1)[0] if piece.text else ""
        return word, piece.cut(len(word))
