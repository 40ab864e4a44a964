"""Which source kinds are installed: ours and strangers', by the same door."""

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from warroom.config.settings import SourceSettings
from warroom.sources.base import Source

GROUP = "warroom.sources"
_OURS = "warroom"


class Installed(Mapping[str, type[Source] | Exception]):
    """Every kind by its name; a plugin that cannot be used stands there as its error.

    A kind of ours is imported when it is first looked at: a room without Redis does not wait
    for its driver. Strangers' are judged at once, so that one that is broken can be named.
    """

    def __init__(self, entries: dict[str, list[EntryPoint]]) -> None:
        self._entries = entries
        self._loaded = {
            name: _kind(name, found)
            for name, found in entries.items()
            if not any(_is_ours(entry) for entry in found)
        }

    @property
    def broken(self) -> dict[str, Exception]:
        """Those that cannot be used, of the strangers' and of what was looked at."""
        return {name: e for name, e in sorted(self._loaded.items()) if isinstance(e, Exception)}

    def __getitem__(self, name: str) -> type[Source] | Exception:
        if name not in self._loaded:
            self._loaded[name] = _kind(name, self._entries[name])
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def discover() -> Installed:
    """The kinds that are installed.

    Two plugins of one name: ours is kept, and of two strangers neither, for nobody could
    say which of them watches.
    """
    found: dict[str, list[EntryPoint]] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        found.setdefault(entry.name, []).append(entry)
    return Installed(found)


def _is_ours(entry: EntryPoint) -> bool:
    return entry.dist is not None and entry.dist.name == _OURS


def _kind(name: str, entries: list[EntryPoint]) -> type[Source] | Exception:
    ours = [entry for entry in entries if _is_ours(entry)]
    if len(entries) > 1 and not ours:
        packages = ", ".join(sorted(entry.dist.name for entry in entries if entry.dist is not None))
        return ImportError(f"several packages bring it: {packages}")
    return _loaded(name, (ours or entries)[0])


def _loaded(name: str, entry: EntryPoint) -> type[Source] | Exception:
    try:
        kind = entry.load()
    except Exception as error:  # noqa: BLE001 - a stranger's module, run for the first time
        return error
    except SystemExit as error:
        return ImportError(f"{entry.value} ended the program when it was imported: {error}")
    if not (isinstance(kind, type) and issubclass(kind, Source)):
        return TypeError(f"{entry.value} is no warroom.sources.base.Source")
    if getattr(kind, "kind", None) != name:
        return TypeError(f'{entry.value} does not say kind = "{name}"')
    settings = getattr(kind, "Settings", None)
    if not (isinstance(settings, type) and issubclass(settings, SourceSettings)):
        return TypeError(f"{entry.value} has no Settings that are SourceSettings")
    if _is_ours(entry):
        return kind
    return _built(settings) or kind


def _built(settings: type[SourceSettings]) -> Exception | None:
    """Why a stranger's model is none; it is built here, not with the file it is to judge."""
    try:
        settings.model_rebuild()
    except Exception as error:  # noqa: BLE001 - a stranger's annotations, read for the first time
        return error
    return None
