"""The door the timeline's panel comes in by: what commands ask of it. Panels lie above the
console, so that it knows this and no more of them."""

from textual.content import Content

from warroom.console.panel import Panel
from warroom.console.sheet import Row
from warroom.console.table.arrange import Filter
from warroom.incident.entries import Entry

NAME = "timeline"
"""The panel's name among the entry points."""


class LogPanel(Panel):
    """A panel of an incident's entries, among which a cursor moves."""

    @property
    def passes(self) -> Filter:
        """What is being looked for."""
        raise NotImplementedError

    @property
    def sought(self) -> Filter:
        """What was looked for last."""
        raise NotImplementedError

    def filter(self, passes: Filter) -> None:
        """Go to the nearest entry that has it."""
        raise NotImplementedError

    def filtered(self) -> None:
        """It is as it is meant to be; the keys come back."""
        raise NotImplementedError

    def go_to_match(self, by: int) -> bool:
        """To the next entry that has it; whether there is one."""
        raise NotImplementedError

    @property
    def row(self) -> Row | None:
        """The entry under the cursor, to be copied and to be shown whole."""
        raise NotImplementedError

    @property
    def all_of_row(self) -> list[Content]:
        """All that is known of the entry under the cursor."""
        raise NotImplementedError

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor, if it is durable."""
        raise NotImplementedError

    def turn_asides(self) -> None:
        """Show what the watch wrote, or hide it."""
        raise NotImplementedError

    def follow(self) -> None:
        """Another incident may be shown, or something else of it."""
        raise NotImplementedError
