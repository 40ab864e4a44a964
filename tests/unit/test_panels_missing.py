"""What an empty panel says is to be written is what the file takes."""

import importlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.ui import boards
from tests.ui.views import view
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.sources.registry import discover

PANELS = (
    *("health", "connections", "slow_queries", "queues", "redis"),
    *("vendors", "deployments", "tracker", "names"),
)


@pytest.mark.parametrize("name", PANELS)
def test_the_lines_load_as_they_stand(name):
    panel = importlib.import_module(f"panels.{name}")
    shown = [line.plain for line in panel.body(view(replace(boards.good(), sources=())), 80, 20)]
    assert shown[0].startswith("No ")
    begins = next(n for n, line in enumerate(shown) if line.startswith("["))
    written = "\n".join(shown[begins:])
    document = f'version = 1\n[room]\nname = "empty"\n{written}'
    assert validate(parse(Path("warroom.toml"), document.encode()), discover()).sources
