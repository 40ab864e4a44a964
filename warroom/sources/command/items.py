"""Items from what a command printed: their times, their outcomes, their order. Pure."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from warroom.connect.wording import outside
from warroom.measure.command import Item, made_key
from warroom.sources.command.settings import CommandSettings
from warroom.text import mask_url

_UNIX = re.compile(r"\d{9,13}(?:\.\d{1,9})?\Z")
_MILLISECONDS = 1e11
"""As seconds that is the year 5138, as milliseconds 1973."""

Told = Mapping[str, object]
"""What was read of one item, by the names of ``settings.FIELDS``."""


def time_of(told: object) -> datetime | None:
    """A time in UTC: Unix seconds or milliseconds, or ISO 8601 with its zone; None for anything
    else. One without a zone may be any of 24 hours."""
    if isinstance(told, str):
        text = told.strip()
        if not _UNIX.match(text):
            return _iso(text)
        told = float(text)
    if isinstance(told, bool) or not isinstance(told, (int, float)):
        return None
    try:
        seconds = float(told)
        seconds = seconds / 1000 if seconds >= _MILLISECONDS else seconds
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def text_of(told: object) -> str:
    """A text or a number as an item shows it, safe and on one line; empty for anything else."""
    if isinstance(told, bool) or told is None:
        return ""
    if isinstance(told, float):
        return f"{told:g}" if math.isfinite(told) else ""
    if isinstance(told, int):
        return str(told) if abs(told) < 10**30 else ""
    return outside(told.strip()) if isinstance(told, str) else ""


def outcome_of(state: str, settings: CommandSettings) -> str:
    """What the configuration says this state means: ``failed``, ``passed``, ``running``; empty
    where it says nothing."""
    word = state.casefold()
    for outcome in ("failed", "passed", "running"):
        if word in (each.casefold() for each in getattr(settings, outcome)):
            return outcome
    return ""


def items_of(found: Iterable[Told], settings: CommandSettings) -> tuple[Item, ...]:
    """The items, newest first; those with neither title nor key are none, and of several with
    one key the newest is meant."""
    items = [item for told in found if (item := _item(told, settings)) is not None]
    by_key: dict[str, Item] = {}
    for item in newest_first(items):
        by_key.setdefault(item.key, item)
    return tuple(by_key.values())


def newest_first(items: Sequence[Item]) -> Sequence[Item]:
    """By their times. Where some have none they stay as they were listed, turned round if the
    times of the others rise: of a log that ends with the newest one bad line must not make the
    oldest of it the newest."""
    times = [item.at for item in items if item.at is not None]
    if len(times) < len(items):
        steps = list(pairwise(times))
        rises, falls = sum(a < b for a, b in steps), sum(a > b for a, b in steps)
        return items[::-1] if rises > falls else items
    paired = sorted(zip(times, items, strict=True), key=lambda pair: pair[0], reverse=True)
    return [item for _, item in paired]


def _item(told: Told, settings: CommandSettings) -> Item | None:
    title, key = text_of(told.get("title")), text_of(told.get("key"))
    if not title and not key:
        return None
    at = time_of(told.get("at"))
    state = text_of(told.get("state"))
    url = told.get("url")
    return Item(
        key=key or made_key(title, at),
        title=title or key,
        at=at,
        state=state,
        outcome=outcome_of(state, settings),
        by=text_of(told.get("by")),
        url=outside(mask_url(url.strip())) if isinstance(url, str) else "",
    )
