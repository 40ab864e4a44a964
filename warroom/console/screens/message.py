"""A message: drafted from the incident, read, edited, looked through, and sent.

Read first, with one key for each thing to do; ``e`` gives the keys to the text, Esc takes them
back. Nothing leaves the room from here: ``s`` asks once more, and shows what would go to whom.
"""

from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from warroom.console.bound import bound
from warroom.console.commands.sources import may_not_act, never_acts
from warroom.console.incident.field import Choice, Field, Said
from warroom.console.incident.rows import Row
from warroom.console.incident.rows_view import RowsView
from warroom.console.message.editor import edited
from warroom.console.message.form import MessageForm
from warroom.console.message.rows import MOST, receiver_rows
from warroom.console.message.text import MessageText, harmless
from warroom.console.screens.send import Confirmed, SendScreen
from warroom.console.screens.text import TextScreen
from warroom.console.table.clipboard import copy_text
from warroom.errors import MessageError
from warroom.incident.outward import CLIPBOARD, PURPOSE_WORDS

KEYS = (
    "{draft.edit} edit  {draft.editor} $EDITOR  {draft.next} next  {draft.to_1}-{draft.to_9} to "
    "whom  {draft.anew} anew  {dialog.copy} copy  {draft.send} send  Esc"
)
FEW_KEYS = (
    "{draft.edit} edit  {draft.next} next  {draft.to_1}-{draft.to_9} to  {draft.anew} anew  "
    "{dialog.copy} copy  {draft.send} send  Esc"
)
UNSENT_KEYS = (
    "{draft.edit} edit  {draft.editor} $EDITOR  {draft.next} next  {draft.anew} anew  "
    "{dialog.copy} copy  Esc"
)
"""Where nothing may be sent."""
SENDING = frozenset(["draft.send", *(f"draft.to_{n}" for n in range(1, MOST + 1))])
TYPING = "Esc takes the keys back, Tab goes on"


class MessageScreen(MessageForm):
    """Its result is what is to be said of a message that was sent; None when it was left."""

    AUTO_FOCUS = ""
    BINDINGS = [
        bound("dialog.escape", "back", priority=True),
        bound("draft.previous", "turn_purpose(-1)"),
        bound("draft.other", "turn_purpose(1)"),
        # Before anything else: what is typed right behind belongs to the field, and Textual would
        # hand it to the screen as long as that has not come to the key that gives the field focus.
        bound("draft.edit", "edit", priority=True),
        bound("draft.editor", "editor"),
        bound("draft.subject", "subject", priority=True),
        bound("draft.next", "next", priority=True),
        bound("draft.anew", "anew"),
        bound("dialog.copy", "copy"),
        bound("draft.send", "send"),
        *(bound(f"draft.to_{n}", f"receiver({n})") for n in range(1, MOST + 1)),
    ]

    def compose(self) -> ComposeResult:
        look = self.look
        options = [(name, words) for name, words in PURPOSE_WORDS.items() if self._usable(name)]
        with Vertical(id="message", classes="dialog incident") as box:
            self.keys = self._keys
            self.titled(box, f"Message  {self.incident.id}", *self.keys)
            purposes = Choice(options, look, id="purpose")
            purposes.value, purposes.can_focus = self.purpose, False
            yield Horizontal(Label("Message"), purposes, Said(look, id="made"), classes="line")
            subject = Field(id="subject", hint="the subject of a mail")
            yield Horizontal(Label("Subject"), subject, classes="line", id="subject-line")
            yield MessageText()
            promised = Field(id="next", most=24, hint="none")
            yield Horizontal(
                Label("Next"), promised, Said(look, id="next-words"), classes="line", id="next-line"
            )
            yield RowsView(self._receivers, look, pointed=False, id="receivers")
            yield RowsView(self._findings, look, pointed=False, id="findings")
            yield Static("", classes="complaint")

    @property
    def _keys(self) -> tuple[str, str]:
        """Those that can be used, and fewer of them."""
        return (UNSENT_KEYS, UNSENT_KEYS) if never_acts(self.console) else (KEYS, FEW_KEYS)

    @property
    def unused(self) -> frozenset[str]:
        """The ids of the keys that are refused here."""
        return SENDING if never_acts(self.console) else frozenset()

    def _receivers(self, width: int) -> list[Row]:
        keyed = not never_acts(self.console)
        return receiver_rows(self.receivers, self.chosen, self.look, width, keyed=keyed)

    def follow(self) -> None:
        self.incident = self.room.incident(self.incident.id) or self.incident
        self._say_made()
        if self.focused is None and self.keys != self._keys:
            self._hint(*self._keys)
        self.redraw()

    # what a person does ---------------------------------------------------------------

    def action_back(self) -> None:
        """Take the keys back from a field; without one, leave. What was typed is kept."""
        if self.focused is not None:
            self.set_focus(None)
            self._hint(*self._keys)
            self._look_through()
        else:
            self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters are letters while a field has the keys."""
        if action in ("edit", "subject", "next"):
            return self.focused is None
        return super().check_action(action, parameters)

    def action_edit(self) -> None:
        self._give_keys_to(self.query_one(MessageText))

    def action_subject(self) -> None:
        self.query_one("#subject-line").display = True
        self._give_keys_to(self.query_one("#subject"))

    def action_next(self) -> None:
        self._give_keys_to(self.query_one("#next"))

    def action_editor(self) -> None:
        """The text in the person's own editor."""
        try:
            text = edited(self.console, self.text)
        except SuspendNotSupported:
            self.complain("There is no terminal here to give to an editor")
        except MessageError as error:
            self.complain(error.explain())
        else:
            area = self.query_one(MessageText)
            area.replace(text, (0, 0), area.document.end)
            area.move_cursor((0, 0))

    def action_receiver(self, number: int) -> None:
        """To this one too, or not to it."""
        if number > len(self.receivers):
            return
        if never_acts(self.console):
            self.complain(may_not_act(self.console))
            return
        name = self.receivers[number - 1].name
        others = tuple(one for one in self.chosen if one != name)
        self.chosen = others if name in self.chosen else (*others, name)
        self._keep()
        self._arrange()
        self._look_through()

    def action_copy(self) -> None:
        """Hand it to the clipboard; then have it written down that it was taken along. Where there
        is no clipboard it is shown bare, to be marked with the mouse."""
        if copy_text(self.console, self.text):
            self._confirm((CLIPBOARD,))
            return
        lines = [Content(self.look.plain(line)) for line in harmless(self.text).split("\n")]
        screen = TextScreen(self.subject or PURPOSE_WORDS[self.purpose], lines, self.text)
        self.console.push_screen(screen, lambda _: self._confirm((CLIPBOARD,)))

    def action_send(self) -> None:
        """Ask once more, with what goes out to whom."""
        if not self.chosen:
            key = self.console.key_of("dialog.copy")
            self.complain(f"To whom? A digit chooses; {key} copies it for you to send by hand")
            return
        self._confirm(self.chosen)

    def _confirm(self, receivers: tuple[str, ...]) -> None:
        reason = may_not_act(self.console)
        promised = self._promised()
        if reason or not self.text.strip() or isinstance(promised, str):
            words = promised if isinstance(promised, str) else "There is no text yet"
            self.complain(reason or words)
            return
        asked = self._as_it_is(promised, receivers)
        self.console.push_screen(SendScreen(self.incident, asked), self._confirmed)

    def _confirmed(self, done: Confirmed | None) -> None:
        if done is None:
            return
        self.console.desk.forget_half(self.incident.id, self.purpose)
        self.finish(done.words)

    def _give_keys_to(self, field: Widget) -> None:
        """At once, and not as ``Widget.focus`` does it, later."""
        self.set_focus(field)
        self._hint(TYPING)

    def _hint(self, *words: str) -> None:
        self.keys = words
        self.say_keys(self.query_one("#message"), *words)
