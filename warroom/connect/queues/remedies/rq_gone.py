"""Which of RQ's jobs in hand have no worker any more.

A worker promises again every 30 s to be there, and its connection listens on a channel of its
own (see ``rq_worker.py``): it is gone when the promise is over, or when nobody listens and it has
not been heard of for as long as was asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warroom.connect.queues.remedies.reading import Job, fields_of, shown
from warroom.connect.queues.rq_worker import CHANNEL, KEY
from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, items

_JOB = ("status", "worker_name", "description")
_EXECUTION = ("worker_name", "last_heartbeat")


@dataclass(frozen=True)
class Held:
    """An entry of ``wip``, which is the job and its execution, and by whom it is held."""

    job: bytes
    execution: bytes
    score: bytes
    worker: bytes
    words: str


def gone(entries: Sequence[Job], now: float, stuck_for: float) -> Look[list[Held]]:
    """Those of ``entries`` whose worker is gone, in their order."""
    ids = [_parts(entry) for entry, _ in entries]
    jobs = yield from fields_of([b"rq:job:" + job for job, _ in ids], _JOB)
    told = yield from fields_of([b"rq:execution:" + entry for entry, _ in entries], _EXECUTION)
    names = [row[0] or job[1] for row, job in zip(told, jobs, strict=True)]
    there = yield from _there(sorted(set(names) - {b""}))
    found = []
    for (entry, score), row, job, name in zip(entries, told, jobs, names, strict=True):
        over = now - _number(score)
        silent = now - _number(row[1]) if row[1] else -1.0
        left = there.get(name) is False and silent >= stuck_for
        if job[0] == b"started" and (over > 0 or left):
            said = f"over its time by {over:,.0f} s" if over > 0 else f"silent for {silent:,.0f} s"
            words = f"{shown(job[2])}, worker {shown(name)}, {said}"
            found.append(Held(*_parts(entry), score, name, words))
    return found


def _there(names: Sequence[bytes]) -> Look[dict[bytes, bool]]:
    """Which workers have a key and listen; none where that is not told."""
    if not names:
        return {}
    asked: list[Command] = [("PUBSUB", "NUMSUB", *(CHANNEL + name for name in names))]
    replies = yield [*asked, *(("EXISTS", KEY + name) for name in names)]
    try:
        listening = items(replies[0])[1::2]
    except ReplyError:
        return {}
    both = zip(names, listening, replies[1:], strict=False)
    return {name: _some(listens) and _some(key) for name, listens, key in both}


def _some(reply: Reply) -> bool:
    """Whatever is no plain none counts as there."""
    return reply != 0


def _parts(entry: bytes) -> tuple[bytes, bytes]:
    """Before RQ 2.0 there were no executions, and the entry was the job."""
    job, _, execution = entry.partition(b":")
    return job, execution


def _number(written: bytes) -> float:
    try:
        return float(written)
    except ValueError:
        return float("inf")
