"""Entries as rows and back: one codec, so that what is hashed is what is read. Pure."""

from datetime import UTC, datetime

import msgspec

from warroom.errors import JournalError
from warroom.incident.actor import Actor
from warroom.incident.entries import Body, Draft, Entry, kind_of
from warroom.journal.chain import Row, hash_of

_encoder = msgspec.json.Encoder(order="deterministic")
_bodies = msgspec.json.Decoder(Body)
_actors = msgspec.json.Decoder(Actor)


def stamp(at: datetime) -> str:
    """A time as the journal writes it: UTC, always 27 characters, so that they sort."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_stamp(text: str) -> datetime:
    """The time a stamp says. Raises ValueError."""
    return datetime.fromisoformat(text)


def row_of(draft: Draft, seq: int, number: int, written: datetime, previous: str) -> Row:
    """The row a draft becomes. Text that is no Unicode (a lone surrogate) is written with what
    stands for it in its place: no note is lost for one letter."""
    happened, now = stamp(draft.happened), stamp(written)
    actor, body = _json(draft.actor), _json(draft.body)
    incident, once = plain(draft.incident), plain(draft.once) or None
    kind = kind_of(draft.body)
    hashed = hash_of(previous, seq, incident, number, happened, now, kind, actor, body, once)
    return Row(seq, incident, number, happened, now, kind, actor, body, once, previous, hashed)


def entry_of(row: Row) -> Entry:
    """The entry in a row. Raises ``JournalError`` for one that this version cannot read."""
    try:
        return Entry(
            seq=row.seq,
            incident=row.incident,
            number=row.number,
            happened=read_stamp(row.happened),
            written=read_stamp(row.written),
            actor=_actors.decode(row.actor),
            body=_bodies.decode(row.body),
            once=row.once or "",
            previous=row.previous,
            hash=row.hash,
        )
    except (msgspec.DecodeError, ValueError) as error:
        raise JournalError(
            f"entry {row.seq} of the journal cannot be read: {error}",
            "warroom verify tells whether somebody changed it",
        ) from error


def _json(value: Actor | Body) -> str:
    try:
        return _encoder.encode(value).decode()
    except UnicodeEncodeError:
        return _encoder.encode(_whole(value)).decode()


def _whole(value: Actor | Body) -> object:
    """The same with every text made whole Unicode."""
    found = msgspec.to_builtins(value)
    return _repaired(found)


def _repaired(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {_repaired(key): _repaired(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_repaired(item) for item in value]
    return value


def plain(text: str) -> str:
    """Text that any file can hold: what is no Unicode becomes ``?``."""
    return text.encode("utf-8", "replace").decode()
