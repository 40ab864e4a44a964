"""What flows through a queue: rates of looks at it, one after the other. Pure.

Between two looks, what came in less what went out is what the queue has gained, so that one of
the two is enough to know both. Rates are reckoned over the looks of a window, over the time that
really passed, and never across a look that did not tell.
"""

from dataclasses import dataclass, replace

from warroom.connect.queues.layout import Counted

WINDOW = 60.0
"""Seconds over which rates are reckoned if not said otherwise."""
SHORTEST = 0.001
"""Seconds below which nothing is said per second: two looks at once."""


@dataclass(frozen=True)
class Step:
    """What happened between a look and the next: jobs that came, jobs that went, what the
    depth gained; None where the two looks do not tell."""

    begun: float
    ended: float
    came: int | None
    went: int | None
    grew: int | None

    @property
    def known(self) -> frozenset[str]:
        return frozenset(n for n in ("came", "went", "grew") if getattr(self, n) is not None)


@dataclass(frozen=True)
class Flow:
    """What is kept of the looks so far: the last one, when that was (monotonic, s), the steps
    that led to it, and since when no job was seen to be finished or taken."""

    last: Counted
    at: float
    quiet_since: float
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Rates:
    """Jobs per second over ``span`` seconds, and seconds, as ``warroom.measure.redis.Queue``
    has them; None is not known."""

    span: float | None = None
    arriving: float | None = None
    finishing: float | None = None
    growing: float | None = None
    drain: float | None = None
    stuck: float | None = None


def look(flow: Flow | None, seen: Counted, at: float, window: float = WINDOW) -> tuple[Flow, Rates]:
    """The next look at a queue: what is to be kept, and the rates by now.

    ``flow`` is what was kept of the looks before, None at the first; ``at`` is monotonic (s).
    A look that failed is no look: the next one tells what happened in all that time. A
    counter that fell was reset, with which everything starts anew.
    """
    if flow is None or _reset(flow.last, seen):
        kept = Flow(last=seen, at=at, quiet_since=at)
        return kept, Rates(drain=_drain(seen.depth, None), stuck=0.0 if _rests(seen) else None)
    at = max(at, flow.at)
    step = _step(flow, seen, at)
    begun = at - window
    steps = (*(each for each in flow.steps if each.begun >= begun), step)
    stuck = _stuck(flow, seen, step, at)
    quiet_since = at if stuck is None else at - stuck
    kept = Flow(last=seen, at=at, quiet_since=quiet_since, steps=steps)
    return kept, replace(_rates(steps, seen.depth), stuck=stuck)


def _reset(before: Counted, seen: Counted) -> bool:
    return any(
        (gained := _gained(was, now)) is not None and gained < 0
        for was, now in ((before.added, seen.added), (before.finished, seen.finished))
    )


def _gained(before: int | None, now: int | None) -> int | None:
    return None if before is None or now is None else now - before


def _held(before: Counted, seen: Counted) -> int | None:
    """What the queue gained of jobs that are not finished; the depth stands for those where
    they are not told, in both looks or in none. Of one that leaks, it tells nothing."""
    if before.leaks or seen.leaks:
        return None
    if before.unfinished is None and seen.unfinished is None:
        return _gained(before.depth, seen.depth)
    return _gained(before.unfinished, seen.unfinished)


def _came(before: Counted, seen: Counted) -> int | None:
    counted = _gained(before.added, seen.added)
    return counted if counted is not None else seen.arrived


def _step(flow: Flow, seen: Counted, at: float) -> Step:
    """The counters say what they count; what none counts is what is missing from the sum.

    Jobs that failed and are put back are no new ones and raise what is not finished: where
    more is there than came, they count as having come again.
    """
    before = flow.last
    held, came = _held(before, seen), _came(before, seen)
    went = _gained(before.finished, seen.finished)
    if held is not None:
        if came is None and went is not None:
            came = held + went  # less than none where what went is counted late
        elif came is not None and went is None:
            came, went = max(came, held), max(came - held, 0)
    return Step(flow.at, at, came, went, _gained(before.depth, seen.depth))


def _rates(steps: tuple[Step, ...], depth: int | None) -> Rates:
    """Over the newest steps in a row that know what the newest does."""
    known = steps[-1].known
    run = []
    for step in reversed(steps):
        if not step.known >= known:
            break
        run.append(step)
    span = steps[-1].ended - run[-1].begun
    if not known or span < SHORTEST:
        return Rates(drain=_drain(depth, None))

    def per_second(what: str) -> float | None:
        return sum(getattr(step, what) for step in run) / span if what in known else None

    def flowing(what: str) -> float | None:
        rate = per_second(what)
        return None if rate is None else max(rate, 0.0)

    growing = per_second("grew")
    return Rates(
        span=span,
        arriving=flowing("came"),
        finishing=flowing("went"),
        growing=growing,
        drain=_drain(depth, growing),
    )


def _drain(depth: int | None, growing: float | None) -> float | None:
    if depth == 0:
        return 0.0
    return depth / -growing if depth and growing is not None and growing < 0 else None


def _waits(seen: Counted) -> bool | None:
    """Whether a job waits; None when nothing tells. Where nobody counts them, the oldest one
    tells that there is one."""
    if seen.depth is None:
        return True if seen.oldest is not None else None
    return seen.depth > 0


def _rests(seen: Counted) -> bool:
    """Whether nothing has to be done: nothing waits, or somebody wants it to."""
    return seen.paused or _waits(seen) is False


def _stuck(flow: Flow, seen: Counted, step: Step, at: float) -> float | None:
    if _rests(seen) or _rests(flow.last):
        return 0.0
    if _waits(seen) is None or _waits(flow.last) is None:
        return None
    moved = _moved(flow.last, seen, step)
    if moved is None:
        return None
    return 0.0 if moved else at - flow.quiet_since


def _moved(before: Counted, seen: Counted, step: Step) -> bool | None:
    """Whether a job was finished or taken between two looks; None when nothing tells."""
    heads = before.head is not None and seen.head is not None
    finished = _gained(before.finished, seen.finished)
    held, came = _held(before, seen), _came(before, seen)
    grew = None if before.leaks or seen.leaks else step.grew
    signs = (
        bool(finished),
        heads and before.head != seen.head and not seen.overtaken,
        grew is not None and grew < 0,
        held is not None and held < 0,
        held is not None and came is not None and held < came,
        grew is not None and seen.arrived is not None and grew < seen.arrived,
    )
    if any(signs):
        return True
    # More is there than came: jobs were put back, and as many may have been finished.
    balanced = held is not None and held == came
    return False if heads or finished is not None or balanced else None
