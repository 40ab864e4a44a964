"""One poll's findings while they come in, and what is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from warroom.measure.change import Change
from warroom.measure.postgres import (
    Ceiling,
    Group,
    Identity,
    PostgresSeen,
    Replica,
    Session,
    Slot,
    Statements,
)
from warroom.measure.table import Table
from warroom.sources.known import Figure
from warroom.sources.postgres.privileges import grant, quoted
from warroom.sources.postgres.queries import Answers

_NO_STATEMENTS = Statements()


@dataclass
class Looked:
    """``known`` are the figures; ``concealed`` counts the sessions of others of which we may
    not see what they do. ``alone`` is a replica to which nobody sends."""

    identity: Identity
    known: dict[str, Figure] = field(default_factory=dict)
    ceilings: tuple[Ceiling, ...] = ()
    groups: tuple[Group, ...] = ()
    sessions: tuple[Session, ...] = ()
    hidden: int = 0
    concealed: int = 0
    replicas: tuple[Replica, ...] = ()
    slots: tuple[Slot, ...] = ()
    alone: bool = False
    statements: Statements = _NO_STATEMENTS
    changes: tuple[Change, ...] = ()
    tables: tuple[Table, ...] = ()
    environment: str = ""
    notes: tuple[str, ...] = ()

    def answered(self, answers: Answers) -> None:
        """Takes what the team's own queries came to."""
        self.known |= answers.known
        self.tables = tuple(answers.tables.values())
        self.environment = answers.environment
        self.notes = (*answers.refused.values(), *answers.notes.values())

    def seen(
        self, long_query: float, failed: Mapping[str, str], refused: Mapping[str, str]
    ) -> PostgresSeen:
        """All of it; ``failed`` and ``refused`` are words by what was asked for."""
        apart = ("known", "concealed", "alone", "notes")
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in apart}
        blind = tuple(f"{name}: {words}" for name, words in failed.items())
        return PostgresSeen(
            **shown,
            long_query=long_query,
            blind=(*blind, *self._concealed()),
            notes=(*self._refused(refused), *self.notes, *self._alone()),
        )

    def _concealed(self) -> list[str]:
        if not self.concealed:
            return []
        what = "session" if self.concealed == 1 else "sessions"
        needed = f"GRANT pg_monitor TO {quoted(self.identity.user)};"
        return [f"{self.concealed} {what} of other users: {needed}"]

    def _refused(self, refused: Mapping[str, str]) -> list[str]:
        who = self.identity
        return [
            f"{name} may not be read: {words}; type {grant(name, who.user, who.database)}"
            for name, words in refused.items()
        ]

    def _alone(self) -> list[str]:
        words = "a replica to which nobody sends: its lag is the age of what it has"
        return [words] if self.alone else []
