"""The room's pages: those of the configuration, and the one that every room has besides."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from warroom.config.local import LocalPage
from warroom.console.stand_ins import EmptyPanel

if TYPE_CHECKING:
    from warroom.console.compact import Place
    from warroom.console.panels import PanelTypes
    from warroom.console.screens.room import PanelMaker

ALL_PANELS = LocalPage("all panels", ())
"""A line for each panel of all the others."""


class Pages:
    """Which page is shown, and what is on it. Panels are looked for when the first is asked for."""

    def __init__(self, written: Sequence[LocalPage], types: Callable[[], "PanelTypes"]) -> None:
        self._pages = (*written, ALL_PANELS)
        self._make_types = types
        self.now = 0
        """The page that is shown, counted from 0."""
        self._before = 0

    @property
    def label(self) -> str:
        """``2/6 database``."""
        return f"{self.now + 1}/{len(self._pages)} {self._pages[self.now].name}"

    def turn(self, by: int) -> None:
        """To a page further on, or back; round at the ends."""
        self.now = (self.now + by) % len(self._pages)

    def all_or_back(self) -> int:
        """The page of all panels; from there the one it was come from."""
        if self.of_all:
            return self._before
        self._before = self.now
        return len(self._pages) - 1

    @property
    def of_all(self) -> bool:
        """Whether the page of all panels is shown."""
        return self._pages[self.now] is ALL_PANELS

    def frames(self) -> list["PanelMaker"]:
        """Empty frames for the first paint."""
        return [partial(EmptyPanel, name) for name in self._pages[self.now].panels]

    def panels(self) -> list["PanelMaker"]:
        """The panels of the page that is shown."""
        page = self._pages[self.now]
        if page is not ALL_PANELS:
            return list(self._types.of_page(page.panels))
        from warroom.console.compact import CompactPanel

        return [partial(CompactPanel, self.places())]

    def panel(self, name: str) -> "PanelMaker":
        """One panel by its name, on whatever page."""
        return self._types.of_page((name,))[0]

    def places(self) -> "tuple[Place, ...]":
        """Every panel of every page of the configuration, once."""
        from warroom.console.compact import Place

        found: dict[tuple[str, tuple[str, ...]], Place] = {}
        for at, page in enumerate(self._pages):
            for number, listed in enumerate(self._types.listed(page.panels), 1):
                found.setdefault((listed.name, listed.only), Place(at, number, listed))
        return tuple(found.values())

    @cached_property
    def _types(self) -> "PanelTypes":
        return self._make_types()
