"""As many entries as one message carries. Pure."""

from collections.abc import Iterable

import msgspec

from warroom.incident.entries import Entry

MOST = 4 * 1024 * 1024
"""Bytes of the entries in one message; what is left out is asked for."""

_encoder = msgspec.json.Encoder()


def newest(entries: Iterable[Entry], most: int = MOST) -> tuple[Entry, ...]:
    """The newest that fit, in the journal's order."""
    ordered = sorted(entries, key=lambda entry: entry.seq, reverse=True)
    return tuple(reversed(oldest(ordered, most)))


def oldest(entries: Iterable[Entry], most: int = MOST) -> tuple[Entry, ...]:
    """The first that fit, as they come; one at the least."""
    kept: list[Entry] = []
    size = 0
    for entry in entries:
        size += len(_encoder.encode(entry))
        if kept and size > most:
            break
        kept.append(entry)
    return tuple(kept)
