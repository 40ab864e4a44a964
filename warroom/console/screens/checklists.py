"""Checklists: what is to be done now, ticked by whom and when."""

from datetime import timedelta
from uuid import uuid4

from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.console.bound import bound
from warroom.console.commands.sources import may_not
from warroom.console.incident.asking import answer_of
from warroom.console.incident.checklists import Ticks, checklist_rows, state_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.incident.entries import Said, StartList, Tick
from warroom.incident.incident import Ticked
from warroom.incident.procedures import Checklist, Item
from warroom.wire import Post


class ChecklistsScreen(Dialog[None]):
    """Space ticks; what is watched for a while counts down first, and is ticked then."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("check.tick", "tick", priority=True),
        bound("check.begin", "begin"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Ticked | None] = {}

    def compose(self) -> ComposeResult:
        with Vertical(id="checklists", classes="dialog incident") as box:
            self.titled(
                box, "Checklists", "{check.tick} ticks, {check.begin} begins anew, Esc closes"
            )
            yield RowsView(self._rows, self.look)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowsView).focus()

    @property
    def ticks(self) -> Ticks:
        room = self.room
        return Ticks(
            room.procedures, self.console.incident, room.lists, self.now, self.look, self.sent
        )

    def _rows(self, width: int) -> list[Row]:
        return checklist_rows(self.ticks, width)

    def follow(self) -> None:
        """A tick that has come back is on its way no longer."""
        ticks = self.ticks
        for key, before in tuple(self.sent.items()):
            found = ticks.at(key)
            if found is None or ticks.tick(*found) != before:
                del self.sent[key]
        super().follow()

    def action_tick(self) -> None:
        """The item under the cursor: done, or open again; or its watch begins."""
        key = self.query_one(RowsView).cursor
        ticks = self.ticks
        found = ticks.at(key)
        if found is None or key in self.sent:
            return
        reason = self._refused(found[0])
        if reason:
            self.console.say(reason, bad=True)
            return
        before = ticks.tick(*found)
        self.sent[key] = before
        self.redraw()
        self._post(found[0], _next(*found, state_of(before, self.now), ticks), key)

    def action_begin(self) -> None:
        """A list that belongs to no incident, from its beginning."""
        found = self.ticks.at(self.query_one(RowsView).cursor)
        if found is None:
            return
        reason = self._refused(found[0])
        if not found[0].alone:
            reason = "Only a list that belongs to no incident begins anew: move the cursor onto one"
        if reason:
            self.console.say(reason, bad=True)
        else:
            self._post(found[0], StartList(checklist=found[0].name))

    def _refused(self, checklist: Checklist) -> str:
        if not checklist.alone and self.console.incident is None:
            key = self.console.key_of("declare")
            return f"{checklist.name} is for an incident, and none is open: {key} declares one"
        return may_not(self.console)

    def _post(self, checklist: Checklist, body: Said, key: str = "") -> None:
        shown = self.console.incident
        name = "" if checklist.alone or shown is None else shown.id
        request = Post(ref=0, once=uuid4().hex, incident=name, body=body)
        self.run_worker(self._send(request, key), exit_on_error=False)

    async def _send(self, request: Post, key: str) -> None:
        answer = await answer_of(self.console, request)
        if not answer.ok:
            self.sent.pop(key, None)
            self.console.say(answer.message or "The engine has refused it", bad=True)
            if self.is_mounted:
                self.redraw()


def _next(checklist: Checklist, item: Item, state: str, ticks: Ticks) -> Tick:
    """What Space makes of an item in that state: a watch is broken off while it runs."""
    if state in ("done", "watch"):
        return Tick(checklist=checklist.name, item=item.text, state="open")
    if item.watch is None or state == "watched":
        return Tick(checklist=checklist.name, item=item.text)
    until = ticks.now + timedelta(seconds=item.watch)
    return Tick(checklist=checklist.name, item=item.text, state="watch", until=until)
