"""RQ's jobs that a worker had taken and not begun when it was killed (``intermediate_queue.py``).

Nothing tells since when one is there, or who has it: they are stuck only while no worker of the
queue lives at all. Where one does, RQ itself makes them failed jobs, in its second maintenance.
"""

from warroom.connect.queues.asking import asking
from warroom.connect.queues.lists import COMPARED
from warroom.connect.queues.remedies.reading import fields_of, peek, shown
from warroom.connect.queues.remedies.terms import Candidate, Target
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.rq_worker import WORKERS, alive, worker_commands, workers
from warroom.connect.queues.talk import Argument, Look, scanned

BACK = """
redis.call('LLEN', KEYS[2])
local seen = redis.call('HMGET', KEYS[3], 'status', 'enqueued_at')
if seen[1] ~= 'queued' or (seen[2] or '') ~= ARGV[2] then return -1 end
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
redis.call('LPUSH', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[4])
return 1
"""
"""To the front, for it was the next one."""


def between(layout: Rq, most: int) -> Look[list[Candidate]]:
    """The oldest first. Raises ReplyError."""
    key = f"{layout.key}:intermediate"
    _, _, jobs = yield from peek(key, "left", most, COMPARED)
    if not jobs or (yield from _somebody(layout)):
        return []
    names = ("status", "enqueued_at", "description")
    rows = yield from fields_of([b"rq:job:" + job for job, _ in jobs], names)
    found = []
    for (job, _), (status, at, what) in zip(jobs, rows, strict=True):
        if status == b"queued":
            seen = f"{key}:first_seen:".encode() + job
            keys: list[Argument] = [key, layout.key, b"rq:job:" + job, seen]
            words = f"{shown(what)}, taken and not begun, and no worker is there"
            target = Target(job.decode("utf-8", "replace"), words, f"{job.hex()} {at.hex()}")
            found.append(Candidate(target, ("EVAL", BACK, 4, *keys, job, at)))
    return found


def _somebody(layout: Rq) -> Look[bool]:
    """Whether a worker of the queue lives, or that cannot be told."""
    (listed,) = yield (("SSCAN", layout.registry("workers"), 0, "COUNT", WORKERS),)
    members, more = scanned(listed)
    keys = list(dict.fromkeys(members))
    asked = worker_commands(keys)
    replies = (yield from asking(asked)) if asked else {}
    return more or alive(workers(keys, layout.queue, replies, [])) != 0
