"""Incidents to judge by: declared, and moved on by settling and folding as the engine does."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from warroom.incident.actor import Actor
from warroom.incident.built_in import built_in
from warroom.incident.entries import Body, Declared, Entry, Said
from warroom.incident.fold import fold
from warroom.incident.incident import Incident
from warroom.incident.procedures import Contact, Procedures
from warroom.incident.scribe import ScribeContext
from warroom.incident.settle import Settled, settled
from warroom.severity import SEV

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ANA = Actor(name="ana", uid=1000, attested=True)
BOB = Actor(name="deploy", uid=1001, attested=True, claimed="bob")
CONTACTS = (
    Contact(name="Ana", role="team lead", pager="+49 1", phone="+49 2"),
    Contact(name="Security team", role="security", mail="security@shop.example"),
    Contact(name="Legal", role="legal"),
    Contact(name="Vercel", vendor=True, page="https://status.shop.example"),
)
PROCEDURES = msgspec.structs.replace(built_in(SEV), contacts=CONTACTS)


class Telling:
    """One incident as it is told, entry by entry, and the clock beside it."""

    def __init__(
        self, level: str = "SEV2", procedures: Procedures = PROCEDURES, **more: Any
    ) -> None:
        self.procedures, self.scale = procedures, SEV
        self.now = NOON
        self.entries: list[Entry] = []
        said = {"title": "checkout is down", "started": NOON, "status": "Investigating", **more}
        self.write(Declared(level=level, phase="detect", **said))

    @property
    def incident(self) -> Incident:
        told = fold(self.entries)
        assert told is not None
        return told

    def pass_(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def write(self, *bodies: Body, actor: Actor = ANA, happened: datetime | None = None) -> None:
        for body in bodies:
            number = len(self.entries) + 1
            entry = Entry(
                seq=number + 10,
                incident="INC-1",
                number=number,
                happened=happened or self.now,
                written=self.now,
                actor=actor,
                body=body,
            )
            self.entries.append(entry)

    def settle(self, body: Said, *, happened: datetime | None = None) -> Settled:
        return settled(
            self.incident,
            body,
            self.procedures,
            self.scale,
            happened=happened or self.now,
            now=self.now,
        )

    def say(self, body: Said, *, actor: Actor = ANA, happened: datetime | None = None) -> Settled:
        """Settle it and write it down, with what follows from it."""
        done = self.settle(body, happened=happened)
        self.write(done.body, *done.also, actor=actor, happened=happened)
        return done

    def context(self, **more: Any) -> ScribeContext:
        whole = {
            "incident": self.incident,
            "procedures": self.procedures,
            "scale": self.scale,
            "now": self.now,
            "me": "ana",
            "zone": UTC,
        }
        return ScribeContext(**{**whole, **more})


def again(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries once more, from their encoded form: as the journal and the wire give them."""
    encoded = msgspec.json.encode(tuple(entries))
    return msgspec.json.decode(encoded, type=tuple[Entry, ...])
