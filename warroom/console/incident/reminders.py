"""The reminders of the incident that is shown: a banner, until somebody has seen them."""

from textual.content import Content

from warroom.console.header import HeaderPart


class Reminders(HeaderPart):
    """One line for each reminder that stands, at most two."""

    def draw(self, width: int, height: int) -> list[Content]:
        return []

    def watch_state(self) -> None:
        self.display = False
        self.redraw()
