"""``[checks.NAME]``: each table by the model of its kind, and what it names looked up."""

from collections.abc import Mapping

from warroom.config.checks_settings import KINDS, CheckSettings
from warroom.config.problems import Problems, nearest
from warroom.config.section import section

_KIND_OF = {"sql": "postgres", "redis": "redis"}
"""By kind of check: the kind of source it asks."""


def build_checks(
    table: object, sources: Mapping[str, str], problems: Problems
) -> dict[str, CheckSettings]:
    """Every check that is valid, in the file's order; a problem for every one that is not."""
    if not isinstance(table, dict):
        problems.add(("checks",), "must be a table", "write [checks.NAME] above each")
        return {}
    found: dict[str, CheckSettings] = {}
    for name, entry in table.items():
        place = ("checks", name)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(kind, str) or kind not in KINDS:
            problems.add(place, "has no kind of check", nearest(str(kind or ""), KINDS, "kinds"))
            continue
        settings = section(KINDS[kind], entry, place, problems)
        if settings is None:
            continue
        wanted, source = _KIND_OF.get(kind), getattr(settings, "source", "")
        if wanted is not None and sources.get(source) != wanted:
            known = [one for one, is_kind in sources.items() if is_kind == wanted]
            words = f"there is no source {source} of kind {wanted}"
            problems.add((*place, "source"), words, nearest(source, known, "sources"))
        found[name] = settings
    return found
