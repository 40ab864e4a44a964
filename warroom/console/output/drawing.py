"""An application whose frames go to the terminal by our own way (``display.py``)."""

from collections.abc import Sequence

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input

from warroom.console.driver import GuardedDriver
from warroom.console.output.display import Display


class Drawing(App[int]):
    """What it draws is sent as the terminal takes it. Without a terminal it is Textual's own."""

    @property
    def output(self) -> Display | None:
        """What the terminal is sent; None where there is none."""
        return self._driver.display if isinstance(self._driver, GuardedDriver) else None

    def _display(self, screen: Screen[object], renderable: object) -> None:
        output = self.output
        if output is None or not isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            super()._display(screen, renderable)  # type: ignore[arg-type]
        elif self._running and not self._closed and not self._batch_count:
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            colours = self.console._color_system or ColorSystem.TRUECOLOR
            ahead = self._typed_rows()
            output.show(renderable, cursor, colours, ahead, sync=self._sync_available)

    def _typed_rows(self) -> Sequence[int]:
        """The rows in which something may be typed now."""
        if isinstance(self.focused, Input):
            return self.focused.region.line_range
        # Where text of several lines is edited, the terminal's own cursor stands in its line.
        return (self.cursor_position.y,)

    def forget_screen(self) -> None:
        """Something else has written on the terminal: nothing of it is known."""
        if self.output is not None:
            self.output.forget()

    def blank(self) -> None:
        """Nothing on the terminal, at once."""
        if self.output is not None:
            self.output.blank()

    def repaint(self) -> None:
        """Everything again, over whatever has been written on the screen."""
        self.forget_screen()
        self.screen.refresh(layout=True)
        for widget in self.screen.query("*"):
            widget.refresh()
