"""The door to the remedies of all layouts.

``survey`` tells what a remedy would do; ``apply`` does it, once and without trying again: where
a reply is lost, nobody knows what came of it, and the caller is to say so. Both are looks as
``talk.py`` has them, and need the right to run scripts (``EVAL``).
"""

from warroom.connect.queues.arq import Arq
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.celery import Celery
from warroom.connect.queues.layout import Layout, Moment
from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.remedies import (
    arq,
    bullmq,
    celery,
    flushing,
    lists,
    rq,
    sidekiq,
    streams,
)
from warroom.connect.queues.remedies.moving import BETWEEN, moved, surveyed
from warroom.connect.queues.remedies.refusals import refusal
from warroom.connect.queues.remedies.terms import (
    LISTED,
    Listing,
    Remedied,
    RemedyName,
    Survey,
    Target,
)
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.streams import PlainStream
from warroom.connect.queues.talk import Look, ReplyError, items, real

__all__ = ["LISTED", "Remedied", "RemedyName", "Survey", "Target", "apply", "survey"]


def survey(
    layout: Layout,
    remedy: RemedyName,
    moment: Moment,
    stuck_for: float,
    flushed: str | None = None,
) -> Look[Survey]:
    """What ``remedy`` would touch. ``stuck_for`` (s) is how long a job must be in hand to be
    stuck, where nobody tells whether its worker lives. ``flushed`` is the run whose flush is to
    be taken back, the newest if not given. Raises ReplyError, in words, for what the layout
    cannot do or the server refuses."""
    if isinstance(layout, PlainStream) and remedy in ("flush", "unflush"):
        return (yield from streams.survey(layout, remedy, moment, flushed))
    if remedy == "flush":
        return (yield from flushing.survey(layout, moment.now))
    if remedy == "unflush":
        return (yield from flushing.survey_back(layout, flushed))
    listing = yield from _listing(layout, remedy, moment.now, stuck_for, LISTED)
    return surveyed(listing)


def apply(
    layout: Layout, remedy: RemedyName, survey: Survey, run: str, stuck_for: float
) -> Look[Remedied]:
    """Does what ``survey`` named. ``run`` names a flush, so that it can be taken back: no two
    have the same."""
    if not survey.targets:
        return Remedied(0, (), "nothing was to be done")
    (reply,) = yield (("TIME",),)
    now = _now([real(each) for each in items(reply)])
    if isinstance(layout, PlainStream) and remedy == "flush":
        return (yield from streams.flush(layout, survey, run, now))
    if isinstance(layout, PlainStream) and remedy == "unflush":
        return (yield from streams.unflush(layout, survey))
    if remedy == "flush":
        return (yield from flushing.flush(layout, survey, run, now))
    if remedy == "unflush":
        return (yield from flushing.unflush(layout, survey))
    listing = yield from _listing(layout, remedy, now, stuck_for, LISTED + BETWEEN)
    return (yield from moved(listing, survey.targets))


def _now(told: list[float | None]) -> float:
    if len(told) == 2 and told[0] is not None and told[1] is not None:
        return told[0] + told[1] / 1e6
    raise ReplyError("the server does not tell its time")


def _listing(
    layout: Layout, remedy: RemedyName, now: float, stuck_for: float, most: int
) -> Look[Listing]:
    """The jobs that ``remedy`` is for, the first ``most`` of them."""
    stuck = remedy == "clear_stuck"
    match layout:
        case PlainList(failed=str(failed)) if not stuck:
            return (yield from lists.failed(layout, failed, most))
        case PlainStream() if stuck:
            return (yield from streams.stuck(layout, stuck_for, most))
        case Rq():
            if stuck:
                return (yield from rq.stuck(layout, now, stuck_for, most))
            return (yield from rq.failed(layout, now, most))
        case Bullmq():
            if stuck:
                return (yield from bullmq.stuck(layout, now, most))
            return (yield from bullmq.failed(layout, now, most))
        case Sidekiq() if not stuck:
            return (yield from sidekiq.failed(layout, now, most))
        case Celery() if stuck:
            return (yield from celery.stuck(layout, now, stuck_for, most))
        case Arq() if stuck:
            return (yield from arq.stuck(layout, now, stuck_for, most))
    raise ReplyError(refusal(layout, remedy))
