"""Why the series of an operand cannot be seen, in words; and what is odd about them."""

import math

from warroom.sources.prometheus.increases import MOST_GROUPS, MOST_KEYS, Counters
from warroom.sources.prometheus.operand import Operand
from warroom.sources.prometheus.page import STALE, Page
from warroom.text import short_duration

_OLD = f"over {short_duration(STALE)} old"


def missing(side: Operand, page: Page) -> str:
    """What there is none of on the page, in words; empty if there is some."""
    if side.name not in page.names:
        return f"there is no series {side.name} on the page; {_what_then(side.name, page)}"
    if side.kind == "gauge" and not page.members[side]:
        return f"no series on the page matches {side.selector}"
    return ""


def _what_then(name: str, page: Page) -> str:
    plain = name.removesuffix("_bucket")
    if page.types.get(plain) == "summary" and plain != name:
        return f"{plain} is a summary: gauge = '{plain}{{quantile=\"0.95\"}}' is its quantile"
    if page.types.get(name) == "histogram":
        return f"it is a histogram: {name}_count counts its observations"
    if page.types.get(name) == "counter":
        return f"is it {name}_total?"
    return "is the name right?"


def unseen(side: Operand, page: Page, counters: Counters) -> str:
    """Why what is there of the operand is not to be relied on, in words; or empty."""
    if side.name in page.stale:
        return f"the samples of {side.name} are {_OLD}"
    if side in page.old and not page.members[side]:
        return f"the samples of {side.selector} are {_OLD}"
    lacking = side.needs & page.lacking.get(side.name, frozenset())
    if lacking:
        return f"no series of {side.name} has a label {min(lacking)}"
    groups = len({group for group, _ in page.members[side]}) if side.by else 0
    if groups > MOST_GROUPS:
        return f"{side.name} has {groups:,} values of {side.by}; narrow the selector"
    if side in counters.crowded:
        by = f"{MOST_GROUPS:,} values of {side.by}" if side.by else f"{MOST_KEYS:,} buckets"
        return f"{side.name} had over {by} within the window; narrow the selector"
    return ""


def aged(side: Operand, page: Page) -> str:
    """How many of its series are too old to count, in words; empty if none is."""
    old = page.old.get(side, 0)
    if not old:
        return ""
    return f"{old:,} series of {side.selector} {'is' if old == 1 else 'are'} {_OLD}"


def odd(side: Operand, page: Page) -> dict[str, str]:
    """In words what is no number, by group."""
    found: dict[str, str] = {}
    for (group, _), values in page.members[side].items():
        if not all(map(math.isfinite, values)):
            value = next(value for value in values if not math.isfinite(value))
            shown = "NaN" if math.isnan(value) else f"{value:+g}".replace("inf", "Inf")
            found[group] = f"{called(side, group)} is {shown}"
    return found


def called(side: Operand, group: str) -> str:
    """The operand, or one group of it, as it is told."""
    return f"{side.name} of {side.by} {group}" if group else side.name
