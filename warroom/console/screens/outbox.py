"""The messages that were sent, and those that wait: what came of each, and what to do about it."""

from typing import Literal
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from warroom.console.bound import bound
from warroom.console.commands.sources import may_not_act, may_only_watch, never_acts
from warroom.console.incident.asking import GONE, answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.message.outbox import outbox_rows, parts_of
from warroom.console.screens.sure import SureScreen
from warroom.console.screens.text import TextScreen
from warroom.console.table.clipboard import copy_text
from warroom.errors import IncidentError
from warroom.incident.outbox import AGAIN, delivery_of
from warroom.incident.outward import Message
from warroom.text import safe, whole_line
from warroom.wire import GetEntries, Redeliver

What = Literal["send", "drop", "copied"]
KEYS = (
    "{list.take} reads it, {sent.again} sends again, {sent.copied} copied by hand, {sent.drop} not "
    "any more, Esc"
)
READ_KEYS = "{list.take} reads it, Esc"
FEW_KEYS = "{list.take} reads, {sent.again} again, {sent.copied} copy, {sent.drop} give up, Esc"


class OutboxScreen(Dialog[None]):
    """Every message of the incidents that are known here."""

    BINDINGS = [
        bound("dialog.close", "dismiss(None)"),
        bound("sent.again", "redeliver('send')"),
        bound("sent.drop", "redeliver('drop')"),
        bound("sent.copied", "redeliver('copied')"),
        bound("dialog.copy", "redeliver('copied')"),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(id="outbox", classes="dialog incident") as box:
            reads = never_acts(self.console)
            keys = (READ_KEYS, READ_KEYS) if reads else (KEYS, FEW_KEYS)
            self.titled(box, "Messages", *keys)
            yield RowsView(self._rows, self.look, id="messages")
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(RowsView).focus()

    def _rows(self, width: int) -> list[Row]:
        receivers = self.room.procedures.receivers
        draft = "" if may_only_watch(self.console) else self.console.key_of("message")
        return outbox_rows(self.room.incidents, receivers, self.now, self.look, draft)

    @on(RowsView.Taken)
    def read(self, event: RowsView.Taken) -> None:
        """The message's text on the whole screen, to read and to copy."""
        self.run_worker(self._read(event.key), exit_on_error=False)

    async def _read(self, key: str) -> None:
        name, entry, _ = parts_of(key)
        body = await self._message(name, entry)
        if body is not None and self.is_mounted:
            lines = [whole_line(line) for line in body.text.split("\n")]
            shown = [Content(self.look.plain(line)) for line in lines]
            self.console.push_screen(TextScreen(body.subject or f"Entry {entry}", shown, body.text))

    async def _message(self, name: str, entry: int) -> Message | None:
        """The message of that entry, asked of the engine."""
        request = GetEntries(ref=0, incident=name, after=entry - 1)
        answer = await answer_of(self.console, request)
        found = next((one.body for one in answer.entries if one.number == entry), None)
        if isinstance(found, Message):
            return found
        if self.is_mounted:
            self.complain(answer.message or GONE)
        return None

    def action_redeliver(self, what: What) -> None:
        """Do that with the delivery under the cursor, if it makes sense there."""
        key = self.query_one(RowsView).cursor
        name, entry, receiver = parts_of(key) if key else ("", 0, "")
        incident = self.room.incident(name)
        if incident is None or not receiver:
            self.complain("Go to a receiver's line first")
            return
        reason = may_not_act(self.console)
        try:
            _, delivery = delivery_of(incident, entry, receiver)
        except IncidentError as error:
            self.complain(str(error))
            return
        if reason or delivery.state not in AGAIN[what]:
            self.complain(reason or f"It is {delivery.state}: nothing is to be done")
            return
        request = Redeliver(
            ref=0, once=uuid4().hex, incident=name, message=entry, receiver=receiver, what=what
        )
        if what == "copied":
            self.run_worker(self._copy(request), exit_on_error=False)
        elif what == "send" and delivery.state != "unknown":
            self.run_worker(self._ask(request), exit_on_error=False)
        else:
            self._make_sure(request, delivery.text)

    def _make_sure(self, request: Redeliver, said: str) -> None:
        """What may have come is not sent twice by a slip, nor is anything given up by one."""
        name = safe(request.receiver, 60)
        if request.what == "send":
            words = f"It may have come to {name} already. Sent again, people may read it twice."
        else:
            words = f"It is not sent to {name} any more."
        rows = [Row(Content(self.look.plain(words)))]
        if said:
            rows.append(Row(Content.assemble((self.look.plain(safe(said, 300)), ".dim"))))

        def done(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._ask(request), exit_on_error=False)

        title = "Send it again?" if request.what == "send" else "Give it up?"
        yes = "Send again" if request.what == "send" else "Give it up"
        self.console.push_screen(SureScreen(title, rows, yes), done)

    async def _copy(self, request: Redeliver) -> None:
        body = await self._message(request.incident, request.message)
        if body is not None and copy_text(self.console, body.text):
            await self._ask(request)

    async def _ask(self, request: Redeliver) -> None:
        answer = await answer_of(self.console, request)
        if self.is_mounted:
            self.complain(answer.message or ("" if answer.ok else GONE))
            self.redraw()
