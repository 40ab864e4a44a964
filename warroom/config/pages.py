"""``[keys]`` and ``[[pages]]``: what a console shows, and on which keys."""

from typing import Any

from warroom.config.key_ids import flat
from warroom.config.lines import Path as Place
from warroom.config.local import DEFAULT_PAGES
from warroom.config.names import Names, check_keys, check_panels
from warroom.config.problems import Problems
from warroom.config.section import section, tables
from warroom.config.settings import PageSettings


def build_keys(table: object, problems: Problems) -> dict[str, str]:
    """``[keys]``: id to key, as it is written, after a problem for each that cannot be."""
    if not isinstance(table, dict):
        problems.add(("keys",), "must be a table")
        return {}
    places: dict[str, Place] = {}
    keys: dict[str, str] = {}
    for name, key in flat(table).items():
        outer, _, word = name.partition(".")
        places[name] = ("keys", name) if name in table else ("keys", outer, word)
        if isinstance(key, str):
            keys[name] = key
        else:
            problems.add(places[name], 'must be a key\'s name in quotes, such as "z"')
    check_keys(keys, places, problems)
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
