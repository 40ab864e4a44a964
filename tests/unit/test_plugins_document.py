"""``docs/plugins.md`` quotes what there is: its code is the packages' own, its links lead."""

import re
from pathlib import Path

import pytest

from warroom.config.document import parse
from warroom.config.load import validate

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "plugins.md").read_text()
PACKAGE = DOCS.parent / "tests/plugin/warroom-heartbeat"
QUOTED = re.findall(r"^\[[\w.]+\]\(([^)]+)\)\n\n```\w+\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
CONFIGURED = re.findall(r"^```toml\n(\[sources\..*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("link", "block"), QUOTED, ids=range(len(QUOTED)))
def test_every_block_of_code_is_quoted_from_the_file_it_names(link, block):
    assert block in (DOCS / link).read_text()


def test_no_block_of_code_is_quoted_from_nowhere():
    assert len(re.findall(r"^```(?:python|toml)$", TEXT, re.MULTILINE)) == (
        len(QUOTED) + len(CONFIGURED)
    )
    assert len(QUOTED) > 10


def test_the_configuration_it_shows_loads(monkeypatch):
    monkeypatch.syspath_prepend(str(PACKAGE))
    from warroom_heartbeat.source import HeartbeatSource

    for block in CONFIGURED:
        text = f'version = 1\n[room]\nname = "x"\n{block}'
        kinds = {"heartbeat": HeartbeatSource}
        config = validate(parse(DOCS / "warroom.toml", text.encode()), kinds)
        assert config.sources["backup"].late_after == 90_000.0


@pytest.mark.parametrize(
    "page", ["plugins.md", "sources.md", "configuration.md", "architecture.md"]
)
def test_every_link_of_the_pages_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)\)", (DOCS / page).read_text()):
        assert (DOCS / link).exists(), link


def test_every_module_of_the_package_is_short_enough_to_be_read():
    for module in (PACKAGE / "warroom_heartbeat").glob("*.py"):
        assert len(module.read_text().splitlines()) <= 90, module
