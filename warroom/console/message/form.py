"""What stands in a message's fields: drafted from the incident, typed, kept, looked through."""

from datetime import datetime

from textual import on
from textual.content import Content
from textual.widgets import Input, TextArea

from warroom.console.incident.asking import GONE, answer_of
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Choice, Field, Said
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.message.half import Half
from warroom.console.message.rows import finding_rows, next_words
from warroom.console.message.text import MessageText, harmless
from warroom.incident.drafted import Checked, Drafted
from warroom.incident.incident import Incident
from warroom.incident.outbox import next_purpose
from warroom.incident.outward import Purpose, Receiver
from warroom.incident.promise import moved, read_next, written
from warroom.wire import CheckMessage, GetDraft

PAUSE = 0.4
"""Seconds without a key after which the linter looks at it."""


class MessageForm(Dialog[str | None]):
    """The fields; whoever composes them says which keys there are."""

    def __init__(self, incident: Incident, purpose: Purpose | None = None) -> None:
        super().__init__()
        self.incident = incident
        self.purpose: Purpose = purpose or next_purpose(incident)
        self.draft: Drafted | None = None
        self.drafted_at = 0
        """The number of the incident's newest entry when it was drafted."""
        self.chosen: tuple[str, ...] = ()
        self.next: datetime | None = None
        self.in_text: datetime | None = None
        """The time that stands in the text."""
        self.checked: Checked | None = None
        self.blind = ""
        """Why it could not be looked through."""
        self.filled: tuple[str, ...] = ()
        """What was put into the fields for the person, and is nothing of theirs."""
        self.keys: tuple[str, ...] = ()
        """Those that the frame shows."""
        self.shared = False
        """Whether others see the screen while it is written."""
        self.anew = False
        """Whether it was said what a new draft throws away."""
        self.touches = 0
        """How often something was typed."""

    def on_mount(self) -> None:
        super().on_mount()
        self.shared = self.room.shared
        self._begin()

    # what stands there ----------------------------------------------------------------

    def _usable(self, purpose: Purpose) -> bool:
        """An acknowledgement is for pagers: without one nobody reads it."""
        return purpose != "acknowledge" or any(
            "acknowledge" in one.purposes for one in self.room.procedures.receivers
        )

    @property
    def receivers(self) -> tuple[Receiver, ...]:
        """Those that take such a message, in the order of the file."""
        known = self.room.procedures.receivers
        return tuple(r for r in known if not r.purposes or self.purpose in r.purposes)

    def _findings(self, width: int) -> list[Row]:
        if self.blind:
            return [Row(Content.assemble((self.look.plain(self.blind), ".level-1")))]
        found = self.checked.findings if self.checked else ()
        return finding_rows(found, self.look, asked=self.checked is not None)

    @property
    def text(self) -> str:
        return self.query_one(MessageText).text.strip("\n")

    @property
    def subject(self) -> str:
        return self.query_one("#subject", Field).text

    @property
    def _fields(self) -> tuple[str, ...]:
        """What stands in them, letter by letter."""
        typed = (field.value for field in self.query(Field))
        return (self.query_one(MessageText).text, *typed)

    @property
    def _half_kept(self) -> Half | None:
        """What was begun of this message, and not sent."""
        return self.console.desk.half(self.incident.id, self.purpose)

    def tick(self) -> None:
        self._say_next()

    def _say_made(self) -> None:
        """Where the text comes from, and whether more has happened since."""
        fresh = self.incident.number - self.drafted_at if self.draft else 0
        key = self.console.key_of("draft.anew")
        words = f"{fresh} new entries since: {key} drafts it anew" if fresh > 0 else ""
        if self.draft is not None and self.draft.template != "built in" and not words:
            words = f"by {self.draft.template}"
        arrows = "← →" if self.look.unicode else "left and right:"
        self.query_one("#made", Said).say(f"  {words or f'{arrows} another message'}")

    def _promised(self) -> datetime | str | None:
        """The time that was typed, or what is wrong with it."""
        typed = self.query_one("#next", Field).value
        return read_next(typed, self.now, self.console.zone_shown, self.console.zone)

    def _say_next(self) -> None:
        typed = self._promised()
        self.query_one("#next-words", Said).say(next_words(typed, self.now, self.console.zone))

    # drafting -------------------------------------------------------------------------

    def _begin(self) -> None:
        """What was begun and not sent, or else a new draft."""
        half = self._half_kept
        self.drafted_at, self.checked = self.incident.number, None
        if half is not None:
            self.draft = None
            self._fill(half.text, half.subject, half.next, half.receivers)
            key = self.console.key_of("draft.anew")
            self.complain(f"This was begun and not sent; {key} drafts it anew")
        else:
            self.action_anew()

    def action_anew(self) -> None:
        """A new draft, in place of what stands there; twice where a person wrote some of it."""
        half = self._half_kept
        if half is not None and not self.anew:
            self.anew = True
            self.complain(f"{self.console.key_of('draft.anew')} again throws away what was typed")
            return
        self.anew = False
        self.run_worker(
            self._draft(self.purpose), group="draft", exclusive=True, exit_on_error=False
        )

    async def _draft(self, purpose: Purpose) -> None:
        request = GetDraft(ref=0, incident=self.incident.id, purpose=purpose)
        answer = await answer_of(self.console, request)
        if not self.is_mounted or purpose != self.purpose:
            return
        if answer.draft is None:
            self.complain(answer.message or GONE)
            return
        self.draft, self.drafted_at = answer.draft, self.incident.number
        made = answer.draft
        self.console.desk.forget_half(self.incident.id, self.purpose)
        self._fill(made.text, made.subject, made.next, made.receivers)
        self.complain(made.problem)

    def _fill(
        self, text: str, subject: str, promised: datetime | None, chosen: tuple[str, ...]
    ) -> None:
        names = {one.name for one in self.receivers}
        self.chosen = tuple(name for name in chosen if name in names)
        self.next = self.in_text = promised
        area = self.query_one(MessageText)
        area.replace(harmless(text), (0, 0), area.document.end)
        area.move_cursor((0, 0))
        self.query_one("#subject", Field).value = subject
        self.query_one("#subject-line").display = bool(subject) or self._is_mail()
        self.query_one("#next", Field).value = written(promised, self.now)
        self.filled = self._fields
        self._say_made()
        self._say_next()
        self._arrange()
        self._look_through()

    def _is_mail(self) -> bool:
        return any(one.kind == "mail" for one in self.receivers)

    def _arrange(self) -> None:
        for rows in self.query(RowsView):
            rows.refresh(layout=True)
        self.redraw()

    def action_turn_purpose(self, by: int) -> None:
        """Another message."""
        choice = self.query_one("#purpose", Choice)
        names = [value for value, _ in choice.options]
        self.purpose = names[(names.index(self.purpose) + by) % len(names)]  # type: ignore[assignment]
        choice.value = self.purpose
        choice.redraw()
        self._begin()

    # the linter -----------------------------------------------------------------------

    @on(TextArea.Changed)
    @on(Input.Changed)
    def typed(self, event: TextArea.Changed | Input.Changed) -> None:
        """Something else stands there: it is kept, and looked through once nobody types."""
        untouched = self._fields == self.filled
        if not self.is_mounted or (untouched and self._half_kept is None):
            return
        if isinstance(event, Input.Changed) and event.input.id == "next":
            self._move_next()
        self._keep()
        self.anew = False
        self.touches += 1
        touches = self.touches
        self.set_timer(PAUSE, lambda: self._look_if_quiet(touches))

    def _look_if_quiet(self, touches: int) -> None:
        if self.is_mounted and touches == self.touches:
            self._look_through()

    def _move_next(self) -> None:
        """Another time: it stands in the text too."""
        at = self._promised()
        self._say_next()
        if isinstance(at, str):
            return
        area = self.query_one(MessageText)
        text = moved(area.text, self.in_text, at, self.now)
        if text != area.text:
            self.in_text = at
            area.replace(text, (0, 0), area.document.end)
        self.next = at

    def _keep(self) -> None:
        half = Half(
            incident=self.incident.id,
            purpose=self.purpose,
            text=self.text,
            subject=self.subject,
            next=self.next,
            receivers=self.chosen,
        )
        self.console.desk.keep_half(half, shared=self.shared)

    def _look_through(self) -> None:
        self.run_worker(self._check(), group="check", exclusive=True, exit_on_error=False)

    def _as_it_is(self, promised: datetime | None, receivers: tuple[str, ...]) -> CheckMessage:
        """What stands there, with this promise and for these receivers, to be looked through."""
        return CheckMessage(
            ref=0,
            incident=self.incident.id,
            purpose=self.purpose,
            text=self.text,
            subject=self.subject,
            next=promised,
            receivers=receivers,
        )

    async def _check(self) -> None:
        answer = await answer_of(self.console, self._as_it_is(self.next, self.chosen))
        if self.is_mounted:
            self.checked = answer.checked or self.checked
            self.blind = "" if answer.checked else answer.message or GONE
            self._arrange()
