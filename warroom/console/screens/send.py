"""The last look at a message: what exactly goes to whom, and whether it is meant so.

Cancel has the focus; Enter is never yes; nothing is taken for an answer in the first moment, for
it may have been typed ahead; and nobody finds it standing here an hour later.
"""

import hashlib

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Label, Static

from warroom.console.acting.plan_rows import masked_rows
from warroom.console.bound import bound
from warroom.console.incident.asking import GONE, answer_of, written
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Field
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.message.answers import EXPIRES, Answers
from warroom.console.message.confirm import Confirmed, send_rows, sent_words
from warroom.incident.drafted import Checked
from warroom.incident.incident import Incident
from warroom.incident.outward import CLIPBOARD, PURPOSE_WORDS
from warroom.wire import Answer, CheckMessage, SendMessage

__all__ = ["Confirmed", "SendScreen"]


class SendScreen(Dialog[Confirmed | None]):
    """Its result is what came of it, once it is durable; None where it was left."""

    BINDINGS = [
        bound("list.up", "scroll(-1)"),
        bound("list.down", "scroll(1)"),
    ]

    def __init__(self, incident: Incident, asked: CheckMessage) -> None:
        super().__init__()
        self.incident = incident
        self.asked = asked
        self.checked: Checked | None = None
        self.waiting = False

    @property
    def by_hand(self) -> bool:
        return self.asked.receivers == (CLIPBOARD,)

    def compose(self) -> ComposeResult:
        words = PURPOSE_WORDS[self.asked.purpose]
        title = f"Note that it was copied: {words}" if self.by_hand else f"Send: {words}"
        with Vertical(id="send", classes="dialog incident") as box:
            self.titled(box, title, "Tab and Space answer, Esc cancels")
            yield RowsView(self._rows, self.look, pointed=False, id="previews")
            reason = Field(id="reason", hint="why it goes out all the same; it is recorded")
            yield Horizontal(Label("Reason"), reason, classes="line", id="reason-line")
            yield Answers("Note it" if self.by_hand else "Send", self.look)
            yield Static("", classes="complaint")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#reason-line").display = False
        self.query_one(Answers).focus()
        self.set_timer(EXPIRES, self._expire)
        self.run_worker(self._look(), exit_on_error=False)

    def _rows(self, width: int) -> list[Row]:
        rows = send_rows(self.asked, self.checked, self.room.procedures.receivers, self.look)
        return [*masked_rows(self.room), *rows]

    def follow(self) -> None:
        """Once the entry itself has come, it is done, whatever became of the answer."""
        done = written(self.console, self._once) if self.checked else None
        if done is not None:
            self._done(done)
        else:
            self.redraw()

    def action_scroll(self, by: int) -> None:
        self.query_one("#previews", RowsView).action_move(by)

    def _expire(self) -> None:
        if self.is_current and not self.waiting:
            self.console.say("Not sent: nobody answered for a minute", bad=True)
            self.dismiss(None)

    async def _look(self) -> None:
        answer = await answer_of(self.console, self.asked)
        if not self.is_mounted:
            return
        self.checked = answer.checked
        if answer.checked is None:
            self.complain(answer.message or GONE)
        elif answer.checked.findings:
            self.query_one("#reason-line").display = True
        self.query_one("#previews").refresh(layout=True)
        self.redraw()

    # the answer -----------------------------------------------------------------------

    @on(Answers.Given)
    def answered(self, event: Answers.Given) -> None:
        if self.waiting:
            return
        if not event.yes:
            self.dismiss(None)
            return
        if self.checked is None:
            self.complain("It has not been looked through yet")
            return
        reason = self.query_one("#reason", Field).text
        if self.checked.findings and not reason:
            self.complain("A reason is needed: the linter has something against it", "reason")
            return
        self.waiting = True
        self.complain("writing it down")
        # The console's, for it is told and its draft goes even if this dialog was left.
        self.console.run_worker(self._send(self.checked, reason), exit_on_error=False)

    @property
    def _once(self) -> str:
        """One name for this message as long as no further one was sent: however often it is
        confirmed and whatever is lost, it is written once."""
        digest = self.checked.digest if self.checked else ""
        said = f"{digest} {len(self.incident.messages)}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    async def _send(self, checked: Checked, reason: str) -> None:
        asked = self.asked
        request = SendMessage(
            ref=0,
            once=self._once,
            incident=asked.incident,
            purpose=asked.purpose,
            text=asked.text,
            subject=asked.subject,
            next=asked.next,
            receivers=asked.receivers,
            digest=checked.digest,
            override=reason if checked.findings else "",
        )
        try:
            answer = await answer_of(self.console, request)
        finally:
            self.waiting = False
        if answer.ok or answer.waits:
            self._done(answer)
        elif self not in self.console.screen_stack:
            self.console.say(f"Not sent: {answer.message or GONE}", bad=True)
        else:
            self.checked = answer.checked or self.checked
            self.query_one("#reason-line").display = bool(self.checked and self.checked.findings)
            self.complain(answer.message or GONE)
            self.redraw()

    def _done(self, answer: Answer) -> None:
        words = answer.message if answer.waits else sent_words(self.asked, answer)
        if self in self.console.screen_stack:
            self.finish(Confirmed(words=words, bad=answer.waits))
            return
        half = self.console.desk.half(self.asked.incident, self.asked.purpose)
        if half is not None and half.text == self.asked.text:
            # What is still called begun would be sent once more.
            self.console.desk.forget_half(self.asked.incident, self.asked.purpose)
        self.console.say(words, bad=answer.waits)
