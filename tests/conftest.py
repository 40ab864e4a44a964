"""Options for all tests."""

import os
from functools import partial

import pytest
from hypothesis import settings

from tests.trapping import Trapping

# What is told beside UTC is the person's zone; pictures are the same on every machine.
os.environ["TZ"] = "UTC"

# How long one example takes is the machine's affair: no test asserts a time.
settings.register_profile("house", deadline=None, max_examples=40)
settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption(
        "--repetitions",
        type=int,
        default=20,
        help="how often a fault test does its damage (make faults: 200)",
    )
    parser.addoption(
        "--traps", action="store_true", help="tell of the run by traps, and write docs/faults.md"
    )


def pytest_configure(config):
    if config.getoption("--traps") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Trapping())


@pytest.fixture
def repetitions(request):
    """How often to do the damage."""
    return request.config.getoption("--repetitions")


@pytest.fixture
def measured(record_property):
    """Takes the words of what was measured, which are told beside the trap."""
    return partial(record_property, "measured")


def pytest_collection_modifyitems(items):
    """The longest first: what is grouped stays with one worker, what does damage is repeated."""
    items.sort(key=lambda item: [not item.get_closest_marker(m) for m in ("xdist_group", "faults")])
