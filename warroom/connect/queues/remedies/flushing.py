"""Flushing a queue: what waits is put aside for a day under keys of ours, and can come back.

The server renames (``RENAME``, ``ZRANGESTORE``; Redis 6.2 and later), so that a flush costs the
same however long a list is. A library's other keys are left as they are.
"""

from warroom.connect.queues.layout import Layout
from warroom.connect.queues.payloads import LATEST, when
from warroom.connect.queues.remedies.flush_scripts import BACK, FLUSH, WAKE
from warroom.connect.queues.remedies.lines import Line, Lines, lines_of
from warroom.connect.queues.remedies.terms import GONE, Remedied, Survey, Target
from warroom.connect.queues.talk import Argument, Look, Reply, ReplyError, count, items, raw, real

KEPT = 86_400
"""Seconds for which is kept what was flushed."""
FAR_MORE = 1.2
SOME_MORE = 20
"""A queue that has grown by more than this since it was counted is not what was shown."""
LONG = 200_000
"""Jobs that are moved one by one at most: the server does nothing else meanwhile."""
UNDO = "unflush, within 24 h: what was flushed comes back, before what came since"
EXPIRED = "nothing is kept of a flush {run}, or no longer: that is for 24 h"
TWICE = "a flush of this name was made already: nothing was done"


def survey(layout: Layout, now: float) -> Look[Survey]:
    lines = yield from lines_of(layout, now)
    replies = yield tuple(line.count for line in lines.lines)
    many = {
        line: found
        for line, reply in zip(lines.lines, replies, strict=True)
        if (found := count(reply))
    }
    if any(line.part for line in many) and sum(many.values()) > LONG:
        raise ReplyError(f"{sum(many.values()):,} wait: more than are moved at once ({LONG:,})")
    return Survey(
        targets=tuple(
            Target(line.key, f"{line.key}: {found:,} waiting", str(found))
            for line, found in many.items()
        ),
        total=sum(many.values()),
        of=None,
        commands=tuple(text for line in many for text in _told(line)),
        undo=UNDO,
        notes=lines.notes,
    )


def flush(layout: Layout, survey: Survey, run: str, now: float) -> Look[Remedied]:
    """One script for all keys of the queue, which refuses when there is far more than shown."""
    lines = yield from lines_of(layout, now)
    shown = {target.identity for target in survey.targets}
    there = [line for line in lines.lines if line.key in shown]
    keys = [*(line.key for line in there), *(line.away(run) for line in there), lines.flushes]
    until: list[Argument] = [line.until if line.takes == "zset" else "" for line in there]
    most = int(survey.total * FAR_MORE) + SOME_MORE
    told: list[Argument] = [most, KEPT * 1000, run, repr(now), lines.held, *until]
    (reply,) = yield (("EVAL", FLUSH, len(keys), *keys, *told),)
    came, many = outcome(reply)
    why = {
        0: GONE,
        -1: f"{many:,} wait by now, far more than the {survey.total:,} that were shown",
        -2: TWICE,
    }
    if came == 1:
        return Remedied(many, (), f"{many:,} flushed, kept for 24 h as run {run}")
    refused = tuple(f"{each.identity}: {why.get(came, GONE)}" for each in survey.targets)
    return Remedied(0, refused, "nothing was flushed")


def survey_back(layout: Layout, flushed: str | None) -> Look[Survey]:
    """What the flush of that run, or else the newest, put aside."""
    lines = yield from lines_of(layout, 0)
    run, at = yield from newest(lines.flushes, flushed)
    replies = yield tuple(
        ("ZCARD" if line.takes == "zset" else "LLEN", line.away(run)) for line in lines.lines
    )
    aside = zip(lines.lines, (count(each) for each in replies), strict=True)
    many = {line: found for line, found in aside if found}
    if not (total := sum(many.values())):
        raise ReplyError(EXPIRED.format(run=run))
    words = f"{total:,} flushed {when(at)}" if 0 < at < LATEST else f"{total:,} flushed"
    return Survey(
        targets=(Target(run, words, str(total)),),
        total=total,
        of=None,
        commands=tuple(f"{line.away(run)} back into {line.key}, in its order" for line in many),
        undo="flush, of all that waits then",
    )


def unflush(layout: Layout, survey: Survey) -> Look[Remedied]:
    run = survey.targets[0].identity
    lines = yield from lines_of(layout, 0)
    keys = [*_keys(lines, run), lines.flushes, *lines.wakes]
    told: list[Argument] = [run, LONG, *(line.takes for line in lines.lines)]
    script = BACK.replace("--WAKE", WAKE if lines.wakes else "")
    (reply,) = yield (("EVAL", script, len(keys), *keys, *told),)
    came, many = outcome(reply)
    if came == 1:
        return Remedied(many, (), f"{many:,} are back, before what came since")
    long = f"{many:,} came since, more than are moved at once ({LONG:,})"
    why = long if came == -1 else "gone: taken back already, or flushed over a day ago"
    return Remedied(0, (f"{run}: {why}",), "nothing was taken back")


def newest(flushes: str, flushed: str | None) -> Look[tuple[str, float]]:
    """The run asked for, or the newest, and when it was (Unix time, s). Raises ReplyError."""
    if flushed is not None:
        (score,) = yield (("ZSCORE", flushes, flushed),)
        if (at := real(score)) is None:
            raise ReplyError(EXPIRED.format(run=flushed))
        return flushed, at
    (reply,) = yield (("ZREVRANGE", flushes, 0, 0, "WITHSCORES"),)
    listed = items(reply)
    if len(listed) != 2:
        raise ReplyError("nothing was flushed here in the last 24 h")
    return (raw(listed[0]) or b"").decode("utf-8", "replace"), real(listed[1]) or 0.0


def _keys(lines: Lines, run: str) -> list[str]:
    return [*(line.key for line in lines.lines), *(line.away(run) for line in lines.lines)]


def _told(line: Line) -> tuple[str, ...]:
    away = line.away("<run>")
    if not line.part:
        return (f"RENAME {line.key} {away}", f"PEXPIRE {away} {KEPT * 1000}")
    return (
        f"ZRANGESTORE {away} {line.key} -inf <now> BYSCORE",
        f"ZREMRANGEBYSCORE {line.key} -inf <now>",
        f"PEXPIRE {away} {KEPT * 1000}",
    )


def outcome(reply: Reply) -> tuple[int, int]:
    """Of a script that replies how it ended, and a number of jobs. Raises ReplyError."""
    found = items(reply)
    if len(found) == 2 and isinstance(found[0], int) and isinstance(found[1], int):
        return found[0], found[1]
    raise ReplyError("its script was answered with something else than it replies")
