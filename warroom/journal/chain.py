"""The chain that ties the entries together: each one's hash covers the hash before it. Pure.

An entry's hash is SHA-256, in hex, of the canonical bytes: the row's columns in this order
(previous, seq, incident, number, happened, written, kind, actor, body, once), each as UTF-8 text
with its length in bytes and a colon before it (``5:hello``, a netstring without its comma), numbers
in decimal, an absent ``once`` as the empty text. The first entry's ``previous`` is ``GENESIS``.
What is hashed is what stands in the row: neither JSON nor time is written anew to check it.
"""

from hashlib import sha256

import msgspec

GENESIS = "0" * 64
"""What the first entry follows."""


class Row(msgspec.Struct, frozen=True):
    """One row of the journal, as it stands there. Times are UTC, to the microsecond."""

    seq: int
    incident: str
    number: int
    happened: str
    written: str
    kind: str
    actor: str
    body: str
    once: str | None
    previous: str
    hash: str


def hash_of(
    previous: str,
    seq: int,
    incident: str,
    number: int,
    happened: str,
    written: str,
    kind: str,
    actor: str,
    body: str,
    once: str | None,
) -> str:
    """The hash of an entry whose columns are these."""
    columns = (
        *(previous, str(seq), incident, str(number), happened, written),
        *(kind, actor, body, once or ""),
    )
    texts = [column.encode("utf-8") for column in columns]
    return sha256(b"".join(b"%d:%b" % (len(text), text) for text in texts)).hexdigest()


def hash_of_row(row: Row) -> str:
    """The hash that this row should have."""
    return hash_of(
        *(row.previous, row.seq, row.incident, row.number, row.happened, row.written),
        *(row.kind, row.actor, row.body, row.once),
    )
