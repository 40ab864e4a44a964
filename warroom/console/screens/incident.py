"""The incident on the whole screen: all that is known of it, and what can be done about it."""

from textual.app import ComposeResult
from textual.containers import Vertical

from warroom.console.bound import bound
from warroom.console.commands.sources import may_not
from warroom.console.incident.clocks import clock_lines
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.incident.whole import Whole, copied, incident_rows
from warroom.console.incident.work import follow_up_after, task_after
from warroom.console.screens.handover import HandoverScreen
from warroom.console.table.clipboard import copy_text
from warroom.incident.entries import FollowUp, Role, Task
from warroom.incident.incident import Incident

KEYS = (
    "{work.role} roles, {work.done} {work.move} {work.drop} tasks, {dialog.copy} copies, Esc closes"
)


class IncidentScreen(Dialog[None]):
    """Everything about the incident; roles, tasks and follow-ups are changed by keys here."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("work.role", "role"),
        bound("work.done", "after('d')"),
        bound("work.move", "after('m')"),
        bound("work.drop", "after('x')"),
        bound("dialog.copy", "copy"),
    ]

    def __init__(self, incident: Incident) -> None:
        super().__init__()
        self.incident = incident

    def compose(self) -> ComposeResult:
        with Vertical(id="whole-incident", classes="dialog incident") as box:
            self.titled(box, self.incident.id, KEYS)
            yield RowsView(self._rows, self.look)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowsView).focus()

    def follow(self) -> None:
        self.incident = self.room.incident(self.incident.id) or self.incident
        super().follow()

    @property
    def whole(self) -> Whole:
        room = self.room
        return Whole(
            self.incident,
            room.procedures,
            room.scale,
            room.entries.get(self.incident.id, ()),
            self.now,
            self.look,
            clock_lines(self.incident, room.procedures, room.scale, self.now),
        )

    def _rows(self, width: int) -> list[Row]:
        return incident_rows(self.whole, width)

    def action_after(self, key: str) -> None:
        """What ``d``, ``m`` or ``x`` makes of the task or follow-up under the cursor."""
        kind, _, number = self.query_one(RowsView).cursor.partition(":")
        body = self._after(kind, int(number) if number.isdecimal() else 0, key)
        reason = may_not(self.console)
        if kind not in ("task", "todo"):
            reason = "Move the cursor onto a task or a follow-up first"
        if reason:
            self.console.say(reason, bad=True)
        elif body is not None:
            self.console.post(body, incident=self.incident.id)

    def _after(self, kind: str, number: int, key: str) -> Task | FollowUp | None:
        for task in self.incident.tasks:
            if kind == "task" and task.task == number:
                return task_after(task, key, self.now)
        for item in self.incident.follow_ups:
            if kind == "todo" and item.item == number:
                return follow_up_after(item, key)
        return None

    def action_role(self) -> None:
        """Assign the role under the cursor, or choose one."""
        reason = may_not(self.console)
        if not (self.room.procedures.roles or self.incident.roles):
            reason = "The file names no roles: write roles under [incident]"
        if reason:
            self.console.say(reason, bad=True)
            return
        kind, _, role = self.query_one(RowsView).cursor.partition(":")

        def done(body: Role | None) -> None:
            if body is not None:
                self.console.post(body, incident=self.incident.id)

        wanted = role if kind == "role" else ""
        self.console.push_screen(HandoverScreen(self.incident, wanted), done)

    def action_copy(self) -> None:
        """A link, the channel, or all of it."""
        copy_text(self.console, copied(self.whole, self.query_one(RowsView).cursor))
