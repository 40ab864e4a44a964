"""The values of an action's parameters, where one is missing or another is wanted."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from warroom.console.acting.live_rows import live_options
from warroom.console.incident.dialog import Dialog
from warroom.console.incident.field import Choice, Field
from warroom.incident.acting.kinds import ActionView, Parameter
from warroom.text import safe

SECOND = "second"
"""The default that is a place in the list, not a row."""


class LetterChoice(Choice):
    """The only thing there is to choose: a letter that only one begins with chooses it, and goes on
    to the plan."""

    def on_key(self, event: events.Key) -> None:
        letter = (event.character or "").casefold()
        begin = [value for value, name in self.options if name.casefold().startswith(letter)]
        if letter.strip() and len(begin) == 1:
            event.stop()
            event.prevent_default()
            self.choose(begin[0])
            self.post_message(self.Submitted())
        else:
            super().on_key(event)


class ValuesScreen(Dialog[dict[str, str] | None]):
    """Its result is every value; None where it was left."""

    def __init__(self, action: ActionView, values: dict[str, str]) -> None:
        super().__init__()
        self.action, self.values = action, values

    def compose(self) -> ComposeResult:
        with Vertical(id="values", classes="dialog incident") as box:
            self.titled(box, self.action.title, "Enter shows what it would do, Esc leaves")
            with VerticalScroll(id="value-lines", can_focus=False):
                for one in self.action.parameters:
                    name = Label(Content(self.look.plain(safe(one.called, 20))))
                    yield Horizontal(name, self._field(one), classes="line")
            yield Static("", classes="complaint")

    def _field(self, one: Parameter) -> Field | Choice:
        value = self.values.get(one.name, one.default or "")
        options = [(choice, choice) for choice in one.choices]
        if one.type == "row":
            options = live_options(self.room.named(one.source))
        if options and value not in ("", SECOND, *dict(options)):
            # Another row in its place would be another value.
            options = [("", "what it was is not there now: choose"), *options]
        if options:
            alone = len(self.action.parameters) == 1
            kind = LetterChoice if alone and one.type == "choice" else Choice
            choice = kind(options, self.look, id=f"value-{one.name}")
            if value in dict(options):
                choice.value = value
            elif value == SECOND and len(options) > 1:
                choice.value = options[1][0]
            return choice
        return Field(
            id=f"value-{one.name}",
            value=value,
            hint=_hint(one),
            most=one.longest,
            secret=one.secret,
        )

    def on_mount(self) -> None:
        super().on_mount()
        missing = [one for one in self.action.missing if one.name not in self.values]
        first = (missing or list(self.action.parameters))[0]
        self.query_one(f"#value-{first.name}").focus()

    @on(Input.Submitted)
    @on(Choice.Submitted)
    def submitted(self) -> None:
        """Enter: nothing runs, the plan is shown."""
        values = {}
        for one in self.action.parameters:
            field = self.query_one(f"#value-{one.name}")
            value = field.value if isinstance(field, Field | Choice) else ""
            if not value and one.default is None:
                self.complain(f"{one.called} is missing", f"value-{one.name}")
                return
            values[one.name] = value
        self.finish(values)


def _hint(one: Parameter) -> str:
    if one.type == "integer":
        least = "" if one.minimum is None else f"from {one.minimum} "
        most = "" if one.maximum is None else f"to {one.maximum}"
        return f"a whole number {least}{most}".strip()
    if one.type == "row":
        return f"{one.source} cannot be seen now"
    return f"matching {one.pattern}" if one.pattern else ""
