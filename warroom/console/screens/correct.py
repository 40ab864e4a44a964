"""Correcting an entry: how it should read, and when it happened. What it said stays readable."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from warroom.clock import Clock
from warroom.console.bound import bound
from warroom.console.incident.remembered import Remembered
from warroom.console.look import Look
from warroom.console.scribe.field import ScribeField, typed
from warroom.incident.entries import Correction, Entry
from warroom.incident.incident import Corrected
from warroom.incident.scribe.times import leading_time
from warroom.incident.words import text_of, word_of
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console


class CorrectScreen(Remembered[Correction | None]):
    """Asks for both; what is left as it is, is not corrected."""

    BINDINGS = [
        bound("dialog.escape", "dismiss(None)"),
        bound("dialog.help", "app.tell_keys"),
    ]

    def __init__(self, entry: Entry, fixed: Corrected | None, look: Look, clock: Clock) -> None:
        super().__init__()
        self.entry, self.look, self.clock = entry, look, clock
        self.form = f"correct {entry.incident} {entry.number}"
        self.was = fixed.text if fixed is not None and fixed.text else text_of(entry.body)
        at = fixed.at if fixed is not None and fixed.at is not None else entry.happened
        self.at = at.astimezone(UTC)
        self._withdraws = False
        """Whether it was said what an empty text means."""

    def compose(self) -> ComposeResult:
        entry = self.entry
        who = self.look.plain(safe(entry.actor.shown, 40))
        with Vertical(id="correct", classes="dialog") as box:
            box.border_title = Content(f"Correct entry {entry.number}")
            box.border_subtitle = "Enter corrects, Esc cancels"
            yield Static(Content(f"{word_of(entry.body)} by {who}"), classes="words")
            yield Static(Content("What it said stays readable. Empty words take it back."))
            with Horizontal():
                yield Label("Text")
                yield ScribeField(self.look, self._told)
            with Horizontal():
                yield Label("At")
                when = Input(
                    self._written(self.at), id="at", max_length=24, compact=True,
                    select_on_focus=False,
                )  # fmt: skip
                when.cursor_blink = False
                yield when
            yield Static("", id="complaint")

    def _written(self, at: datetime) -> str:
        same = at.date() == self.clock.now().astimezone(UTC).date()
        return f"{at:%H:%M:%SZ}" if same else f"{at:%Y-%m-%d %H:%M:%SZ}"

    def on_mount(self) -> None:
        self.query_one(ScribeField).put(self.was)
        self.begin_form()
        self.set_focus(self.query(Input).first())

    def _told(self, what: str) -> None:
        match what:
            case "enter":
                self.submit()
            case "leave":
                self.dismiss(None)
            case "complete" | "newer":
                self.query_one("#at", Input).focus()

    @on(Input.Submitted, "#at")
    def submit(self) -> None:
        """Take what is different, or say what is wrong."""
        text = typed(self.query_one(ScribeField).value).strip()
        at = self._moment()
        if at is None:
            ways = "12:05, 12:05Z, 12:05 local, -5m, 2026-11-27 12:05"
            zone = cast("Console", self.app).zone_shown.name
            self._complain(f"At: a time that was, in {zone}, such as {ways}")
            self.query_one("#at", Input).focus()
        elif not text and not self._withdraws:
            self._withdraws = True
            self._complain("Empty words take the entry back: Enter again does it")
        elif text == self.was.strip() and at == self.at:
            self._complain("Nothing is different yet; Esc leaves it as it is")
        else:
            self.dismiss(
                Correction(
                    entry=self.entry.number,
                    text=None if text == self.was.strip() else text,
                    at=None if at == self.at else at,
                )
            )

    @on(Input.Changed)
    def again(self) -> None:
        """What was said of it is not so any more."""
        self._withdraws = False

    def _moment(self) -> datetime | None:
        written = self.query_one("#at", Input).value.strip()
        if written == self._written(self.at):
            return self.at
        console = cast("Console", self.app)
        found = leading_time(written, self.clock.now(), console.zone_shown.tz, console.zone.tz)
        if found is None or found[0] != len(written) or isinstance(found[1], str):
            return None
        return found[1]

    def _complain(self, words: str) -> None:
        self.query_one("#complaint", Static).update(Content(words))
