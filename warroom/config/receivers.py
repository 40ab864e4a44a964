"""``[receivers.NAME]``: each table by the model of its kind."""

import re
from collections.abc import Collection
from typing import Any

from warroom.config.problems import Problems, nearest
from warroom.config.procedures_names import steps, texts
from warroom.config.receivers_settings import KINDS, PURPOSES, ReceiverSettings
from warroom.config.section import section
from warroom.incident.outward import CLIPBOARD, Receiver
from warroom.severity import Scale

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
MOST = 40


def build_receivers(
    tables: object, sources: Collection[str], scale: Scale | None, problems: Problems
) -> dict[str, ReceiverSettings]:
    """Every receiver that is valid, in the file's order; a problem for every one that is not."""
    found: dict[str, ReceiverSettings] = {}
    if not isinstance(tables, dict):
        problems.add(("receivers",), "must be a table", "write [receivers.NAME] above each")
        return found
    if len(tables) > MOST:
        problems.add(("receivers",), f"{len(tables)} are too many; {MOST} is the most")
    for name, table in tables.items():
        settings = _receiver(name, table, problems)
        if isinstance(table, dict):
            _names(name, table, sources, scale, problems)
        if settings is not None:
            found[name] = settings
    return found


def _receiver(name: str, table: object, problems: Problems) -> ReceiverSettings | None:
    place = ("receivers", name)
    if not _NAME.match(name):
        problems.add(place, "is no name for a receiver", "a-z, 0-9, _ and -; a letter first")
    elif name == CLIPBOARD:
        problems.add(place, "is what is copied by hand", "call it something else")
    kind = table.get("kind") if isinstance(table, dict) else None
    if isinstance(table, dict) and (not isinstance(kind, str) or kind not in KINDS):
        known = ", ".join(KINDS)
        if kind is None:
            problems.add(place, "has no kind", f"write kind = …; there are: {known}")
        else:
            hint = nearest(str(kind), KINDS, "kinds")
            problems.add((*place, "kind"), f"{kind} is no kind of receiver", hint)
        return None
    return section(KINDS[str(kind)] if kind else ReceiverSettings, table, place, problems)


def _names(
    name: str,
    table: dict[str, Any],
    sources: Collection[str],
    scale: Scale | None,
    problems: Problems,
) -> None:
    """What it names is looked up even where the rest of it is wrong."""
    place = ("receivers", name)
    steps(table, "levels", place, scale, problems)
    severity = table.get("severity")
    if isinstance(severity, dict) and scale is not None:
        for level in severity:
            if scale.index(level) is None:
                hint = nearest(level, scale.names, "steps")
                problems.add((*place, "severity", level), f"{level} is no step of the scale", hint)
    for here, source in texts(table.get("sources"), (*place, "sources")):
        if source not in sources:
            hint = nearest(source, sources, "sources")
            problems.add(here, f"there is no source {source}", hint)


def public_facts(receivers: dict[str, ReceiverSettings]) -> tuple[Receiver, ...]:
    """What everybody may know of them, in the same order."""
    return tuple(
        Receiver(
            name=name,
            kind=settings.kind,  # type: ignore[arg-type]
            title=settings.title,
            where=settings.where,
            public=settings.public,
            purposes=PURPOSES[settings.kind] if settings.purposes is None else settings.purposes,
            levels=settings.levels,
            sources=settings.sources,
        )
        for name, settings in receivers.items()
    )
