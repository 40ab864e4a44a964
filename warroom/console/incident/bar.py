"""The incident's line under the header: which one, how bad, who leads, and its clocks."""

from textual.content import Content

from warroom.console.header import HeaderPart
from warroom.text import safe


class IncidentBar(HeaderPart):
    """One line while an incident is shown; nothing otherwise."""

    def draw(self, width: int, height: int) -> list[Content]:
        incident = self.incident
        if incident is None:
            return []
        words = f" {incident.id} {incident.level} {incident.status} {incident.title}"
        return [Content(self.look.plain(safe(words))).truncate(width)]

    def watch_state(self) -> None:
        self.display = self.incident is not None
        self.redraw()
