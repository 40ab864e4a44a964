"""Tasks with their countdown, and what is to be done afterwards. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import asdict, replace
from textual.content import Content

from warroom.console.incident.rows import Row, heading
from warroom.console.incident.times import countdown, span
from warroom.console.look import Look, fit
from warroom.incident.entries import FollowUp, Task
from warroom.incident.incident import FollowUpSeen, TaskSeen
from warroom.text import safe

MORE = timedelta(minutes=5)
"""How much time a task gets with one key."""
WHO = 14
"""Cells of a person."""


def task_rows(tasks: Iterable[TaskSeen], now: datetime, look: Look) -> Iterable[Row]:
    """The open ones by when they are due, then the others."""
    listed = sorted(tasks, key=lambda t: (t.state != "open", t.due is None, t.due or now))
    if listed:
        said = "{work.done} done, {work.move} more time, {work.drop} drop"
        yield heading("Tasks", look.worded(said))
    for task in listed:
        who = fit(look.plain(safe(task.who, 40)) or "anybody", WHO, end=look.end)
        words, style = _due(task, now)
        text = look.plain(safe(task.text))
        shade = "" if task.state == "open" else ".dim"
        parts = ((f"  #{task.task:<3}", ".dim"), (f"{words:>11}  ", style), (f"{who} ", ".strong"))
        yield Row(Content.assemble(*parts, (text, shade)), f"task:{task.task}", 18)


def _due(task: TaskSeen, now: datetime) -> tuple[str, str]:
    if task.state != "open":
        return task.state, ".ok" if task.state == "done" else ".dim"
    if task.due is None:
        return "open", ""
    left = (task.due - now).total_seconds()
    if left < 0:
        return f"OVER {span(-left)}", ".level-0"
    return countdown(left), ".accent"


def follow_up_rows(items: Iterable[FollowUpSeen], look: Look) -> Iterable[Row]:
    """What is to be done after the incident, the open ones first."""
    listed = sorted(items, key=lambda item: item.state != "open")
    if listed:
        yield heading("Follow-ups", look.worded("{work.done} done, {work.drop} drop"))
    for item in listed:
        said = [item.owner or "no owner"]
        said += [f"by {item.due}"] if item.due else []
        said += [part for part in (item.sort, item.ticket) if part]
        state = {"open": "TODO", "done": "done", "dropped": "drop"}[item.state]
        shade = "" if item.state == "open" else ".dim"
        parts = (
            (f"  #{item.item:<3}", ".dim"),
            (f"{state:>11}  ", ".accent" if item.state == "open" else ".dim"),
            (look.plain(safe(item.text)), shade),
            (f"  {look.plain(safe(', '.join(said), 200))}", ".dim"),
        )
        yield Row(Content.assemble(*parts), f"todo:{item.item}", 18)


_ENDS: dict[str, Literal["done", "dropped"]] = {"d": "done", "x": "dropped"}


def task_after(task: TaskSeen, key: str, now: datetime) -> Task | None:
    """The task after that key; None where it does nothing to it."""
    said = Task(task=task.task, who=task.who, text=task.text, due=task.due)
    if key == "m":
        return replace(said, due=max(task.due or now, now) + MORE)
    state = _ENDS.get(key)
    return replace(said, state=state) if state and state != task.state else None


def follow_up_after(item: FollowUpSeen, key: str) -> FollowUp | None:
    """The follow-up after that key; None where it does nothing to it."""
    state = _ENDS.get(key)
    if state is None or state == item.state:
        return None
    return FollowUp(**{**asdict(item), "state": state})
