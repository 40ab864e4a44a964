"""A server's connections against how many there may be: a bar, and what its parts are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from panels import rows
from panels.databases import limits_of, style_for
from warroom.console.look import Look, fit
from warroom.console.panel import PanelView
from warroom.measure.postgres import Ceiling, Group, PostgresSeen
from warroom.text import safe, stepped_age
from warroom.wire import SourceView

NEAR = 70.0
"""Percent of a ceiling from which it is named, though another one is nearer."""


@dataclass(frozen=True)
class Part:
    """One state: how many connections are in it, and in words; ``mark`` draws it."""

    name: str
    count: int
    mark: str
    style: str = ""
    oldest: float | None = None


def parts(view: PanelView, seen: PostgresSeen) -> tuple[Part, ...]:
    """The states there are, those that matter most first. Those who wait for a lock are active
    to the server, and stand apart here."""
    waiting = sum(s.waiting is not None and s.backend == "client backend" for s in seen.sessions)
    marks = "█▓▒▪" if view.look.unicode else "#%=o"
    known = {"active": (0, None), "idle in transaction": (0, None), "idle": (0, None)}
    other = 0
    counts: dict[str, tuple[int, float | None]] = dict(known)
    for group in seen.groups:
        name = _named(group)
        if name not in counts:
            other += group.count
            continue
        count, oldest = counts[name]
        counts[name] = (count + group.count, max(oldest or 0.0, group.oldest or 0.0))
    active = counts["active"][0]
    blocked = min(waiting, active)
    inside, oldest = counts["idle in transaction"]
    found = (
        Part("active", active - blocked, marks[0], ".ok"),
        Part("waiting for locks", blocked, "!" if not view.look.unicode else "▚", ".level-1"),
        Part("idle in transaction", inside, marks[1], ".level-2", oldest),
        Part("idle", counts["idle"][0], marks[2], ".dim"),
        Part("not shown", other, marks[3], ".unseen"),
    )
    return tuple(part for part in found if part.count or part.name in ("active", "idle"))


def _named(group: Group) -> str:
    state = group.state
    if state.startswith("idle in transaction"):
        return "idle in transaction"
    return "active" if state == "fastpath function call" else state


def nearest(seen: PostgresSeen) -> Ceiling | None:
    """The ceiling that is nearest."""
    return max(seen.ceilings, key=lambda ceiling: ceiling.share, default=None)


def bar(
    view: PanelView, source: SourceView, seen: PostgresSeen, width: int
) -> list[tuple[str, str]]:
    """The server's own ceiling as ``width`` cells, its connections by state, and the limits of
    the rule on ``connections_used`` as marks."""
    if not seen.ceilings or width < 4:
        return []
    whole = seen.ceilings[0]
    top = max(whole.usable, whole.used, 1)
    cells: list[tuple[str, str]] = []
    dark = rows.is_dark(source)
    upto = 0
    for part in parts(view, seen):
        upto += part.count
        end = min(-(-upto * width // top), width) if part.count else len(cells)
        cells += [(part.mark, ".dim" if dark else part.style)] * max(end - len(cells), 0)
    cells += [("·" if view.look.unicode else ".", ".dim")] * (width - len(cells))
    for limit in limits_of(view, source, "connections_used"):
        at = int(limit.threshold.limit * whole.usable * width / (100 * top))
        if 0 <= at < width:
            cells[at] = (view.look.gauge[3], ".strong")
    return _joined(cells)


def _joined(cells: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for text, style in cells:
        if found and found[-1][1] == style:
            found[-1] = (found[-1][0] + text, style)
        else:
            found.append((text, style))
    return found


def counted(view: PanelView, source: SourceView, seen: PostgresSeen) -> tuple[str, str]:
    """``38 of 37 103 %`` of the nearest ceiling, whose it is if not the server's; its style."""
    ceiling = nearest(seen)
    if ceiling is None:
        return "", ""
    whose = "" if ceiling is seen.ceilings[0] else f" {safe(ceiling.label, 40)}"
    share = f"{ceiling.share:.0f} %"
    style = style_for(view, source, "connections_used", ceiling.share)
    return f"{ceiling.used} of {ceiling.usable}{whose}  {share}", style


def also_near(seen: PostgresSeen) -> str:
    """Other ceilings that are near, in words."""
    first = nearest(seen)
    others = [c for c in seen.ceilings if c is not first and c.share >= NEAR]
    return ", ".join(f"{safe(c.label, 40)} {c.used} of {c.usable}" for c in others)


def legend(view: PanelView, source: SourceView, seen: PostgresSeen) -> list[tuple[str, str]]:
    """The bar's parts in words: ``█ 4 active  ▓ 9 in transaction, 20 s``."""
    found: list[tuple[str, str]] = []
    dark = rows.is_dark(source)
    for part in parts(view, seen):
        words = f" {part.count} {part.name}"
        if part.name == "idle in transaction" and (part.oldest or 0.0) >= 10:
            words += f", {stepped_age(part.oldest or 0.0)}"
        found += [(part.mark, ".dim" if dark else part.style), (words, ".dim"), ("  ", "")]
    return found[:-1]


def by_application(look: Look, seen: PostgresSeen) -> str:
    """``web 18 · worker 6``, the most first."""
    totals = ((name, sum(counts.values())) for name, counts in _applications(seen))
    return f" {look.dot} ".join(f"{name} {count}" for name, count in totals)


STATES = ("active", "idle in transaction", "idle")


def applications(seen: PostgresSeen, width: int) -> list[str]:
    """A line for each application, with how many of its connections are in which state."""
    found = _applications(seen)
    name = min(max((len(name) for name, _ in found), default=0), max(width - 36, 12), 30)
    lines = [f"{'application':<{name}}  all  active  in tx  idle"]
    for called, counts in found:
        parts = [
            f"{counts.get(state, 0) or '':>{n}}" for state, n in zip(STATES, (6, 5, 4), strict=True)
        ]
        lines.append(f"{fit(called, name)}  {sum(counts.values()):>3}  {'  '.join(parts)}")
    return lines


def _applications(seen: PostgresSeen) -> list[tuple[str, dict[str, int]]]:
    counts: dict[str, dict[str, int]] = {}
    for group in seen.groups:
        name = safe(group.application or group.user or "no name", 40)
        states = counts.setdefault(name, {})
        state = _named(group)
        states[state] = states.get(state, 0) + group.count
    return sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
