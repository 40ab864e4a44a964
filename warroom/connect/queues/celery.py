"""A queue of Celery's on Redis.

From the source of kombu 5.7 (``transport/redis.py``) and Celery's documentation, "Message
Protocol"; tested with Celery 5.7.0. What is to be known of it:

- A queue is a list for each step of priority; messages come at the left and are taken from the
  right, those of step 0 first. Teams may choose the steps, and what stands before their number
  in the key: a queue's binding has that, too.
- What workers have fetched ahead or hold until its ETA is in one hash for all queues of the
  database. A task at work is in it only where it is acknowledged late, and leaves no trace when
  it is done.
- A message does not say when it was queued. Failed tasks are single keys of the result
  backend, which nobody can list but by going through all keys.
- Which workers live cannot be told: what a worker writes about itself stays when it is killed
  (seen). That nobody at all listens for remote control can.
"""

from dataclasses import dataclass
from typing import ClassVar

from warroom.connect.queues.asking import Replies, asking, part
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import COMPARED, arrivals, tail_commands
from warroom.connect.queues.payloads import digest
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, count, raw, scanned
from warroom.measure.redis import Count, FailedJob

STEPS = range(10)
"""All priorities that kombu knows, each of which may have a list of its own."""
USUAL = (3, 6, 9)
"""Those that have one, beside 0, where nobody changed ``priority_steps``."""
SEPARATOR = "\x06\x16"
BINDINGS = 100
"""Bindings that are looked at, at most: an exchange of a queue's own has one."""
LONGEST = 16
"""Bytes of the longest separator that is taken for one."""
STEP = 17
"""Bytes of ``head`` for one step: its number and a digest of its next task."""
NOT_TOLD = (
    "Celery does not tell in Redis which workers live, what failed, how many of a queue are in "
    "hand, or since when a task waits; what is taken counts as finished"
)
NOBODY = "workers: nobody listens for remote control on this server"


@dataclass(frozen=True)
class Celery:
    """``queue`` is its name in Celery, ``prefix`` its ``global_keyprefix``."""

    queue: str
    prefix: str = ""

    kind: ClassVar[str] = "celery"

    @property
    def place(self) -> str:
        return self.queue

    @property
    def binding(self) -> str:
        """Where kombu keeps what is bound to the exchange that is named like the queue."""
        return f"{self.prefix}_kombu.binding.{self.queue}"

    def key(self, step: int, separator: str = SEPARATOR) -> str:
        """The list of one step of priority."""
        return f"{self.prefix}{self.queue}{f'{separator}{step}' if step else ''}"

    def separator(self) -> Look[str]:
        """What stands before a step's number in its list's key. Raises ReplyError."""
        (reply,) = yield (("SSCAN", self.binding, 0, "COUNT", BINDINGS),)
        return _separator(_members(reply), self.queue)

    def look(self, moment: Moment) -> Look[Counted]:
        notes = [NOT_TOLD]
        first = yield from asking(self._about())
        members = part("priorities", _members, first.get("bound"), notes)
        separator = _separator(members or [], self.queue)
        lists = yield from asking(self._lists(separator, moment))
        lengths = {step: count(lists.get(str(step))) for step in STEPS}
        fronts = yield from self._fronts(lengths, separator)
        depth = sum(lengths.values())
        # With several lists, what came to one of them is not what came.
        plain = lengths[0] == depth
        newest = part("newest task", raw, lists.get("newest"), notes)
        if part("remote control", count, first.get("patterns"), notes) == 0:
            notes.append(NOBODY)
        head, overtaken = _head(fronts, moment.before, notes)
        return Counted(
            depth=depth,
            arrived=arrivals(depth, lists.get("tail"), newest_left=True) if plain else None,
            head=head,
            overtaken=overtaken,
            tail=newest if plain and newest is not None and len(newest) <= COMPARED else None,
            counts=(
                *(Count(f"priority {step}", lengths[step]) for step in _shown(lengths)),
                Count("unacked (all queues)", part("unacked", count, first.get("held"), notes)),
            ),
            absent=() if depth or members else (self.key(0),),
            notes=tuple(notes),
        )

    def failures(self, queue: str) -> Look[tuple[FailedJob, ...]]:
        """None: Celery lists no failed tasks."""
        yield from ()
        return ()

    def job(self, identity: str) -> Look[str]:
        yield from ()
        raise ReplyError("Celery lists no failed tasks in Redis")

    def _about(self) -> dict[str, Command]:
        return {
            "bound": ("SSCAN", self.binding, 0, "COUNT", BINDINGS),
            "held": ("HLEN", f"{self.prefix}unacked"),
            "patterns": ("PUBSUB", "NUMPAT"),
        }

    def _lists(self, separator: str, moment: Moment) -> dict[str, Command]:
        found: dict[str, Command] = {
            str(step): ("LLEN", self.key(step, separator)) for step in STEPS
        }
        found["newest"] = ("LINDEX", self.key(0), 0)
        tail = moment.before.tail if moment.before is not None else None
        if (position := tail_commands(self.key(0), tail, newest_left=True)) is not None:
            found["tail"] = position
        return found

    def _fronts(self, lengths: dict[int, int], separator: str) -> Look[Replies]:
        """The next task of each list that is not empty: one, where no priorities are used."""
        asked: dict[str, Command] = {
            str(step): ("LINDEX", self.key(step, separator), -1) for step in STEPS if lengths[step]
        }
        return (yield from asking(asked)) if asked else {}


def _shown(lengths: dict[int, int]) -> list[int]:
    """The steps that are told apart from the rest, which is 0."""
    return [step for step in STEPS[1:] if step in USUAL or lengths[step]]


def _members(reply: Reply) -> list[bytes]:
    return scanned(reply)[0]


def _separator(members: list[bytes], queue: str) -> str:
    """What kombu puts before a step, of a queue's binding: the routing key and the queue's
    name, which are the same here, with an empty pattern between two separators."""
    name = queue.encode()
    for member in members:
        middle = member[len(name) : len(member) - len(name)]
        half = middle[: len(middle) // 2]
        if not 0 < len(half) <= LONGEST or member != name + half * 2 + name:
            continue
        try:
            return half.decode()
        except UnicodeDecodeError:
            continue
    return SEPARATOR


def _head(fronts: Replies, before: Counted | None, notes: list[str]) -> tuple[bytes | None, bool]:
    """The next task of each list that has one, and whether they are others than before only
    because a list got its first one: then none was taken."""
    try:
        found = [step.encode() + digest(raw(task) or b"") for step, task in fronts.items()]
    except ReplyError as error:
        notes.append(f"next task: {error}")
        return None, False
    head = b"".join(found)
    was = before.head if before is not None else None
    return head or None, was is not None and was != head and _steps(was) <= set(found)


def _steps(head: bytes) -> set[bytes]:
    return {head[at : at + STEP] for at in range(0, len(head), STEP)}
