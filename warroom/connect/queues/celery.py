"""A queue of Celery's on Redis.

From the source of kombu 5.7 (``transport/redis.py``) and Celery's documentation, "Message
Protocol"; tested with Celery 5.7.0. What is to be known of it:

- A queue is a list for each step of priority; messages come at the left and are taken from the
  right, those of step 0 first.
- What workers have taken (prefetched, at work, or held until its ETA) is in one hash for all
  queues of the database, and leaves no trace when it is done.
- A message does not say when it was queued. Failed tasks are single keys of the result
  backend, which nobody can list but by going through all keys.
- Which workers live cannot be told: what a worker writes about itself stays when it is killed
  (seen). That nobody at all listens for remote control can.
"""

from dataclasses import dataclass
from typing import ClassVar

from warroom.connect.queues.asking import asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import COMPARED, arrivals, tail_commands
from warroom.connect.queues.payloads import digest
from warroom.connect.queues.talk import Command, Look, ReplyError, count, raw
from warroom.measure.redis import Count, FailedJob

STEPS = (0, 3, 6, 9)
"""``priority_steps`` where nobody changed them."""
SEPARATOR = "\x06\x16"
NOT_TOLD = (
    "Celery does not tell in Redis which workers live, what failed, how many of a queue are in "
    "hand, or since when a task waits"
)
NOBODY = "workers: none listens for remote control"


@dataclass(frozen=True)
class Celery:
    """``queue`` is its name in Celery, ``prefix`` its ``global_keyprefix``."""

    queue: str
    prefix: str = ""

    kind: ClassVar[str] = "celery"

    @property
    def place(self) -> str:
        return self.queue

    def key(self, step: int) -> str:
        """The list of one step of priority."""
        return f"{self.prefix}{self.queue}{f'{SEPARATOR}{step}' if step else ''}"

    def look(self, moment: Moment) -> Look[Counted]:
        notes = [NOT_TOLD]
        first = yield from asking(self._commands(moment))
        lengths = {step: count(first.get(str(step))) for step in STEPS}
        depth = sum(lengths.values())
        due = yield from self._next(lengths, notes)
        newest = part("newest task", raw, first.get("newest"), notes)
        # With several lists, what came to one of them is not what came.
        plain = lengths[0] == depth
        patterns = part("remote control", count, first.get("patterns"), notes)
        if patterns == 0:
            notes.append(NOBODY)
        return Counted(
            depth=depth,
            arrived=arrivals(depth, first.get("tail"), newest_left=True) if plain else None,
            head=None if due is None else digest(due),
            tail=newest if plain and newest is not None and len(newest) <= COMPARED else None,
            counts=(
                *(Count(f"priority {step}", lengths[step]) for step in STEPS[1:]),
                Count("unacked (all queues)", part("unacked", count, first.get("held"), notes)),
            ),
            absent=() if depth or first.get("bound") == 1 else (self.key(0),),
            notes=tuple(notes),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """None: Celery lists no failed tasks."""
        yield from ()
        return ()

    def job(self, identity: str) -> Look[str]:
        yield from ()
        raise ReplyError("Celery lists no failed tasks in Redis")

    def _commands(self, moment: Moment) -> dict[str, Command]:
        found: dict[str, Command] = {str(step): ("LLEN", self.key(step)) for step in STEPS}
        found |= {
            "newest": ("LINDEX", self.key(0), 0),
            "held": ("HLEN", f"{self.prefix}unacked"),
            "patterns": ("PUBSUB", "NUMPAT"),
            "bound": ("EXISTS", f"{self.prefix}_kombu.binding.{self.queue}"),
        }
        tail = moment.before.tail if moment.before is not None else None
        if (position := tail_commands(self.key(0), tail, newest_left=True)) is not None:
            found["tail"] = position
        return found

    def _next(self, lengths: dict[int, int], notes: list[str]) -> Look[bytes | None]:
        step = next((step for step in STEPS if lengths[step]), None)
        if step is None:
            return None
        (reply,) = yield (("LINDEX", self.key(step), -1),)
        return part("next task", raw, reply, notes)
