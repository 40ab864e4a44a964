"""The scribe line, always on the screen: one key away, quiet until it has the keys."""

from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from warroom.console.canvas import Canvas
from warroom.console.commands.sources import may_only_watch
from warroom.console.look import Look
from warroom.console.scribe.field import ScribeField, typed
from warroom.console.scribe.kept import Kept
from warroom.incident.bounds import LONGEST
from warroom.text import safe

if TYPE_CHECKING:
    from warroom.console.app import Console

PATIENCE = 0.6
"""Seconds an entry may be on its way before the line says that it is not saved yet."""


class Hint(Canvas):
    """What the words in the line need, or what is wrong with them; where the footer is else."""

    def __init__(self, look: Look) -> None:
        super().__init__(id="scribe-hint")
        self.look = look
        self.words, self.style = "", ".dim"

    def tell(self, words: str, *, wrong: bool = False) -> None:
        """Say this."""
        self.words, self.style = words, ".level-1" if wrong else ".dim"
        self.redraw()

    def draw(self, width: int, height: int) -> list[Content]:
        words = self.look.plain(safe(self.words, 1000))
        line = Content.assemble("   ", (words, self.style))
        return [line.truncate(width, ellipsis=self.look.unicode)]


class ScribeLine(Vertical):
    """Where a note or a command is typed."""

    def __init__(self, *, look: Look) -> None:
        super().__init__(id="scribe")
        self.look = look
        self._field = ScribeField(look, self._told)
        self._hint = Hint(look)
        self._late = Label("", id="scribe-count", markup=False)
        self._filled = False
        self._wrong = ""
        self._before: Widget | None = None
        """What had the keys before, and gets them back."""
        self._back = 0
        """How many posts back the line is showing; 0 for what is being typed."""

    @property
    def console(self) -> "Console":
        return cast("Console", self.app)

    def fill(self) -> None:
        """Put in what it is made of. Not before the first frame, of which a field alone would take
        a tenth of the time."""
        if self._filled:
            return
        self._filled = True
        sign = Label(Content(self.console.key_of("scribe")), id="scribe-sign")
        self.mount(Horizontal(sign, self._field, self._late), self._hint)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.follow(self.console.desk.kept)
        self.watch(self.app, "room", self._invite)

    @property
    def writing(self) -> bool:
        """Whether the keys are the line's."""
        return self._field.has_focus

    def open(self) -> None:
        """Give the line the keys."""
        if not self.writing:
            self._before = self.screen.focused
        self.fill()  # typed ahead of the first frame, it is meant for the line all the same
        self.screen.set_focus(self._field)  # at once: what is typed right behind is meant for it

    def take(self, text: str) -> None:
        """A paste that was meant for nothing else: it is a draft, and runs nothing."""
        self.open()
        self._field.take(text)

    # what it shows ---------------------------------------------------------------------

    def follow(self, kept: Kept) -> None:
        """Show what is typed, and how much is not saved."""
        if not self._filled:
            return
        if typed(self._field.value) != kept.text:
            self._field.put(kept.text)
        self._count()
        if kept.outgoing and not any(one.reason for one in kept.outgoing):
            self.set_timer(PATIENCE, self._count)

    def _count(self) -> None:
        late = self.console.desk.late(PATIENCE)
        words = f" {late} not saved yet" if late else ""
        if str(self._late.content) != words:
            self._late.update(Content(words))

    def _invite(self) -> None:
        """What an empty line says behind its key; nothing while the keys are letters."""
        console = self.console
        words = "writes a note, / a command"
        if console.incident is None:
            words = f"writes a note, {console.key_of('declare')} declares an incident"
        if self.writing:
            words = ""
        if may_only_watch(console):
            words = "this console may only watch"
        if self._field.placeholder != words:
            self._field.placeholder = words
        self._advise()

    def _advise(self) -> None:
        """The hint for what stands in the line now."""
        from warroom.console.scribe import reading  # not before the first frame

        if not self.writing:
            return
        if self._wrong:
            self._hint.tell(self._wrong, wrong=True)
            return
        text = typed(self._field.value)
        self._hint.tell(reading.advice(self.console, text))
        self._field.suggest(reading.completed(self.console, text))

    def say(self, words: str) -> None:
        """What is wrong, until something else is typed."""
        self._wrong = words
        self._advise()

    @on(events.DescendantFocus)
    def begin(self) -> None:
        """The hint takes the footer's place: the keys it tells are letters now."""
        self._wrong = ""
        self.screen.add_class("-writing")
        self._invite()

    @on(events.DescendantBlur)
    def end(self) -> None:
        """The footer is back; the words stay."""
        self.screen.remove_class("-writing")
        self._invite()

    # what is typed ---------------------------------------------------------------------

    @on(ScribeField.Changed)
    def typing(self, event: ScribeField.Changed) -> None:
        """Every key is judged; held it is already."""
        event.stop()
        self._advise()

    def _hold(self) -> None:
        text, shown = typed(self._field.value), self.console.incident
        if text != self.console.desk.kept.text:
            self._wrong = ""
            self.console.desk.write(text, shown.id if shown else "")

    @on(ScribeField.Full)
    def full(self, event: ScribeField.Full) -> None:
        """More came than an entry may have."""
        event.stop()
        self.say(
            f"{event.taken:,} of {event.of:,} characters were taken: an entry has {LONGEST:,} at "
            "most; a file goes in with: warroom note - < FILE"
        )

    def _told(self, what: str) -> None:
        match what:
            case "typed":
                self._hold()
            case "enter":
                self._enter()
            case "leave":
                self._leave()
            case "complete":
                self._complete()
            case "older":
                self._go(1)
            case "newer":
                self._go(-1)

    def _leave(self) -> None:
        before = self._before
        self.screen.set_focus(before if before is not None and before.is_mounted else None)

    def _complete(self) -> None:
        from warroom.console.scribe import reading  # not before the first frame

        whole = reading.completed(self.console, typed(self._field.value))
        if whole and self._field.cursor_at_end:
            self._field.put(whole)

    def _go(self, by: int) -> None:
        """To an older post, or a newer one. What was being typed is the newest of them then."""
        desk, text = self.console.desk, typed(self._field.value)
        if self._back == 0 and by > 0 and text.strip():
            desk.remember(text)
            self._back = 1
        history = desk.kept.history
        self._back = min(max(self._back + by, 0), len(history))
        self._field.put(history[-self._back] if self._back else "")

    def _enter(self) -> None:
        from warroom.console.scribe import reading  # not before the first frame

        text = typed(self._field.value)
        if not text.strip():
            self._leave()
            return
        wrong = reading.carry_out(self.console, text)
        if wrong:
            self.say(wrong)
            return
        self._back = 0
        self._wrong = ""
