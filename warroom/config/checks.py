"""``[checks.NAME]``: each table by the model of its kind, and what it names looked up."""

import re
from collections.abc import Mapping

from warroom.config.checks_settings import KINDS, CheckSettings
from warroom.config.problems import Problems, nearest
from warroom.config.rules import check_source
from warroom.config.section import section

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
MOST = 100
_ASKS = {"sql": "postgres", "redis": "redis"}
"""By kind of check: the kind of source whose server it asks."""


def build_checks(
    table: object, sources: Mapping[str, str], problems: Problems
) -> dict[str, CheckSettings]:
    """Every check that is valid, in the file's order; a problem for every one that is not.
    ``sources`` are the kinds by name."""
    if not isinstance(table, dict):
        problems.add(("checks",), "must be a table", "write [checks.NAME] above each")
        return {}
    if len(table) > MOST:
        problems.add(("checks",), f"{len(table)} are too many; {MOST} is the most")
    found: dict[str, CheckSettings] = {}
    for name, entry in table.items():
        settings = _check(name, entry, sources, problems)
        if settings is not None:
            found[name] = settings
    return found


def _check(
    name: str, table: object, sources: Mapping[str, str], problems: Problems
) -> CheckSettings | None:
    """One check, with a title; what it names is looked up even where the rest is wrong."""
    place = ("checks", name)
    if not _NAME.match(name):
        problems.add(place, "is no name for a check", "a-z, 0-9, _ and -; a letter first")
    if not isinstance(table, dict):
        problems.add(place, "must be a table", f"write [checks.{name}]")
        return None
    kind, source = table.get("kind"), table.get("source")
    if not isinstance(kind, str) or kind not in KINDS:
        if kind is None:
            problems.add(place, "has no kind", f"write kind = …; there are: {', '.join(KINDS)}")
        else:
            hint = nearest(str(kind), KINDS, "kinds")
            problems.add((*place, "kind"), f"{kind} is no kind of check", hint)
        return None
    if kind in _ASKS and isinstance(source, str):
        check_source(source, _ASKS[kind], (*place, "source"), sources, problems)
    settings = section(KINDS[kind], table, place, problems)
    if settings is None or settings.title:
        return settings
    words = name.replace("-", " ").replace("_", " ").strip()
    return settings.model_copy(update={"title": words})
