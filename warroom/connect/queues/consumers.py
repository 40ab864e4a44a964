"""Who reads a stream, as far as the server knows: consumers of its groups, and their idleness."""

from collections.abc import Sequence
from dataclasses import replace

from warroom.connect.queues.asking import Replies, part
from warroom.connect.queues.entries import Reader
from warroom.connect.queues.layout import Counted
from warroom.connect.queues.talk import Command, Reply, count, items, pairs
from warroom.measure.redis import Count

CONSUMERS = 200
"""The most consumers that are read, of all groups together."""
HEARD = 60.0
"""Seconds within which a consumer that works has been given an entry, when entries wait."""
UNTOLD = "workers: those that wait, or work for long, look like those that are gone"


def consumer_commands(key: str, groups: Sequence[Reader]) -> dict[str, Command]:
    """The commands whose replies ``with_workers`` wants."""
    if sum(each.consumers for each in groups) > CONSUMERS:
        return {}
    found: dict[str, Command] = {}
    for each in groups:
        if each.consumers:
            found[f"consumers {each.name}"] = ("XINFO", "CONSUMERS", key, each.name)
    return found


def with_workers(
    counted: Counted, groups: Sequence[Reader], replies: Replies, waits: bool
) -> Counted:
    """``counted`` with the workers that are known.

    They are told while entries wait (``waits``): who could take one is given one at once, so
    that a consumer which was not given any for long is gone, unless it has entries in hand.
    """
    known = sum(each.consumers for each in groups)
    notes, counts = list(counted.notes), [*counted.counts, Count("consumers", known)]
    workers: int | None = None
    if known > CONSUMERS:
        notes.append(f"workers: {known} consumers, more than are read")
    elif (seen := _all(groups, replies, notes)) is not None:
        heard = sum(idle < HEARD for idle, _ in seen)
        counts.append(Count(f"consumers given work in {HEARD:g} s", heard))
        if waits and not any(idle >= HEARD and pending for idle, pending in seen):
            workers = heard
        else:
            notes.append(UNTOLD)
    return replace(counted, workers=workers, counts=tuple(counts), notes=tuple(notes))


def _all(
    groups: Sequence[Reader], replies: Replies, notes: list[str]
) -> list[tuple[float, int]] | None:
    found: list[tuple[float, int]] = []
    for each in groups:
        reply = replies.get(f"consumers {each.name}")
        seen = part(f"workers of {each.name}", _consumers, reply, notes)
        if seen is None:
            return None
        found += seen
    return found


def _consumers(reply: Reply) -> list[tuple[float, int]]:
    """For how many seconds each consumer was given nothing, and how much it has in hand."""
    listed = [pairs(each) for each in items(reply)]
    return [(count(each.get("idle")) / 1000, count(each.get("pending"))) for each in listed]
