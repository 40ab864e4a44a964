"""Finding panels: by entry point, so that a stranger's comes in by the same door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from warroom.console.panel import Panel
from warroom.text import safe

GROUP = "warroom.panels"


@dataclass(frozen=True)
class PanelTypes:
    """The panels that are installed, by name; each is loaded only when a page shows it."""

    known: Mapping[str, EntryPoint]

    @classmethod
    def installed(cls) -> "PanelTypes":
        return cls({point.name: point for point in entry_points(group=GROUP)})

    def of_page(self, names: Sequence[str]) -> list[type[Panel] | str]:
        """The page's panels; in place of one that cannot be had, the reason in words."""
        return [self.load(name) for name in names]

    def load(self, name: str) -> type[Panel] | str:
        """One panel's class, or why there is none."""
        point = self.known.get(name)
        if point is None:
            there = ", ".join(sorted(self.known)) or "none"
            return f"There is no panel {name!r}; installed are: {there}"
        try:
            loaded = point.load()
        except Exception as error:  # noqa: BLE001 - a stranger's module may raise anything
            return f"The panel {name!r} does not load: {type(error).__name__}: {safe(str(error))}"
        if not (isinstance(loaded, type) and issubclass(loaded, Panel)):
            return f"The panel {name!r} is no warroom.console.panel.Panel: {point.value}"
        return loaded
