"""A server's connections against how many there may be: a bar, and what its parts are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from panels.databases import limits_of, quiet, style_for
from panels.figures import calm
from warroom.console.look import Look, fit
from warroom.console.panel import PanelView
from warroom.measure.postgres import Ceiling, Group, PostgresSeen, Session
from warroom.text import safe, short_duration
from warroom.wire import SourceView

NEAR = 70.0
"""Percent of a ceiling from which it is named, though another one is nearer."""
STATES = ("active", "idle in transaction", "idle")
SHARE, AGE = 6, 6
"""Cells of a share, ``99.8 %``, and of an age, ``2 h 05``: what stands behind stays there."""
APPLICATIONS = 8
"""Rows of applications at the most."""


@dataclass(frozen=True)
class Part:
    """One state: how many connections are in it; ``mark`` draws it. ``oldest`` is for how many
    seconds the one that is longest in it has been."""

    name: str
    count: int
    mark: str
    style: str = ""
    oldest: float | None = None


def nearest(seen: PostgresSeen) -> Ceiling | None:
    """The ceiling that is nearest: the one that counts."""
    return max(seen.ceilings, key=lambda ceiling: ceiling.share, default=None)


def parts(view: PanelView, source: SourceView, seen: PostgresSeen) -> tuple[Part, ...]:
    """The states under the nearest ceiling. Those who wait for a lock are active to the server,
    and stand apart here; those that may not be seen are no state."""
    ceiling = nearest(seen)
    groups = [group for group in seen.groups if _under(ceiling, group)]
    waits = [
        session.waiting
        for session in seen.sessions
        if session.waiting is not None
        and session.backend == "client backend"
        and _under(ceiling, session)
    ]
    count = {state: sum(g.count for g in groups if _state(g) == state) for state in STATES}
    used = max(ceiling.used if ceiling is not None else 0, sum(g.count for g in groups))
    blocked = min(len(waits), count["active"])
    inside = [g.oldest for g in groups if _state(g) == "idle in transaction" and g.oldest]
    oldest = max(inside, default=None)
    active, waiting, idle_in, idle, other = "█▚▓▒▪" if view.look.unicode else "#!%=o"
    found = (
        Part("active", count["active"] - blocked, active, ".bar"),
        Part("waiting", blocked, waiting, _waiting(view, source, waits)),
        Part(
            "idle in tx",
            count["idle in transaction"],
            idle_in,
            style_for(view, source, "idle_in_transaction_age", oldest) or ".strong",
            oldest,
        ),
        Part("idle", count["idle"], idle, ".dim"),
        Part("not shown", used - sum(count.values()), other, ".unseen"),
    )
    return tuple(part for part in found if part.count or part.name in ("active", "idle"))


def _waiting(view: PanelView, source: SourceView, waits: Sequence[float]) -> str:
    return style_for(view, source, "lock_wait", max(waits, default=None)) or ".strong"


def _under(ceiling: Ceiling | None, one: Group | Session) -> bool:
    """Whether a connection counts for this ceiling: a role's, a database's, or all."""
    kind, _, name = (ceiling.label if ceiling is not None else "").partition(" ")
    return {"role": one.user == name, "database": one.database == name}.get(kind, True)


def _state(group: Group) -> str:
    if group.state.startswith("idle in transaction"):
        return "idle in transaction"
    return "active" if group.state == "fastpath function call" else group.state


def bar(
    view: PanelView, source: SourceView, seen: PostgresSeen, width: int
) -> list[tuple[str, str]]:
    """The nearest ceiling as ``width`` cells, its connections by state, and the limits of the
    rules on ``connections_used`` as marks."""
    ceiling = nearest(seen)
    if ceiling is None or width <= 0:
        return []
    top = max(ceiling.usable, ceiling.used, 1)
    cells: list[tuple[str, str]] = []
    upto = 0
    for part in parts(view, source, seen):
        upto += part.count
        end = min(-(-upto * width // top), width) if part.count else len(cells)
        style = quiet(view, source) or part.style
        cells += [(part.mark, style)] * max(end - len(cells), 0)
    cells += [(view.look.dot if view.look.unicode else ".", ".dim")] * (width - len(cells))
    for limit in limits_of(view, source, "connections_used"):
        share = min(max(limit.threshold.limit, -1.0), 1_000.0)  # however odd a rule is
        at = int(share * ceiling.usable * width / (100 * top))
        if 0 <= at <= width:  # what is exactly full stands in the last cell
            cells[min(at, width - 1)] = (view.look.gauge[3], quiet(view, source) or ".strong")
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
    """``38 of 37  103 %`` of the nearest ceiling, and whose it is if not the server's; with its
    style. As many cells whatever the figures."""
    ceiling = nearest(seen)
    if ceiling is None:
        return "", ""
    whose = "" if ceiling is seen.ceilings[0] else f" {safe(ceiling.label, 30)}"
    share = calm(ceiling.share, "%", limits_of(view, source, "connections_used"))
    style = style_for(view, source, "connections_used", ceiling.share)
    used = f"{ceiling.used:>{len(str(ceiling.usable))}}"
    return view.look.plain(f"{used} of {ceiling.usable}{whose}  {share:<{SHARE}}"), style


def others(seen: PostgresSeen) -> list[str]:
    """The ceilings that are near too; the server's whenever another one is nearest."""
    first = nearest(seen)
    rest = [ceiling for ceiling in seen.ceilings if ceiling is not first]
    whole = [f"of the server: {c.used} of {c.usable}" for c in rest if c is seen.ceilings[0]]
    near = [c for c in rest if c.share >= NEAR and c is not seen.ceilings[0]]
    words = ", ".join(f"{safe(c.label, 40)} {c.used} of {c.usable}" for c in near)
    return [*whole, f"near its own limit: {words}"] if words else whole


def legend(view: PanelView, source: SourceView, seen: PostgresSeen) -> list[tuple[str, str]]:
    """The bar's parts in words: ``█ 4 active  ▓ 9 idle in tx, 20 s``."""
    ceiling = nearest(seen)
    digits = len(str(ceiling.usable)) if ceiling is not None else 1
    found: list[tuple[str, str]] = []
    for part in parts(view, source, seen):
        words = f" {part.count:>{digits}} {part.name}"
        if part.oldest is not None:
            words += f", {fit(short_duration(part.oldest), AGE)}"
        found += [(part.mark, quiet(view, source) or part.style), (words, ".dim"), ("  ", "")]
    return found[:-1]


def by_application(look: Look, seen: PostgresSeen) -> str:
    """``web 18 · worker 6``, the most first."""
    totals = ((name, sum(counts.values())) for name, counts in _applications(seen))
    return look.plain(f" {look.dot} ".join(f"{name} {count}" for name, count in totals))


def applications(look: Look, seen: PostgresSeen, width: int) -> list[str]:
    """A line for each application, with how many of its connections are in which state; those
    left out are counted."""
    found = _applications(seen)
    longest = max((cell_len(look.plain(name)) for name, _ in found), default=0)
    name = min(max(longest, len("application")), max(width - 36, 12), 30)
    lines = [f"{'application':<{name}}  all  active  in tx  idle"]
    for called, counts in found[:APPLICATIONS]:
        cells = [
            f"{counts.get(state, 0) or '':>{n}}" for state, n in zip(STATES, (6, 5, 4), strict=True)
        ]
        shown = fit(look.plain(called), name, "<", look.end)
        lines.append(f"{shown}  {sum(counts.values()):>3}  {'  '.join(cells)}".rstrip())
    left = len(found) - APPLICATIONS
    return [*lines, f"and {left} more"] if left > 0 else lines


def _applications(seen: PostgresSeen) -> list[tuple[str, dict[str, int]]]:
    counts: dict[str, dict[str, int]] = {}
    for group in seen.groups:
        name = safe(group.application or group.user or "no name", 40)
        states = counts.setdefault(name, {})
        state = _state(group)
        states[state] = states.get(state, 0) + group.count
    return sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
