"""The jobs that would be taken next from a queue of BullMQ's: which of them is watched until it
is taken, and since when the oldest waits."""

from collections.abc import Mapping

from warroom.connect.queues.asking import part
from warroom.connect.queues.bullmq_front import Front, still
from warroom.connect.queues.bullmq_keys import DUE, PRIORITY
from warroom.connect.queues.bullmq_seen import Seen
from warroom.connect.queues.layout import Counted
from warroom.connect.queues.talk import Reply

Fronts = Mapping[bytes, Front]


def first_ids(found: Seen) -> list[bytes]:
    """In the order in which they would be taken."""
    scored = [each.identity for each in (found.first, found.next_due) if each is not None]
    return list(dict.fromkeys([*found.waiting, *scored]))


def next_job(
    found: Seen,
    fronts: Fronts,
    before: Counted | None,
    stayed: Reply,
    notes: list[str],
) -> tuple[bytes | None, bool]:
    """The job that is next, and whether it was put before the one that was the next and still
    waits. Where that cannot be told, neither is."""
    ids = first_ids(found)
    if not found.told or not ids or ids[0] not in fronts:
        return None, False
    head = fronts[ids[0]].mark
    was = before.head if before is not None else None
    if was is None or was == head or was.partition(b"\0")[0] == ids[0]:
        return head, False
    kept = part("next job", lambda reply: still(was, reply), stayed, notes)
    return (None, False) if kept is None else (head, kept)


def oldest(found: Seen, fronts: Fronts, notes: list[str]) -> float | None:
    """None as soon as one of those that may be the oldest does not tell."""
    if found.grouped or not found.told or not all(each in fronts for each in first_ids(found)):
        return None
    times = [fronts[each].queued for each in found.waiting]
    if found.first is not None and found.last is not None:
        same = found.first.score // PRIORITY == found.last.score // PRIORITY
        times.append(fronts[found.first.identity].queued if same else None)
        if not same:
            notes.append("oldest: not told of jobs that have different priorities")
    if found.next_due is not None:
        due = found.next_due.score / DUE / 1000
        times.append(due if due > 0 else None)
    known = [each for each in times if each is not None]
    return min(known) if known and len(known) == len(times) else None
