"""``[keys]`` and ``[[pages]]``: what a console shows, and on which keys."""

from typing import Any

from warroom.config.local import DEFAULT_PAGES
from warroom.config.names import Names, check_keys, check_panels
from warroom.config.problems import Problems
from warroom.config.section import section, tables
from warroom.config.settings import PageSettings


def build_keys(table: object, names: Names, problems: Problems) -> dict[str, str]:
    """``[keys]``: command to key, as it is written, after a problem for each that cannot be."""
    if not isinstance(table, dict):
        problems.add(("keys",), "must be a table")
        return {}
    for name, key in table.items():
        if not isinstance(key, str):
            problems.add(("keys", name), 'must be a key\'s name in quotes, such as "z"')
    keys = {name: key for name, key in table.items() if isinstance(key, str)}
    check_keys(keys, names.commands, problems)
    return keys


def build_pages(
    table: dict[str, Any], known: Names, problems: Problems
) -> tuple[PageSettings, ...]:
    """``[[pages]]``, after a problem for each that cannot be; the built-in one without any."""
    pages = []
    names: set[str] = set()
    sources = table.get("sources")
    there = list(sources) if isinstance(sources, dict) else []
    for index, entry in tables(table, "pages", problems):
        page = section(PageSettings, entry, ("pages", index), problems)
        name = entry.get("name")
        if isinstance(name, str):
            if name in names:
                problems.add(("pages", index, "name"), f"there is another page named {name}")
            names.add(name)
        panels = entry.get("panels")
        if isinstance(panels, list):
            check_panels(panels, index, known.panels, there, problems)
        if page is not None:
            pages.append(page)
    default = (PageSettings(name=page.name, panels=page.panels) for page in DEFAULT_PAGES)
    return tuple(pages or default)
