"""Replies of any shape, and looks that have to bear them."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from warroom.connect.queues.talk import ErrorReply, Look, Reply, ReplyError

T = TypeVar("T")

words = st.sampled_from(
    [
        b"", b"name", b"pending", b"lag", b"entries-read", b"last-delivered-id", b"idle", b"none",
        b"list", b"zset", b"1-1", b"1700000000000-0", b"-1", b"nan", b"inf", b"1e999", b"9" * 30,
        b"\xff\x00", b"[" * 9_000, b'{"meta":{"at":1e308}}', b'{"meta":{"at":"x"},"what":[1]}',
        b'{"meta":{"at":"\xff"}}', b'{"at":1,"a":"\xff"}',
    ]
)  # fmt: skip
single = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63),
    st.integers(0, 5),
    words,
    st.binary(max_size=20),
    st.builds(ErrorReply, st.sampled_from(["NOPERM no", "ERR no such key", "WRONGTYPE \x1b"])),
)
replies: st.SearchStrategy[Reply] = st.recursive(
    single, lambda inner: st.lists(inner, max_size=6), max_leaves=8
)


def found_in(look: Look[T], trips: Sequence[list[Reply]]) -> T | None:
    """What the look comes to when its round trips are answered so, as many replies as it has
    commands; None when it says in words that it cannot be."""
    rest = iter(trips)
    try:
        commands = next(look)
        while True:
            answered = next(rest, [])[: len(commands)]
            commands = look.send(answered + [None] * (len(commands) - len(answered)))
    except StopIteration as end:
        found: T = end.value
        return found
    except ReplyError:
        return None
