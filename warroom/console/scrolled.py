"""A text or a list that is scrolled by the same keys as every list."""

from textual.containers import VerticalScroll
from textual.widgets import OptionList

from warroom.console.bound import bound, moves


class Scrolled(VerticalScroll, inherit_bindings=False):
    """What is in it is read by lines, pages and halves of them."""

    BINDINGS = [*moves("move", "page", "half", "end")]

    def action_move(self, by: int) -> None:
        """A line further."""
        self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """A screenful further, with a line of what was there."""
        self.scroll_relative(y=by * max(self.size.height - 1, 1), animate=False)

    def action_half(self, by: int) -> None:
        """Half a screenful further."""
        self.scroll_relative(y=by * max(self.size.height // 2, 1), animate=False)

    def action_end(self, at: int) -> None:
        """To its beginning or its end."""
        if at == 0:
            self.scroll_home(animate=False)
        else:
            self.scroll_end(animate=False)


class Options(OptionList, inherit_bindings=False):
    """A list of a few words."""

    BINDINGS = [*moves("move", "page", "half", "end"), bound("list.take", "select")]

    def action_move(self, by: int) -> None:
        """The next one, or the one before."""
        if by > 0:
            self.action_cursor_down()
        else:
            self.action_cursor_up()

    def action_page(self, by: int) -> None:
        """A screenful further."""
        self._by(by * max(self.size.height - 1, 1))

    def action_half(self, by: int) -> None:
        """Half a screenful further."""
        self._by(by * max(self.size.height // 2, 1))

    def _by(self, count: int) -> None:
        at = (self.highlighted or 0) + count
        self.highlighted = min(max(at, 0), self.option_count - 1) if self.option_count else None

    def action_end(self, at: int) -> None:
        """To the first or the last."""
        if at == 0:
            self.action_first()
        else:
            self.action_last()
