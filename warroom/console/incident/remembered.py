"""A form that is left without being sent, and opened again: what was typed is there."""

from typing import TYPE_CHECKING, TypeVar, cast

from textual import on
from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.widgets import Input, Static

from warroom.console.incident.field import Choice
from warroom.console.screens.modal import Modal

if TYPE_CHECKING:
    from warroom.console.app import Console

T = TypeVar("T")
AGAIN = "This was begun before, and not sent"


class Remembered(Modal[T]):
    """What a person changed in its fields is kept on the desk under ``form``, until it is sent.
    Without a name nothing is: what is secret, or would be wrong later, is typed anew."""

    form = ""
    _found: dict[str, str] | None = None

    def begin_form(self) -> None:
        """Once the fields are there: put in what was typed before."""
        if not self.form:
            return
        self._found = self._typed_in()
        kept = cast("Console", self.app).desk.kept.forms.get(self.form, {})
        fields = {name: field for name, field in self._written_in() if name in kept}
        for name, field in fields.items():
            if isinstance(field, Choice):
                field.choose(kept[name])
            else:
                field.value = kept[name]
                field.cursor_position = len(kept[name])
        if fields:
            for place in self.query(".complaint, #complaint").results(Static):
                place.update(Content(AGAIN))
                place.display = True

    def _written_in(self) -> list[tuple[str, Choice | Input]]:
        fields = self.query("Choice, Input")
        return [(field.id or "text", field) for field in fields.results(Choice | Input)]  # type: ignore[arg-type]

    def _typed_in(self) -> dict[str, str]:
        return {name: field.value for name, field in self._written_in()}

    def _changed(self) -> dict[str, str]:
        now, found = self._typed_in(), self._found or {}
        return {name: value for name, value in now.items() if found.get(name) != value}

    @on(Input.Changed)
    def hold_form(self) -> None:
        """While it is typed: a console that is killed loses none of it."""
        if self.form and self._found is not None and self.is_current:
            cast("Console", self.app).desk.keep_form(self.form, self._changed())

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Left, and nothing came of it: what was changed is kept."""
        if self.form and self._found is not None and self.is_current:
            kept = self._changed() if result is None else {}
            cast("Console", self.app).desk.keep_form(self.form, kept)
        return super().dismiss(result)
