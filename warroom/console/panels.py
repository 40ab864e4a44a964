"""Finding panels: by entry point, so that a stranger's comes in by the same door."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution, entry_points

from warroom.config.local import panel_and_sources
from warroom.console.compact import Listed
from warroom.console.look import Look
from warroom.console.panel import Panel
from warroom.console.stand_ins import MissingPanel
from warroom.text import safe

GROUP = "warroom.panels"


class PanelTypes:
    """The installed panels; each is loaded only when a page shows it.

    Our own distribution is asked first: reading one costs a millisecond, reading all that
    are installed twenty, and the first frame waits for it.
    """

    @cached_property
    def _ours(self) -> dict[str, EntryPoint]:
        try:
            return _named(distribution("warroom").entry_points.select(group=GROUP))
        except PackageNotFoundError:
            return {}

    @cached_property
    def _strangers(self) -> dict[str, list[EntryPoint]]:
        found: dict[str, list[EntryPoint]] = {}
        for point in entry_points(group=GROUP):
            if point.name not in self._ours:
                found.setdefault(point.name, []).append(point)
        return found

    def of_page(self, written: Sequence[str]) -> list[Callable[..., Panel]]:
        """The page's panels (NAME, or NAME:SOURCE,SOURCE for these sources only); in place of
        one that cannot be had, one that says why."""
        return [_maker(listed) for listed in self.listed(written)]

    def listed(self, written: Sequence[str]) -> list[Listed]:
        """The page's entries, each with its panel's class."""
        taken = [panel_and_sources(entry) for entry in written]
        return [Listed(name, only, self.load(name)) for name, only in taken]

    def load(self, name: str) -> type[Panel] | str:
        """One panel's class, or why there is none."""
        point = self._ours.get(name)
        if point is None:
            points = self._strangers.get(name, [])
            if len(points) > 1:  # nobody could say which of them draws
                brought = ", ".join(sorted(p.dist.name for p in points if p.dist is not None))
                return f"Several packages bring the panel {name!r}: {brought}"
            point = points[0] if points else None
        if point is None:
            there = ", ".join(sorted({*self._ours, *self._strangers})) or "none"
            return f"There is no panel {name!r}; installed are: {there}"
        try:
            loaded = point.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's module
            return f"The panel {name!r} does not load: {type(error).__name__}: {safe(str(error))}"
        if not (isinstance(loaded, type) and issubclass(loaded, Panel)):
            return f"The panel {name!r} is no warroom.console.panel.Panel: {point.value}"
        return loaded


def _maker(listed: Listed) -> Callable[..., Panel]:
    found = listed.found
    if isinstance(found, str):
        return partial(MissingPanel, found)
    return partial(_made, listed.name, found, listed.only)


def _made(
    name: str, panel: type[Panel], only: tuple[str, ...], *, look: Look, number: int
) -> Panel:
    """The panel; what says why, in place of one that cannot be made."""
    try:
        return panel(look=look, number=number, only=only)
    except Exception as error:  # noqa: BLE001 - a stranger's panel may raise anything
        words = f"The panel {name!r} cannot be made: {type(error).__name__}: {safe(str(error))}"
        return MissingPanel(words, look=look, number=number)


def _named(points: Iterable[EntryPoint]) -> dict[str, EntryPoint]:
    return {point.name: point for point in points}
