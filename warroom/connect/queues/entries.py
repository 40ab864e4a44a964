"""A stream's entries and its groups, as the server tells them."""

import re
from dataclasses import dataclass

from warroom.connect.queues.asking import Replies
from warroom.connect.queues.payloads import laid_out, told, when
from warroom.connect.queues.talk import Reply, ReplyError, count, items, pairs, raw, text, whole

EARLIEST = 1e8
"""A Unix time (s) before 1973 is none: the ids are a team's own numbers."""
ID = re.compile(rb"(\d{1,20})-(\d{1,20})")


@dataclass(frozen=True)
class Reader:
    """One consumer group. ``last`` is the entry it was given last, ``read`` how many it was
    given ever, ``lag`` how many are to come; None where the server does not know."""

    name: str
    consumers: int
    pending: int
    last: bytes
    read: int | None
    lag: int | None

    @property
    def order(self) -> tuple[int, int]:
        return order(self.last)

    @property
    def added(self) -> int | None:
        """How many entries the stream ever got."""
        return None if self.read is None or self.lag is None else self.read + self.lag

    @property
    def finished(self) -> int | None:
        """How many the group has acknowledged."""
        done = None if self.read is None else self.read - self.pending
        return done if done is None or done >= 0 else None


def readers(reply: Reply) -> list[Reader]:
    """Of the reply to ``XINFO GROUPS``. Raises ReplyError."""
    return [_reader(pairs(each)) for each in items(reply)]


def order(identity: bytes) -> tuple[int, int]:
    """What sorts entries as the stream does. Raises ReplyError."""
    if (found := ID.fullmatch(identity)) is None:
        raise ReplyError("not an entry's id")
    return int(found[1]), int(found[2])


def at(identity: bytes) -> bytes:
    """``identity``, if it is an entry's and no range. Raises ReplyError."""
    order(identity)
    return identity


def first_entry(reply: Reply) -> bytes | None:
    """The id of the only entry of a range; None when there is none. Raises ReplyError."""
    listed = items(reply)
    entry = items(listed[0]) if listed else []
    found = raw(entry[0]) if entry else None
    return None if found is None else at(found)


def written(identity: bytes | None, now: float) -> float | None:
    """When an entry was added (Unix time, s), if its id is a time as Redis makes them."""
    if identity is None:
        return None
    seconds = order(identity)[0] / 1000
    return seconds if EARLIEST < seconds < now + 86_400 else None


def entry_told(key: str, reply: Reply, pending: Replies) -> str:
    """An entry for a person: when, who has it, and its fields. Raises ReplyError."""
    entry = items(items(reply)[0])
    identity = at(raw(entry[0]) or b"")
    lines = [f"stream: {key}, entry {identity.decode()}"]
    if (seconds := written(identity, 1e10)) is not None:
        lines.append(f"added: {when(seconds)}")
    lines += [_held(name, held) for name, held in pending.items()]
    fields = items(entry[1]) if len(entry) > 1 else []
    for name, value in zip(fields[::2], fields[1::2], strict=False):
        lines += ["", f"{text(name)}:", *laid_out(raw(value) or b"")]
    return told(lines)


def _held(group: str, reply: Reply) -> str:
    try:
        listed = items(reply)
        held = items(listed[0]) if listed else []
        if len(held) < 4:
            return f"group {group}: not in hand"
        consumer, idle, given = text(held[1]), count(held[2]) / 1000, count(held[3])
    except ReplyError as error:
        return f"group {group}: {error}"
    return f"group {group}: in hand of {consumer} for {idle:.1f} s, given out {given} times"


def _reader(found: dict[str, Reply]) -> Reader:
    last = at(raw(found.get("last-delivered-id")) or b"")
    read, lag = whole(found.get("entries-read")), whole(found.get("lag"))
    return Reader(
        name=text(found.get("name")),
        consumers=count(found.get("consumers")),
        pending=count(found.get("pending")),
        last=last,
        read=read if read is not None and read >= 0 else None,
        lag=lag if lag is not None and lag >= 0 else None,
    )
