"""What a person has typed and nobody has written yet: frozen, and changed by pure functions.

This is all that a console keeps of its own. It is held in a file as well, so that a killed
console loses none of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from warroom.console.message.half import Half
from warroom.incident.entries import Said

REMEMBERED = 50
"""Posts that Up goes back to."""
MOST_HALVES = 12
"""Messages that were begun and are kept."""
MOST_FORMS = 24
"""Forms that were begun and are kept."""
ROOM = 128_000
"""Characters that all of them together may have."""
MEANWHILE = "--- while the screen was shared:"
"""Stands over what was written of a message then, where some of it was put aside."""
PROMPT = timedelta(seconds=1)
"""How long after it was posted an entry is still sent as happening now."""


class Unsaved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry on its way to the journal.

    ``once`` is its name for as long as it takes: sent again with the same, it is written once.
    ``typed_at`` is when it was posted; ``happened`` when it is said to have been so, None for then.
    ``shown`` is how it reads in a line; ``typed`` the words it was made of, empty where a key
    made it. ``tried`` is true once it was sent in vain; ``reason`` says why it is not saved
    yet, empty while its first answer is awaited.
    """

    once: str
    incident: str
    body: Said
    typed_at: datetime
    happened: datetime | None = None
    shown: str = ""
    typed: str = ""
    tried: bool = False
    reason: str = ""

    def when(self, now: datetime) -> datetime | None:
        """What to tell the engine: what goes out at once happens now, by the engine's clock; what
        had to wait happened when it was typed."""
        late = self.tried or now - self.typed_at > PROMPT
        return self.happened or (self.typed_at if late else None)


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The half-typed words, the incident they were begun for, what is not saved yet, and what
    was posted before (the newest last); ``halves`` are messages that were begun, ``forms`` what
    was typed into forms that were not sent: by the form's name, by field."""

    text: str = ""
    incident: str = ""
    history: tuple[str, ...] = ()
    outgoing: tuple[Unsaved, ...] = ()
    halves: tuple[Half, ...] = ()
    forms: dict[str, dict[str, str]] = {}

    def typing(self, text: str, incident: str) -> "Kept":
        """With other words in the line; the first of them choose the incident."""
        return replace(self, text=text, incident=(self.incident or incident) if text else "")

    def remembering(self, *texts: str) -> "Kept":
        """With these as the newest posts."""
        return replace(self, history=_bounded((*self.history, *filter(None, texts))))

    def half(self, key: str) -> Half | None:
        """The message that was begun under that key."""
        return next((one for one in self.halves if one.key == key), None)

    def with_half(self, half: Half) -> "Kept":
        """With this message as far as it was written; the oldest go where there are many."""
        others = tuple(one for one in self.halves if one.key != half.key)
        return replace(self, halves=(*others, half)[-MOST_HALVES:])

    def without_half(self, key: str) -> "Kept":
        """Without the message of that key: it was sent, or is drafted anew."""
        return replace(self, halves=tuple(one for one in self.halves if one.key != key))

    def with_form(self, name: str, fields: dict[str, str]) -> "Kept":
        """With this in the form of that name, and no more of it where there are no fields; the
        oldest go where there are many."""
        others = {key: value for key, value in self.forms.items() if key != name}
        return replace(self, forms=_forms({**others, name: fields} if fields else others))

    def sending(self, one: Unsaved) -> "Kept":
        """With one more entry on its way."""
        return replace(self, outgoing=(*self.outgoing, one))

    def saved(self, onces: Iterable[str]) -> "Kept":
        """Without those that are durable now, or were refused."""
        gone = set(onces)
        if not any(one.once in gone for one in self.outgoing):
            return self
        return replace(self, outgoing=tuple(o for o in self.outgoing if o.once not in gone))

    def waiting(self, once: str, reason: str) -> "Kept":
        """With the reason why one is not saved yet."""
        if any(one.once == once and one.tried and one.reason == reason for one in self.outgoing):
            return self
        return replace(
            self,
            outgoing=tuple(
                replace(one, tried=True, reason=reason) if one.once == once else one
                for one in self.outgoing
            ),
        )

    def refused(self, once: str) -> "Kept":
        """An entry will not be written: its words go back into the line, or, where there are
        others by now, to where Up finds them."""
        one = next((one for one in self.outgoing if one.once == once), None)
        rest = self.saved((once,))
        if one is None or not one.typed:
            return rest
        if rest.text:
            return rest.remembering(one.typed)
        return replace(rest, text=one.typed, incident=one.incident)

    def taking_back(self, aside: "Kept") -> "Kept":
        """With what was put aside while others saw the screen. Of a message both are kept, for
        what was written meanwhile has stand-ins in it; in a form stands what was there before."""
        whole = merged((self, aside))
        halves = (_both(one, self.half(one.key)) for one in aside.halves)
        for half in halves:
            whole = whole.with_half(half)
        lost: list[str] = []
        for name, fields in aside.forms.items():
            meanwhile = self.forms.get(name, {})
            lost += [value for key, value in meanwhile.items() if fields.get(key) != value]
            whole = whole.with_form(name, fields)
        return whole.remembering(*lost)

    @property
    def empty(self) -> bool:
        return self == Kept()


def _both(aside: Half, meanwhile: Half | None) -> Half:
    """A message that was put aside, and below it what was written of it meanwhile."""
    if meanwhile is None or meanwhile.text in aside.text:
        return aside
    return replace(aside, text=f"{aside.text}\n\n{MEANWHILE}\n{meanwhile.text}")


def merged(found: Sequence[Kept]) -> Kept:
    """What several consoles left behind, the newest first: its words are the line's, those of
    the others are where Up finds them, and all that was on its way still is."""
    whole = Kept()
    for one in reversed(found):
        outgoing = {o.once: o for o in (*whole.outgoing, *one.outgoing)}
        before = whole.text if one.text else ""
        whole = Kept(
            text=one.text or whole.text,
            incident=one.incident if one.text else whole.incident,
            history=_bounded((*whole.history, *one.history, *filter(None, (before,)))),
            outgoing=tuple(outgoing.values()),
            halves=_halves((*whole.halves, *one.halves)),
            forms=_forms({**whole.forms, **one.forms}),
        )
    return whole


def _halves(found: tuple[Half, ...]) -> tuple[Half, ...]:
    """The newest of each key, and no more than are kept."""
    return tuple({one.key: one for one in found}.values())[-MOST_HALVES:]


def _forms(found: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return dict(tuple(found.items())[-MOST_FORMS:])


def _bounded(texts: Iterable[str]) -> tuple[str, ...]:
    """The newest of them, each once."""
    newest: dict[str, None] = {}
    room = ROOM
    for text in reversed(tuple(texts)):
        room -= len(text)
        if room < 0 or len(newest) >= REMEMBERED:
            break
        newest.setdefault(text)
    return tuple(reversed(newest))
