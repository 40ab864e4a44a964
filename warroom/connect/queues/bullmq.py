"""A queue of BullMQ's, as Node's and Python's libraries keep it.

From the sources of ``bullmq`` for Python (its ``commands/*.lua`` are Node's own, generated from
the same ones) and from the documentation of BullMQ 5; tested with 3.4.4 for Python. What is to
be known of it:

- Workers take from the right of ``wait``, and from ``prioritized`` when that is empty. New jobs
  come at the left; what was put first, stalled, or waited for its children comes at the right.
- Only workers move delayed jobs that are due: without any they stay in ``delayed``. They count
  as waiting here.
- While a queue is paused, older versions keep its jobs in ``paused``, newer ones in ``wait``.
- ``stalled`` is no set of stalled jobs, but of all that were active at the last check. A job is
  stalled when it is active and its lock has expired.
- ``id`` counts calls of ``add``, also those that added nothing, because the id was there
  already or the job was deduplicated. It is a count of jobs only where ids are its numbers.
- BullMQ Pro's groups have jobs of their own, and only the next of them in ``wait``. Its keys
  were not tried, only that groups are there is looked at: then nobody knows how many wait.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.bullmq_front import Front, front, front_commands
from warroom.connect.queues.bullmq_job import newest_failed, whole_job
from warroom.connect.queues.bullmq_keys import Keys, workers_named
from warroom.connect.queues.bullmq_next import Fronts, first_ids, next_job, oldest
from warroom.connect.queues.bullmq_seen import CLIENTS, LOCKS, Seen, commands, seen
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import arrivals
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, items, sound
from warroom.measure.redis import Count, FailedJob

ABSENT = "no key {key}: no such queue; never used, obliterated, or another name or prefix"
NAMELESS = "workers: no connection has a worker's name, which not all of them give themselves"
CUSTOM = "arriving: ids are not the queue's own numbers, and adding one twice counts twice"
ADDS = "arriving, finishing: calls of add are counted, also those that added nothing"
SURPLUS = "arriving: more ids were given out than jobs came, as of jobs that are deduplicated"


@dataclass(frozen=True)
class Bullmq:
    """``queue`` is its name in BullMQ, ``prefix`` what its keys begin with."""

    queue: str
    prefix: str = "bull"

    kind: ClassVar[str] = "bullmq"

    @property
    def place(self) -> str:
        return self.queue

    @property
    def keys(self) -> Keys:
        return Keys(self.queue, self.prefix)

    def look(self, moment: Moment) -> Look[Counted]:
        keys = self.keys
        first = yield from asking(commands(keys, moment))
        found = seen(first)
        if first.get("meta") == 0 and found.nothing:
            raise ReplyError(ABSENT.format(key=keys.of("meta")))
        second = yield from asking(_second(keys, found))
        notes = found.notes
        fronts = _fronts(found, second)
        stalled = part(
            "stalled", partial(_stalled, found, second.get("hand")), second.get("locks"), notes
        )
        head, overtaken = next_job(found, fronts, moment.before, first.get("still"), notes)
        added, arrived = _came(found, fronts, moment.before, head, first.get("tail"), notes)
        if added is not None:
            notes.append(ADDS)
        return Counted(
            depth=None if found.grouped else found.depth,
            unfinished=None if found.grouped else found.unfinished,
            active=found.active,
            delayed=found.delayed - found.due,
            failed=found.failed,
            workers=_workers(keys, moment, first.get("clients"), notes),
            added=added,
            arrived=arrived,
            oldest=oldest(found, fronts, notes),
            head=head,
            overtaken=overtaken,
            tail=found.newest,
            paused=found.paused,
            counts=_counts(found, stalled),
            notes=tuple(dict.fromkeys(notes)),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        return newest_failed(self.keys, queue)

    def job(self, identity: str) -> Look[str]:
        return whole_job(self.keys, identity)


def _second(keys: Keys, found: Seen) -> dict[str, Command]:
    asked: dict[str, Command] = {}
    for each in first_ids(found):
        asked |= front_commands(keys, each)
    if found.hand:
        asked["locks"] = ("MGET", *(keys.job(each, ":lock") for each in found.hand))
        # Those that were finished meanwhile have no lock either, but are not here any more.
        asked["hand"] = ("LRANGE", keys.of("active"), -LOCKS, -1)
    return asked


def _fronts(found: Seen, second: Replies) -> dict[bytes, Front]:
    """Those of the first jobs that can be read."""
    fronts: dict[bytes, Front] = {}
    for each in first_ids(found):
        try:
            fronts[each] = front(each, second)
        except ReplyError as error:
            found.notes.append(f"next job: {error}")
    return fronts


def _stalled(found: Seen, hand: Reply, locks: Reply) -> int:
    """Counts those in hand without a lock, which their worker renews while it lives."""
    held = items(locks)
    if len(held) != len(found.hand) or (found.active and not held):
        raise ReplyError("not told of all that are in hand")
    there = {each for each in items(hand) if isinstance(each, bytes)}
    both = zip(found.hand, held, strict=True)
    lost = sum(sound(lock) is None and each in there for each, lock in both)
    if found.active > LOCKS:
        found.notes.append(f"stalled: only the {LOCKS} taken first are looked at")
    if lost:
        found.notes.append(f"{lost:,} in hand have lost their worker, or it hangs (no lock)")
    return lost


def _counts(found: Seen, stalled: int | None) -> tuple[Count, ...]:
    return (
        Count("waiting", found.wait),
        Count("prioritized", found.prioritized),
        Count("delayed, due", found.due),
        Count("waiting-children", found.children),
        Count("stalled", stalled),
        Count("completed", found.completed),
    )


def _came(
    found: Seen,
    fronts: Fronts,
    before: Counted | None,
    head: bytes | None,
    position: Reply,
    notes: list[str],
) -> tuple[int | None, int | None]:
    """Jobs added ever, or else since the look before."""
    if found.numbered and not any(each.deduplicated for each in fronts.values()):
        if not found.grouped and _surplus(found, before, head):
            notes.append(SURPLUS)
            return None, None
        return found.counter, None
    notes.append(CUSTOM)
    if found.grouped or before is None or not _plain(before):
        return None, None
    if found.unfinished != found.wait + found.active:
        return None, None
    return None, part("arriving", lambda p: arrivals(found.wait, p, True), position, notes)


def _surplus(found: Seen, before: Counted | None, head: bytes | None) -> bool:
    """Whether more adds were counted than there can have been. While the next job stays the
    next, none was taken, and only jobs that were in hand can have been finished."""
    if before is None or head is None or before.head != head:
        return False
    if found.counter is None or before.added is None:
        return False
    held = max(found.unfinished - (before.unfinished or 0), 0)
    finished = max((before.active or 0) - found.active, 0)
    return found.counter - before.added > held + finished


def _plain(before: Counted) -> bool:
    """Whether all its jobs waited in the list, or were in hand."""
    return before.unfinished == sum(
        each.count or 0 for each in before.counts if each.what == "waiting"
    ) + (before.active or 0)


def _workers(keys: Keys, moment: Moment, reply: Reply, notes: list[str]) -> int | None:
    """None named are none only where some were named before."""
    if moment.clients is None or moment.clients > CLIENTS:
        many = "it is not known how many" if moment.clients is None else f"{moment.clients:,}"
        notes.append(f"workers: not told: more clients than are listed ({many})")
        return None
    named = part("workers", lambda told: workers_named(keys, told, moment.database), reply, notes)
    if named == 0 and (moment.before is None or moment.before.workers is None):
        notes.append(NAMELESS)
        return None
    return named
