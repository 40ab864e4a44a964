"""A plain list's failed jobs, which go back to the end where new ones come."""

from collections import Counter

from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.payloads import digest, named
from warroom.connect.queues.remedies.reading import End, note, peek
from warroom.connect.queues.remedies.terms import Candidate, Listing, Target
from warroom.connect.queues.talk import Look, ReplyError

MOVE = """
redis.call('LLEN', KEYS[2])
if redis.call('LREM', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call(ARGV[3], KEYS[2], ARGV[2])
return 1
"""
"""The length is asked to fail on a key of another type before anything is removed."""


def failed(layout: PlainList, key: str, most: int) -> Look[Listing]:
    """The oldest first: new ones do not shift those. They go back as they are, with whatever
    a team has added to them as they failed. Raises ReplyError."""
    if not layout.payloads:
        raise ReplyError(f"{key}: no element is to be read (payloads)")
    end: End = "right" if layout.newest_left else "left"
    many, looked, jobs = yield from peek(key, end, most)
    push = "LPUSH" if layout.newest_left else "RPUSH"
    alike: Counter[bytes] = Counter()
    found = []
    for job, _ in jobs:
        alike[job] += 1
        again = f".{alike[job]}" if alike[job] > 1 else ""
        identity = digest(job).hex() + again
        words = f"{named(job, layout.name) or identity} ({len(job):,} bytes)"
        told = (-1 if layout.newest_left else 1, job, push)
        command = ("EVAL", MOVE, 2, key, layout.key, *told)
        found.append(Candidate(Target(identity, words), command))
    long = looked - len(jobs)
    return Listing(
        candidates=tuple(found),
        total=many,
        of=many,
        commands=(f"for each: LREM {key} 1 JOB, and if it was there {push} {layout.key} JOB",),
        notes=(
            "a job goes back as it lies in the failed list",
            *((f"{long:,} of them are too long to be moved",) if long else ()),
            *note(looked, min(many, most), "failed jobs"),
        ),
    )
