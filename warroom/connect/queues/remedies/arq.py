"""arq's jobs whose worker was killed: they are in hand until a key of theirs expires.

From ``worker.py`` of arq 0.28.0 (``start_jobs``, ``run_job``). A job stays in the queue while it
is in hand; to take its key ``arq:in-progress:ID`` away is to give it back. Each attempt sets the
expiry of ``arq:retry:ID`` anew, which tells when it began.
"""

from warroom.connect.queues.arq import Arq
from warroom.connect.queues.lists import COMPARED
from warroom.connect.queues.remedies.reading import SCANNED, Job, note, peek
from warroom.connect.queues.remedies.terms import Candidate, Listing, Target
from warroom.connect.queues.talk import Argument, Command, Look, Reply, count, text, whole

BEGAN = 88_400
"""Seconds for which ``arq:retry:ID`` is kept, from the beginning of an attempt on."""
FREE = """
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return 0 end
if score ~= ARGV[2] or redis.call('GET', KEYS[3]) ~= ARGV[3] then return -1 end
if redis.call('PTTL', KEYS[3]) > tonumber(ARGV[4]) then return -1 end
if redis.call('EXISTS', KEYS[4]) == 0 then return -2 end
if redis.call('DEL', KEYS[2]) == 0 then return -3 end
return 1
"""
WHY = {
    -2: "arq has forgotten by now what it was to do",
    -3: "not in hand any more: it waits already",
}
ALIVE = (
    "arq does not tell which worker has a job: one that lives goes on with it, and it runs twice; "
    "make sure that it is gone"
)
TRIES = "an attempt that was cut off counts: beyond max_tries arq gives a job up"


def stuck(layout: Arq, now: float, stuck_for: float, most: int) -> Look[Listing]:
    """In the order in which they are due."""
    many, looked, jobs = yield from peek(layout.queue, "zset", SCANNED, COMPARED)
    due = [(job, score) for job, score in jobs if float(score) <= now * 1000]
    held = yield from _held(due)
    asked: list[Command] = []
    for job, _ in held:
        asked += [("PTTL", b"arq:retry:" + job), ("GETRANGE", b"arq:retry:" + job, 0, 19)]
    replies = (yield asked) if asked else ()
    found: list[Candidate] = []
    for each, left, tries in zip(held, replies[::2], replies[1::2], strict=True):
        age = _age(left)
        if age is not None and age >= stuck_for:
            found.append(_candidate(layout, each, text(tries), age, stuck_for))
    return Listing(
        candidates=tuple(found[:most]),
        total=len(found),
        of=len(held),
        commands=("for each, if it is in the queue: DEL arq:in-progress:ID",),
        notes=(ALIVE, TRIES, *note(looked, many, "jobs")),
        why=WHY,
    )


def _held(jobs: list[Job]) -> Look[list[Job]]:
    if not jobs:
        return []
    replies = yield [("EXISTS", b"arq:in-progress:" + job) for job, _ in jobs]
    return [each for each, reply in zip(jobs, replies, strict=True) if count(reply)]


def _age(left: Reply) -> float | None:
    """How long an attempt is old, by what its key has left (ms); None where it has none."""
    found = whole(left)
    return BEGAN - found / 1000 if found is not None and 0 <= found <= BEGAN * 1000 else None


def _candidate(layout: Arq, job: Job, tries: str, age: float, stuck_for: float) -> Candidate:
    identity, score = job
    keys: list[Argument] = [
        layout.queue,
        *(b"arq:%s:%s" % (w, identity) for w in (b"in-progress", b"retry", b"job")),
    ]
    told: list[Argument] = [identity, score, tries, int((BEGAN - stuck_for) * 1000)]
    return Candidate(
        Target(
            identity.decode("utf-8", "replace"),
            f"in hand for {age:,.0f} s, attempt {tries}",
            f"{score.decode()} {tries} {identity.hex()}",
        ),
        ("EVAL", FREE, len(keys), *keys, *told),
    )
