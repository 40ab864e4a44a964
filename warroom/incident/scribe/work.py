"""``/task /done /more /drop /tick``, read. Pure."""

from collections.abc import Iterator

from warroom.incident.entries import Task, Tick
from warroom.incident.incident import TaskSeen
from warroom.incident.nearest import meant, nearest, quoted
from warroom.incident.procedures import Checklist, Item
from warroom.incident.scribe.names import number_first, text_left
from warroom.incident.scribe.steps import person_first
from warroom.incident.scribe.times import span
from warroom.incident.scribe.types import Piece, ScribeContext, WrongError
from warroom.incident.spans import after

TASK = "/task PERSON [3m] TEXT"
DONE = "/done NUMBER [TEXT]"
MORE = "/more NUMBER 5m"
DROP = "/drop NUMBER [WHY]"
TICK = "/tick ITEM"


def task(piece: Piece, context: ScribeContext) -> Task:
    if piece.blank:
        raise WrongError(f"who does it? {TASK}: me, or a name", piece.at)
    who, rest = person_first(piece, context)
    if not who:
        raise WrongError(f"a task needs somebody: {TASK}", piece.at)
    first, text = rest.word()
    time = span(first)
    due = None if time is None else after(context.now, time)
    return Task(who=who, text=text_left(rest if time is None else text, TASK), due=due)


def done(piece: Piece, context: ScribeContext) -> Task:
    number, rest = _which(piece, context, DONE)
    return Task(task=number, state="done", text=rest.text)


def drop(piece: Piece, context: ScribeContext) -> Task:
    number, rest = _which(piece, context, DROP)
    return Task(task=number, state="dropped", text=rest.text)


def more(piece: Piece, context: ScribeContext) -> Task:
    """More time from now on; of a task that has some left, from its end on."""
    number, rest = _which(piece, context, MORE)
    word, nothing = rest.word()
    time = span(word)
    if not time or not nothing.blank:
        raise WrongError(f"how much more? {MORE}", rest.at)
    known = next((one for one in open_tasks(context) if one.task == number), None)
    until = known.due if known is not None and known.due is not None else context.now
    return Task(task=number, due=after(max(until, context.now), time))


def open_tasks(context: ScribeContext) -> tuple[TaskSeen, ...]:
    incident = context.incident
    return () if incident is None else tuple(t for t in incident.tasks if t.state == "open")


def _which(piece: Piece, context: ScribeContext, usage: str) -> tuple[int, Piece]:
    """The task's number. Where only one is open, none is needed if nothing else is said."""
    open_ones = open_tasks(context)
    if piece.blank and len(open_ones) == 1 and usage != MORE:
        return open_ones[0].task, piece
    number, rest = number_first(piece, "task", usage)
    incident = context.incident
    if incident is not None and all(one.task != number for one in incident.tasks):
        numbers = ", ".join(str(one.task) for one in open_ones) or "none"
        raise WrongError(f"there is no task {number}; open are: {numbers}", piece.at)
    return number, rest


def tick(piece: Piece, context: ScribeContext) -> Tick:
    """An item of any list of this incident, of the phase that it is in first. One that is to be
    watched begins its watch, and is done when it is ticked again."""
    wanted = text_left(piece, TICK).strip()
    found = list(_fitting(wanted, context))
    if not found:
        near = nearest(wanted, [item.text for _, item in items(context)])
        told = f"; did you mean {near}?" if near else f"; the lists: {_lists(context)}"
        raise WrongError(f"{quoted(wanted)} is no item of a checklist{told}", piece.at)
    checklist, item = found[0]
    incident = context.incident
    ticked = incident.ticks.get(checklist.name, {}).get(item.text) if incident else None
    if item.watch is not None and (ticked is None or ticked.state == "open"):
        return Tick(checklist=checklist.name, item=item.text, state="watch")
    return Tick(checklist=checklist.name, item=item.text)


def items(context: ScribeContext) -> Iterator[tuple[Checklist, Item]]:
    """What can be ticked: of the present phase first, what is ticked last."""
    incident = context.incident
    phase, level = (incident.phase, incident.level) if incident is not None else ("", "")
    lists = [c for c in context.procedures.checklists if not c.levels or level in c.levels]
    lists.sort(key=lambda c: (c.alone, phase not in c.phases))
    pairs = [(checklist, item) for checklist in lists for item in checklist.items]
    pairs.sort(key=lambda pair: _is_done(pair[0], pair[1], context))
    yield from pairs


def _is_done(checklist: Checklist, item: Item, context: ScribeContext) -> bool:
    ticks = context.incident.ticks if context.incident is not None else {}
    tick = ticks.get(checklist.name, {}).get(item.text)
    return tick is not None and tick.state == "done"


def _fitting(wanted: str, context: ScribeContext) -> Iterator[tuple[Checklist, Item]]:
    """The items meant: by the same words first, then by their beginning."""
    known = list(items(context))
    for whole in (True, False):
        for checklist, item in known:
            same = item.text.casefold() == wanted.casefold()
            if same or (not whole and meant(wanted, (item.text,)) is not None):
                yield checklist, item


def _lists(context: ScribeContext) -> str:
    return ", ".join(dict.fromkeys(checklist.name for checklist, _ in items(context)))
