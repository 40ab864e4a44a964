"""The footer: the keys that matter here, from the commands' own declarations."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from textual.content import Content
from textual.reactive import reactive

from warroom.config.keys import KEYS, key_words
from warroom.console.canvas import Canvas
from warroom.console.commands.base import Command
from warroom.console.look import Look
from warroom.text import safe

GAP = 3
"""Cells between two commands."""
NARROW = 100
"""Columns under which a page's name gives way to keys, and long words to short ones."""

TURNS = ("previous_page", "next_page")
"""The commands that turn the page, by id."""
CALM = ("actions", "declare", "playbooks", "expand", "acknowledge", "probe")
OPEN = ("actions", "message", "playbooks", "incident", "expand", "resolve", "acknowledge", "probe")
"""What comes first while no incident is open, and while one is: ids, the most important first."""


def in_order(commands: Iterable[Command], *, incident: bool) -> list[Command]:
    """The commands as they are needed: another incident is rarely declared while one is open."""
    first = OPEN if incident else CALM
    unfit = {"declare"} if incident else {"message", "incident", "resolve"}
    place = {name: at for at, name in enumerate(first)}
    found = [command for command in commands if command.id not in unfit]
    return sorted(found, key=lambda command: place.get(command.id, len(place)))


class Footer(Canvas):
    """One line of keys; what does not fit is left to ``?``."""

    page: reactive[str] = reactive("", init=False, repaint=False)
    """Which page this is, in a few words."""

    watching: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether this console may only watch: what it is refused is not offered."""

    incident: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the incident that is shown is open."""

    of_all: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether this is the page of all panels: the key that led here leads back."""

    without: reactive[AbstractSet[str]] = reactive(frozenset(), init=False, repaint=False)
    """The ids of what is refused on this page, whatever the cursor stands on."""

    def __init__(
        self,
        commands: Sequence[Command],
        keys: dict[str, str],
        *,
        look: Look,
        ahead: Sequence[Command] = (),
    ) -> None:
        super().__init__(id="footer")
        self.commands = commands
        self.ahead = ahead
        """What this screen alone has: before all others, and help right behind it."""
        self.keys = keys
        self.look = look

    def draw(self, width: int, height: int) -> list[Content]:
        page = self._page(width)
        parts = self._fitting(width - page.cell_length - 1, narrow=width < NARROW)
        keys = Content.assemble(" ", Content(" " * GAP).join(parts))
        if not page:
            return [keys]
        free = max(width - keys.cell_length - page.cell_length, 0)
        return [Content.assemble(keys, " " * free, page)]

    def _fitting(self, room: int, *, narrow: bool) -> list[Content]:
        """As many commands as there is room for; help is always among them, for it tells all."""
        ordered = in_order(self.commands, incident=self.incident)
        if self.ahead:
            # On 80 columns there is no room for what is left.
            ordered = [*self.ahead, *sorted(ordered, key=lambda command: command.id != "help")]
        ordered.sort(key=lambda command: not self._leads_back(command))
        found = [(c.id, self._part(c, narrow=narrow)) for c in ordered if self._offered(c)]
        kept = next((part.cell_length + GAP for name, part in found if name == "help"), 0)
        parts: list[Content] = []
        for name, part in found:
            kept = 0 if name == "help" else kept
            if part.cell_length + GAP + kept <= room + GAP:
                parts.append(part)
                room -= part.cell_length + GAP
            elif kept == 0:
                break
        return parts

    def _leads_back(self, command: Command) -> bool:
        return self.of_all and command.id == "all_panels"

    def _offered(self, command: Command) -> bool:
        refused = command.id in self.without or (command.writes and self.watching)
        return bool(command.footer) and not refused

    def watch_watching(self) -> None:
        self.redraw()

    def watch_incident(self) -> None:
        self.redraw()

    def watch_of_all(self) -> None:
        self.redraw()

    def watch_without(self) -> None:
        self.redraw()

    def _part(self, command: Command, *, narrow: bool) -> Content:
        words = command.few if narrow and command.few else command.footer
        words = "back" if self._leads_back(command) else words
        key = key_words(self.keys.get(command.id, command.key))
        return Content.assemble((key, ".accent"), (f" {words}", ".dim"))

    def _page(self, width: int) -> Content:
        """Which page this is, and the keys that turn it: its number alone where there is no room
        for its name. It keeps a gap before it: "help1/2" is no word."""
        shown = self.look.plain(safe(self.page, 40))
        if not shown:
            return Content("")
        keys = " ".join(key_words(self.keys.get(name, KEYS[name])) for name in TURNS)
        number = shown if width >= NARROW else shown.partition(" ")[0]
        return Content.assemble("  ", (keys, ".accent"), (f" {number} ", ".dim"))

    def watch_page(self) -> None:
        self.redraw()
