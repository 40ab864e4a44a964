"""Which source kinds are installed: ours and strangers', by the same door."""

from importlib.metadata import EntryPoint, entry_points

from warroom.config.settings import SourceSettings
from warroom.sources.base import Source

GROUP = "warroom.sources"
_OURS = "warroom"


def discover() -> dict[str, type[Source] | Exception]:
    """Every kind by its name; a plugin that cannot be used stands there as its error.

    Two plugins of one name: ours is kept, and of two strangers neither, for nobody could
    say which of them watches.
    """
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        found.setdefault(entry.name, []).append(entry)
    return {name: _kind(name, entries) for name, entries in sorted(found.items())}


def _kind(name: str, entries: list[EntryPoint]) -> type[Source] | Exception:
    ours = [entry for entry in entries if entry.dist is not None and entry.dist.name == _OURS]
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
    return kind
