"""Every source looked at once, without an engine: what ``warroom check`` says."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from warroom.clock import Clock
from warroom.config.load import Config
from warroom.config.masker import Masker
from warroom.engine.entry import Entry
from warroom.engine.poll import Poll
from warroom.engine.poller import make_and_look
from warroom.engine.vantage import Vantage
from warroom.engine.watch import Kinds, kind_of
from warroom.measure.rule import Hold, Rule
from warroom.severity import UNSEEN, Level, Scale
from warroom.sources.base import Context
from warroom.wire import SignalView, State

AT_ONCE = Hold(polls=1)


@dataclass(frozen=True)
class Looked:
    """One source after one look; ``error`` says what is not right, in words, ``notes`` what
    is worth knowing and no trouble, ``load`` what the look asked of the system."""

    name: str
    kind: str
    state: State
    level: Level
    took: float
    error: str
    notes: tuple[str, ...]
    load: str
    signals: tuple[SignalView, ...]


async def look_once(
    config: Config, kinds: Kinds, names: Iterable[str], clock: Clock, masker: Masker
) -> tuple[Looked, ...]:
    """Look at these sources, all at the same time, each within its deadline.

    A rule takes its level at once: of one look no more can be asked.
    """
    context = Context(clock=clock, folder=config.path.parent, mask=masker.add)
    vantage = Vantage(clock)
    await vantage.apply(config.vantage)
    await vantage.proven()

    async def look(name: str) -> Looked:
        settings = config.sources[name]
        kind = kind_of(kinds, settings)
        poll = await make_and_look(
            lambda: kind(name, settings, context), settings, clock, masker.mask, vantage
        )
        rules = tuple(_at_once(rule) for rule in config.rules if rule.source == name)
        entry = Entry(name, settings, kind.signals(name, settings), rules, clock.monotonic())
        entry.take(poll, 0, clock.monotonic(), config.scale)
        return _looked(entry, poll, config.scale)

    try:
        return tuple(await asyncio.gather(*(look(name) for name in names)))
    finally:
        await vantage.close()


def _at_once(rule: Rule) -> Rule:
    return replace(rule, raise_after=AT_ONCE, clear_after=AT_ONCE)


def _looked(entry: Entry, poll: Poll, scale: Scale) -> Looked:
    standing, level = entry.standing, entry.standing.level
    wrong = (*poll.seen.faults, *poll.seen.blind) if poll.seen is not None else ()
    if standing.state == "UP":
        # One look is all there is: what nobody could judge must not read as well.
        unjudged = _unjudged(entry, poll)
        wrong += unjudged
        level = scale.worst((level, UNSEEN)) if unjudged else level
    return Looked(
        name=entry.name,
        kind=entry.settings.kind,
        state=standing.state,
        level=level,
        took=poll.took,
        error=poll.failure.reason if poll.failure is not None else "; ".join(wrong),
        notes=poll.seen.notes if poll.seen is not None else (),
        load=poll.seen.load if poll.seen is not None else "",
        signals=entry.signal_views(scale),
    )


def _unjudged(entry: Entry, poll: Poll) -> tuple[str, ...]:
    """The rules whose figure is not known, in words."""
    known = {signal.name for signal in poll.signals if signal.value is not None}
    names = {rule.signal.partition(".")[2]: rule.signal for rule in entry.verdicts}
    return tuple(f"{name} is not known" for name, full in names.items() if full not in known)
