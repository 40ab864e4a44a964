"""Streams: what waits is skipped, and what a consumer that is gone has in hand is given out again.

From Redis' documentation of ``XGROUP SETID``, ``XPENDING`` (``IDLE``, 6.2), ``XADD`` and ``XACK``.
Nothing of a stream is removed: flushing moves the group to the last entry that was counted.
``XCLAIM`` would give a stuck entry to one consumer by name, which does not see it unless it reads
its own pending entries again: instead the entry is added once more, for whoever reads next, and
the old one acknowledged. That is for one group only, as others would be given it a second time.
"""

from warroom.connect.queues.entries import Reader, first_entry, readers
from warroom.connect.queues.layout import Moment
from warroom.connect.queues.remedies.flushing import (
    EXPIRED,
    KEPT,
    LONG,
    TWICE,
    UNDO,
    newest,
    outcome,
)
from warroom.connect.queues.remedies.reading import SCANNED, shown
from warroom.connect.queues.remedies.stream_scripts import AGAIN, COUNT, REWIND, SKIP
from warroom.connect.queues.remedies.terms import (
    GONE,
    Candidate,
    Listing,
    Remedied,
    Survey,
    Target,
)
from warroom.connect.queues.streams import PlainStream
from warroom.connect.queues.talk import Look, Reply, ReplyError, count, items, raw, text

COUNTS_READ = (7, 0)
"""The version from which on a group keeps how many entries it has read, and is told it."""
ALIVE = (
    "a consumer that lives and works for long looks like one that is gone: then the entry is "
    "worked on twice; make sure that it is gone"
)
WHY = {
    -2: "it is not in the stream any more",
    -3: "there is another group by now, which would be given it twice",
    -4: "it has more fields than can be added at once",
}


def survey(layout: PlainStream, remedy: str, moment: Moment, flushed: str | None) -> Look[Survey]:
    group, _ = yield from _group(layout)
    if remedy == "unflush":
        return (yield from _survey_back(layout, group, flushed))
    (reply,) = yield (("XREVRANGE", layout.key, "+", "-", "COUNT", 1),)
    last = (first_entry(reply) or b"").decode()
    total = group.lag
    if total is None and last:
        asked = ("EVAL", COUNT, 1, layout.key, group.last, last, LONG)
        (counted,) = yield (asked,)
        if (total := count(counted)) >= LONG:
            raise ReplyError(f"{layout.key}: more than {LONG:,} wait, which is not counted out")
    known = moment.version >= COUNTS_READ and group.added is not None
    read = str(group.added) if known else ""
    return Survey(
        targets=(Target(group.name, f"{total:,} entries up to {last}", f"{last} {read}"),)
        if total
        else (),
        total=total or 0,
        of=None,
        commands=(f"XGROUP SETID {layout.key} {group.name} {last}",),
        undo=f"{UNDO}; not once the group was given newer entries",
        notes=("no entry is removed: the group skips them",),
    )


def flush(layout: PlainStream, survey: Survey, run: str, now: float) -> Look[Remedied]:
    """Up to the entry that was the last one when they were counted: newer ones are not skipped."""
    target = survey.targets[0]
    last, _, read = target.mark.partition(" ")
    keys = (layout.key, _away(layout, run), _flushes(layout))
    told = (target.identity, last, read, KEPT * 1000, run, repr(now), LONG)
    (reply,) = yield (("EVAL", SKIP, 3, *keys, *told),)
    came, many = outcome(reply)
    if came == 1:
        return Remedied(many, (), f"{many:,} entries skipped, to be had back as run {run}")
    return Remedied(
        0, (f"{target.identity}: {TWICE if came == -2 else GONE}",), "nothing was skipped"
    )


def unflush(layout: PlainStream, survey: Survey) -> Look[Remedied]:
    run, mark = survey.targets[0].identity, survey.targets[0].mark
    group, _, kept = mark.partition("\n")
    keys = (layout.key, _away(layout, run), _flushes(layout))
    (reply,) = yield (("EVAL", REWIND, 3, *keys, group, kept, run),)
    came, many = outcome(reply)
    if came == 1:
        return Remedied(many, (), f"{many:,} entries are given out again")
    newer = "the group was given newer entries since, which it would be given twice"
    return Remedied(0, (f"{run}: {newer if came == -1 else GONE}",), "nothing was taken back")


def stuck(layout: PlainStream, stuck_for: float, most: int) -> Look[Listing]:
    """The oldest entries first that a consumer was given at least ``stuck_for`` (s) ago."""
    group, alone = yield from _group(layout)
    if not alone:
        raise ReplyError(f"{layout.key}: its other groups would be given the entries twice")
    idle = max(int(stuck_for * 1000), 0)
    (reply,) = yield (("XPENDING", layout.key, group.name, "IDLE", idle, "-", "+", SCANNED),)
    held = [_candidate(layout, group.name, idle, each) for each in items(reply)]
    return Listing(
        candidates=tuple(held[:most]),
        total=len(held),
        of=group.pending,
        commands=(
            f"for each that is still pending: XADD {layout.key} * FIELDS, and "
            f"XACK {layout.key} {group.name} ID",
        ),
        notes=(ALIVE, "the entry gets a new id, and comes last"),
        why=WHY,
    )


def _group(layout: PlainStream) -> Look[tuple[Reader, bool]]:
    """The group that is meant, and whether it is the only one. Raises ReplyError."""
    (reply,) = yield (("XINFO", "GROUPS", layout.key),)
    found = readers(reply)
    meant = [each for each in found if layout.group in (None, each.name)]
    if len(meant) != 1:
        many = f"{len(meant)} groups: configure which of them is meant (group)"
        raise ReplyError(f"{layout.key}: {many if meant else 'no such group'}")
    return meant[0], len(found) == 1


def _survey_back(layout: PlainStream, group: Reader, flushed: str | None) -> Look[Survey]:
    run, _ = yield from newest(_flushes(layout), flushed)
    (reply,) = yield (("GET", _away(layout, run)),)
    kept = text(reply)
    parts = kept.split(" ")
    if len(parts) != 4 or not parts[2].isdigit():
        raise ReplyError(EXPIRED.format(run=run))
    total = int(parts[2])
    return Survey(
        targets=(Target(run, f"{total:,} entries skipped", f"{group.name}\n{kept}"),),
        total=total,
        of=None,
        commands=(f"XGROUP SETID {layout.key} {group.name} {parts[0]}",),
        undo="flush",
    )


def _candidate(layout: PlainStream, group: str, idle: int, reply: Reply) -> Candidate:
    listed = items(reply)
    if len(listed) != 4:
        raise ReplyError("not a pending entry")
    identity, consumer = raw(listed[0]) or b"", raw(listed[1]) or b""
    since, times = count(listed[2]), count(listed[3])
    words = f"in hand of {shown(consumer)} for {since / 1000:,.0f} s, given out {times} times"
    return Candidate(
        Target(identity.decode("ascii", "replace"), words, f"{consumer.hex()} {times}"),
        ("EVAL", AGAIN, 1, layout.key, group, identity, consumer, idle, times),
    )


def _away(layout: PlainStream, run: str) -> str:
    return f"warroom:flushed:{layout.key}:{run}"


def _flushes(layout: PlainStream) -> str:
    return f"warroom:flushes:{layout.key}"
