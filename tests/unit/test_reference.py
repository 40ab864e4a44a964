"""``docs/sources.md`` is what the kinds say now, and they say what every figure means."""

import runpy
from pathlib import Path

import pytest

from warroom.sources.meanings import explaining
from warroom.sources.registry import discover

ROOT = Path(__file__).parents[2]
MAKER = runpy.run_path(str(ROOT / "docs/make_reference.py"))
KINDS = [kind for kind in discover().values() if kind.__module__.startswith("warroom.")]


def test_the_page_is_what_would_be_made_now():
    page = (ROOT / "docs/sources.md").read_text()
    assert page == MAKER["reference"](), "type make reference"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_figure_of_the_example_has_a_meaning_and_every_meaning_a_figure(kind):
    figures = MAKER["declared"](kind)
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
