"""Acknowledging a red: why, and for how long."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.validation import Function
from textual.widgets import Input, Label, Static

from warroom.console.bound import bound
from warroom.console.incident.remembered import Remembered
from warroom.console.look import Look
from warroom.console.state import RoomState
from warroom.severity import Level
from warroom.text import safe
from warroom.wire import SourceView

_UNITS = {"m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Seen:
    """What was typed: the reason, and how long it holds in seconds; ``level`` is the one
    that was on the screen then."""

    level: Level
    reason: str
    seconds: float


def parse_span(text: str) -> float | None:
    """Seconds from ``30min``, ``30 m``, ``2h``; None when it is neither. At most a day."""
    text = text.strip().lower()
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz ").strip()
    unit = text[len(digits) :].strip() or "min"
    try:
        seconds = float(digits) * _UNITS[unit]
    except (ValueError, KeyError):
        return None
    return seconds if 60 <= seconds <= 86_400 else None


class AcknowledgeScreen(Remembered[Seen | None]):
    """Asks for the reason and the span. Enter in either field acknowledges."""

    BINDINGS = [
        bound("dialog.escape", "dismiss(None)"),
        bound("dialog.help", "app.tell_keys"),
    ]

    def __init__(self, source: SourceView, look: Look) -> None:
        super().__init__()
        self.source = source
        self.form = f"acknowledge {source.name}"
        self.look = look

    def compose(self) -> ComposeResult:
        title = self.look.plain(safe(self.source.title, 40))
        with Vertical(id="acknowledge", classes="dialog") as box:
            box.border_title = Content(f"Acknowledge {title}")
            box.border_subtitle = "Enter acknowledges, Esc cancels"
            yield Static(self._words(), classes="words")
            yield Static(
                Content("It stays red. It stops calling until it worsens or the time is up.")
            )
            with Horizontal():
                yield Label("Reason")
                yield Input(
                    placeholder="what is known, who is on it",
                    id="reason",
                    max_length=200,
                    compact=True,
                )
            with Horizontal():
                yield Label("For")
                yield Input(
                    "30min",
                    id="span",
                    max_length=8,
                    compact=True,
                    select_on_focus=False,
                    validators=[Function(lambda text: parse_span(text) is not None)],
                    validate_on=["changed"],
                )
            yield Static("", id="complaint")

    def _words(self) -> Content:
        cause = self.look.plain(safe(self.source.cause, 400))
        return Content(f"{self.source.level}: {cause}")

    def on_mount(self) -> None:
        for field in self.query(Input):
            field.cursor_blink = False
        self.begin_form()
        self.set_focus(self.query(Input).first())
        self.watch(self.app, "room", self._follow, init=False)

    def _follow(self, state: RoomState) -> None:
        """The red may change while the reason is typed: what is acknowledged is what is read."""
        now = state.named(self.source.name)
        if now is not None:
            self.source = now
            self.query_one(".words", Static).update(self._words())

    @on(Input.Submitted)
    def submit(self) -> None:
        """Take both fields, or say which is wrong."""
        reason = self.query_one("#reason", Input).value.strip()
        seconds = parse_span(self.query_one("#span", Input).value)
        complaint = self.query_one("#complaint", Static)
        if not reason:
            complaint.update(Content("A reason is needed: the next one to look will want to know"))
            self.query_one("#reason", Input).focus()
        elif seconds is None:
            complaint.update(Content("How long: from 1min to 24h, such as 30min or 2h"))
            self.query_one("#span", Input).focus()
        else:
            self.dismiss(Seen(self.source.level, reason, seconds))
