"""What stands in a panel's place: before it is loaded, and when it cannot be."""

from textual.content import Content

from warroom.config.local import panel_and_sources
from warroom.console.look import Look, framed
from warroom.console.panel import Panel, heading
from warroom.text import safe


class StandIn(Panel):
    """A frame with a few words."""

    expandable = False

    def __init__(self, name: str, words: str, *, look: Look, number: int) -> None:
        super().__init__(look=look, number=number)
        self.called = safe(name, 40)
        self.words = safe(words)

    def draw(self, width: int, height: int) -> list[Content]:
        style = ".accent" if self.has_focus else ".strong"
        name = Content.assemble((self.look.plain(f"{self.number} {self.called}"), style))
        body = Content(self.look.plain(self.words)).wrap(max(width - 4, 1))
        return framed(name, body, width, height, self.look, focused=self.has_focus)


class EmptyPanel(StandIn):
    """A panel that is about to come."""

    def __init__(self, name: str, *, look: Look, number: int) -> None:
        panel, only = panel_and_sources(name)
        words = heading(panel.replace("_", " ").capitalize(), only)
        super().__init__(words, "", look=look, number=number)


class MissingPanel(StandIn):
    """A panel that cannot be had, and why."""

    def __init__(self, reason: str, *, look: Look, number: int) -> None:
        super().__init__("Panel missing", reason, look=look, number=number)
