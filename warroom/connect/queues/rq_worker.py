"""RQ's workers, and when the next job was queued: read in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass

from warroom.connect.queues.talk import Command, Look, Reply, ReplyError, items, text, whole


@dataclass(frozen=True)
class Worker:
    """One whose key is there; ``finished`` counts jobs of all its ``queues``, since its birth."""

    queues: tuple[str, ...]
    finished: int

    @property
    def alone(self) -> bool:
        """Whether it serves one queue only."""
        return len(self.queues) == 1


def workers(
    keys: Sequence[bytes], due: bytes | None, notes: list[str]
) -> Look[tuple[list[Worker] | None, str]]:
    """The workers that live, None when that is refused; and ``enqueued_at`` of the job ``due``."""
    fields = ("queues", "successful_job_count", "failed_job_count", "death")
    asked: list[Command] = [("HMGET", key, *fields) for key in keys]
    if due is not None:
        asked.append(("HGET", b"rq:job:" + due, "enqueued_at"))
    if not asked:
        return [], ""
    replies = yield asked
    queued = ""
    if due is not None:
        try:
            queued = text(replies[-1])
        except ReplyError as error:
            notes.append(f"oldest: {error}")
    try:
        found = [_worker(reply) for reply in replies[: len(keys)]]
    except ReplyError as error:
        notes.append(f"workers: {error}")
        return None, queued
    return [each for each in found if each is not None], queued


def _worker(reply: Reply) -> Worker | None:
    told = items(reply)
    if len(told) != 4 or told[0] is None or told[3] is not None:
        return None
    counts = [max(whole(each) or 0, 0) for each in told[1:3]]
    return Worker(tuple(text(told[0]).split(",")), sum(counts))
