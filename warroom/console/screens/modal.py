"""What every dialog is."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

T = TypeVar("T")


class Modal(ModalScreen[T]):
    """A dialog that is left once.

    A button's word comes a moment after Enter, and Esc may be typed in that moment. Textual 8.2.8
    would take the next screen away for the second of the two, and end the console at the last.
    """

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        if not self.is_current or self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)
