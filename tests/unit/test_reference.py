"""The pages of ``docs/`` that are made from the code are what it says now, all of it."""

import re
from pathlib import Path

import pytest

from docs.reference import configuration, keys, sources
from tests.unit.test_config_example import all_keys
from warroom.config.document import parse
from warroom.config.key_ids import LOCAL
from warroom.config.keys import KEYS
from warroom.config.load import validate
from warroom.sources.meanings import explaining
from warroom.sources.registry import discover

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()
KINDS = [kind for kind in discover().values() if kind.__module__.startswith("warroom.")]


@pytest.mark.parametrize("name", ["sources", "configuration", "keys"])
def test_the_page_is_what_would_be_made_now(name):
    page = (ROOT / f"docs/{name}.md").read_text()
    made = {"sources": sources, "configuration": configuration, "keys": keys}[name].page()
    assert page == made, "type make reference"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_figure_of_the_example_has_a_meaning_and_every_meaning_a_figure(kind):
    figures = sources.declared(kind)
    assert figures, f"config.toml.example has no source of the kind {kind.kind}"
    explained = {figure: explaining(kind, figure) for figure in figures}
    missing = [figure for figure, by in explained.items() if by is None]
    assert not missing, f"{kind.__name__}.meanings says nothing of {missing}"
    idle = set(kind.meanings) - set(explained.values())
    assert not idle, f"{kind.__name__}.meanings explains what is not declared: {idle}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_option_and_every_figure_stands_in_the_page(kind):
    page = (ROOT / "docs/sources.md").read_text()
    own = page.partition(f"\n## {kind.kind}\n")[2].partition("\n## ")[0]
    shared = page.partition("\n## What all kinds share\n")[2].partition("\n## ")[0]
    for name, field in kind.Settings.model_fields.items():
        option = field.alias or name
        assert f"| `{option}` |" in own or f"| `{option}` |" in shared, option
    for name, meaning in kind.meanings.items():
        assert f"| `{name}` |" in own, name
        assert f"| {meaning} |" in own, name


OPTIONS = {path for path in all_keys() if path[0] not in ("sources", "keys")}
"""Every key but those of the kinds of sources, which have their own page."""


def section(name: str) -> str:
    return CONFIGURATION.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", sorted({path[0] for path in OPTIONS}))
def test_every_key_of_a_section_stands_in_it_and_is_told(name: str) -> None:
    text = section(name)
    assert f"| [{name}](#{name}) |" in CONFIGURATION
    for path in OPTIONS:
        if path[0] == name and len(path) > 1 and path[-1] != "*":
            assert re.search(rf"^\| `{path[-1]}` \| \S", text, re.MULTILINE), ".".join(path)


def test_every_table_says_what_it_is_for_and_every_row_what_is_meant() -> None:
    assert not re.search(r"^Under .*:$", CONFIGURATION, re.MULTILINE)
    assert not re.search(r"^\| `[^`]+` \|  \|", CONFIGURATION, re.MULTILINE)


def test_every_command_stands_there_with_its_key() -> None:
    for command, key in KEYS.items():
        assert f"| `{command}` | `{key}` |" in section("keys")


def test_every_id_stands_in_the_page_of_keys():
    page = (ROOT / "docs/keys.md").read_text()
    for name, key in LOCAL.items():
        lines = re.findall(rf"^\| `{re.escape(name)}` \|.*", page, re.MULTILINE)
        assert any(key.does in line for line in lines), name


def test_the_keys_that_the_page_gives_as_an_example_are_good():
    written = (ROOT / "docs/keys.md").read_text().partition("```toml\n")[2].partition("```")[0]
    document = parse(Path("/c.toml"), f'version = 1\n[room]\nname = "x"\n{written}'.encode())
    assert validate(document, {}).keys["acknowledge"] == "k,K"


def test_every_kind_of_source_leads_to_its_place() -> None:
    page = (ROOT / "docs/sources.md").read_text()
    for kind in KINDS:
        assert f"(sources.md#{kind.kind})" in section("sources")
        assert f"\n## {kind.kind}\n" in page
