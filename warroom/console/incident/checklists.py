"""The checklists: which are for now, and who has ticked what. Pure."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row, gap, without_ends
from warroom.console.incident.times import clock, countdown
from warroom.console.look import Look
from warroom.incident.incident import Incident, Lists, Ticked
from warroom.incident.procedures import Checklist, Item, Procedures
from warroom.text import safe, short_duration


class Ticks(msgspec.Struct, frozen=True):
    """What the checklists are drawn from. ``sent`` are the keys of items whose tick is on its
    way, with the tick they had before."""

    procedures: Procedures
    incident: Incident | None
    lists: Lists
    now: datetime
    look: Look
    sent: Mapping[str, Ticked | None] = {}

    def tick(self, checklist: Checklist, item: Item) -> Ticked | None:
        """What somebody has done with the item."""
        known = self.incident.ticks if self.incident is not None else {}
        ticks = self.lists.ticks if checklist.alone else known
        return ticks.get(checklist.name, {}).get(item.text)

    def at(self, key: str) -> tuple[Checklist, Item] | None:
        """What stands in the row with that key."""
        number, _, item = key.partition(".")
        if not number or not item:
            return None
        found = self.procedures.checklists[int(number)]
        return found, found.items[int(item)]


def now_for(checklist: Checklist, incident: Incident | None) -> bool:
    """Whether it is for this phase and this level of the incident."""
    if incident is None or checklist.alone:
        return False
    fits = not checklist.phases or incident.phase in checklist.phases
    return fits and (not checklist.levels or incident.level in checklist.levels)


def state_of(tick: Ticked | None, now: datetime) -> str:
    """``open``, ``done``, ``watch`` while it is watched, ``watched`` once that is over: somebody
    has to say that all was well."""
    if tick is None:
        return "open"
    if tick.state == "watch" and tick.until is not None and tick.until <= now:
        return "watched"
    return tick.state


def checklist_rows(ticks: Ticks, width: int) -> list[Row]:
    """Every list: those for now, then the incident's others, then those of their own; with no
    incident those of their own come first."""
    listed = list(enumerate(ticks.procedures.checklists))
    incident = ticks.incident

    def order(checklist: Checklist) -> int:
        if checklist.alone:
            return 2 if incident is not None else 0
        return 0 if now_for(checklist, incident) else 1

    rows: list[Row] = []
    for number, checklist in sorted(listed, key=lambda pair: order(pair[1])):
        rows.append(_title(ticks, checklist))
        for at, item in enumerate(checklist.items):
            rows.append(_item(ticks, checklist, item, f"{number}.{at}"))
        rows.append(gap())
    if not rows:
        rows.append(Row(Content.assemble(("The file has no checklists.", ".dim"))))
    return without_ends(rows)


def _title(ticks: Ticks, checklist: Checklist) -> Row:
    look = ticks.look
    done = sum(
        state_of(ticks.tick(checklist, item), ticks.now) == "done" for item in checklist.items
    )
    count = len(checklist.items)
    style = ".ok" if done == count else ".accent" if now_for(checklist, ticks.incident) else ".dim"
    said = f"{done} of {count}"
    if now_for(checklist, ticks.incident):
        said += f" {look.dot} now"
    elif checklist.alone and checklist.name in ticks.lists.begun:
        said += f" {look.dot} begun {clock(ticks.lists.begun[checklist.name], ticks.now)}"
    elif not checklist.alone and (when := _for_when(checklist, ticks)):
        said += f" {look.dot} {when}"
    name = look.plain(safe(checklist.name, 60))
    return Row(Content.assemble((name, ".strong"), (f"  {said}", style)))


def _for_when(checklist: Checklist, ticks: Ticks) -> str:
    if ticks.incident is None:
        return "needs an incident"
    levels = "/".join(checklist.levels)
    phases = [phase for phase in checklist.phases if phase != checklist.name]
    parts = [*phases, *([levels] if levels else [])]
    return ticks.look.plain(safe(f"for {', '.join(parts)}", 60)) if parts else ""


def _item(ticks: Ticks, checklist: Checklist, item: Item, key: str) -> Row:
    look, now = ticks.look, ticks.now
    tick = ticks.tick(checklist, item)
    state = state_of(tick, now)
    sent = key in ticks.sent and ticks.sent[key] == tick
    done, watching = ("✔", "◔") if look.unicode else ("x", "~")
    sign = "." if sent else {"done": done, "watch": watching, "watched": "?"}.get(state, " ")
    style = {"done": ".ok", "watch": ".accent", "watched": ".level-2"}.get(state, "")
    text = look.plain(safe(item.text, 200))
    parts = [(f"[{sign}] ", style), (text, ".dim" if state == "done" else "")]
    if state == "open" and item.watch:
        parts.append((f"  for {short_duration(item.watch)}", ".dim"))
    if tick is not None and state == "watch" and tick.until is not None:
        parts.append((f"  {countdown((tick.until - now).total_seconds())} left", ".accent"))
    if state == "watched":
        parts.append(("  the watch is over: was all well?", ".level-2"))
    if tick is not None and state != "open":
        parts.append((f"  {look.plain(safe(tick.by, 40))} {clock(tick.at, now)}", ".dim"))
    return Row(Content.assemble(*parts), key, 4)
