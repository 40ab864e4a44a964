"""Whether a journal is as it was written: every entry's hash, and that each follows the other."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from warroom.errors import JournalError
from warroom.journal.chain import GENESIS, Row, hash_of_row
from warroom.journal.file import open_reading, said
from warroom.journal.reading import Head, Reading
from warroom.journal.rows import entry_of
from warroom.text import safe


class Fault(msgspec.Struct, frozen=True):
    """The first place where the chain does not hold, and what is wrong there."""

    seq: int
    incident: str
    number: int
    reason: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a journal was found to be. ``after`` is how many entries came after the head that was
    asked for; None when none was asked for, or it is not there."""

    entries: int
    head: str
    fault: Fault | None = None
    after: int | None = None


def verify(path: Path, head: str = "") -> Verdict:
    """Go through the whole journal, in short transactions, also while its engine writes.

    ``head`` is the hash that an export or somebody's note carries: it must be that of an entry,
    or the journal was cut or written anew. Raises ``JournalError`` when it cannot be read.
    """
    wanted = head.strip().lower()
    reading = Reading(path)
    try:
        verdict, at = _walk(reading.rows(), wanted)
    finally:
        reading.close()
    _check_file(path)
    if not wanted or verdict.fault is not None:
        return verdict
    if at is None:
        last = verdict.entries
        words = (
            f"no entry has the hash {safe(wanted, 70)}: the journal was cut after it, or written "
            f"anew; its last entry is {last}"
        )
        return msgspec.structs.replace(verdict, fault=Fault(last, "", 0, words))
    return msgspec.structs.replace(verdict, after=verdict.entries - at)


def _walk(rows: Iterable[Row], wanted: str) -> tuple[Verdict, int | None]:
    """The verdict on these rows, and at which place the wanted hash stands."""
    head = Head()
    numbers: dict[str, int] = {}
    at = 0 if wanted == GENESIS else None
    for row in rows:
        reason = _fault(row, head, numbers.get(row.incident, 0))
        if reason:
            fault = Fault(row.seq, safe(row.incident, 60), row.number, reason)
            return Verdict(entries=head.seq, head=head.hash, fault=fault), at
        numbers[row.incident] = row.number
        head = Head(row.seq, row.hash)
        if row.hash == wanted:
            at = row.seq
    return Verdict(entries=head.seq, head=head.hash), at


def _fault(row: Row, before: Head, number: int) -> str:
    """What is wrong with a row that comes after ``before``; nothing when it is right."""
    if row.seq != before.seq + 1:
        count = row.seq - before.seq - 1
        return (
            f"{count} entries before it are gone" if count > 0 else "it stands in the wrong place"
        )
    if row.previous != before.hash:
        return "it does not follow the entry before it: one of them was replaced"
    if row.hash != hash_of_row(row):
        return "it was changed after it was written"
    if row.number != number + 1:
        return f"it should be number {number + 1} of its incident"
    try:
        entry = entry_of(row)
    except JournalError as error:
        return str(error)
    return "" if entry.kind == row.kind else f"it is a {entry.kind}, not a {safe(row.kind, 20)}"


def _check_file(path: Path) -> None:
    """What SQLite itself says of the file."""
    connection = open_reading(path)
    try:
        with said(path, "checked"):
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        connection.close()
    if found != "ok":
        raise JournalError(
            f"{path} is damaged: {safe(str(found), 200)}",
            "keep the file as it is; warroom backup saves what can be read of it",
        )
