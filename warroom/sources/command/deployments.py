"""What is new of deployments since a list was seen last: pure, but for what it remembers."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from warroom.measure.change import Change
from warroom.measure.command import Item

MOST = 20
"""Changes that are handed on; the engine takes each up once."""
RECENT = timedelta(minutes=30)
"""How old a deployment may be to be told of at the first look: it may be why we look."""
AHEAD = timedelta(minutes=5)
"""How far a clock may be ahead of ours; what is to come later is planned, and is none yet."""
REMEMBERED = 2_000
"""Keys of deployments that were seen: one that comes back into a list is no new one."""


class Deployments:
    """Compares each list, newest first, with all that were seen before.

    New is what stands before one that is known. A list is often the newest ten of many: where
    one of these is taken away an older one comes in at its end, and that is no news.
    """

    def __init__(self) -> None:
        self._outcomes: dict[str, str] | None = None
        self._newest: datetime | None = None
        self._listed = 0
        self._changes: deque[Change] = deque(maxlen=MOST)

    def look(self, items: Sequence[Item], now: datetime) -> tuple[Change, ...]:
        """The changes so far, this look's included, oldest first."""
        items = _come(items, now)
        known = self._outcomes
        news = _recent(items, now) if known is None else self._news(items, known, now)
        for item in reversed(items):
            if item.key in news:
                failed = ": failed" if item.outcome == "failed" else ""
                at = now if item.at is None else min(item.at, now)
                self._changes.append(Change(at, f"deploy {item.called}{failed}", "deployment"))
            elif known is not None and _has_failed(item, known):
                self._changes.append(Change(now, f"deploy {item.called} failed", "deployment"))
        self._remember(items)
        return tuple(self._changes)

    def _news(self, items: Sequence[Item], known: dict[str, str], now: datetime) -> frozenset[str]:
        places = [place for place, item in enumerate(items) if item.key in known]
        if places:
            found = items[: places[-1]]
        elif all(item.at is not None for item in items):
            if self._newest is None:  # nothing was listed so far: a list that was not there yet
                return _recent(items, now)
            found = [item for item in items if item.at is not None and item.at > self._newest]
        else:
            # Of a wholly other list without times one knows but which is the newest.
            found = items[:1] if self._listed else items
        return frozenset(item.key for item in found if item.key not in known)

    def _remember(self, items: Sequence[Item]) -> None:
        remembered = self._outcomes or {}
        for item in reversed(items):
            remembered.pop(item.key, None)
            remembered[item.key] = item.outcome
        for key in list(remembered)[:-REMEMBERED]:
            del remembered[key]
        self._outcomes = remembered
        times = [item.at for item in items if item.at is not None]
        self._newest = max([*times, *([self._newest] if self._newest else [])], default=None)
        self._listed = len(items)


def _recent(items: Sequence[Item], now: datetime) -> frozenset[str]:
    return frozenset(i.key for i in items if i.at is not None and now - i.at <= RECENT)


def _come(items: Sequence[Item], now: datetime) -> list[Item]:
    return [item for item in items if item.at is None or item.at - now <= AHEAD]


def _has_failed(item: Item, known: dict[str, str]) -> bool:
    return item.outcome == "failed" and known.get(item.key, "failed") != "failed"


def newest_failed(items: Sequence[Item]) -> float | None:
    """1 if the newest that is over failed, 0 if it went well; None if none is known to be over."""
    over = (item.outcome for item in items if item.outcome in ("failed", "passed"))
    outcome = next(over, None)
    return None if outcome is None else float(outcome == "failed")


def age(items: Sequence[Item], now: datetime) -> float | None:
    """Seconds since the newest; None when no time is known. A clock that is behind theirs
    makes none negative."""
    times = (item.at for item in _come(items, now) if item.at is not None)
    newest = max(times, default=None)
    return None if newest is None else max((now - newest).total_seconds(), 0.0)
