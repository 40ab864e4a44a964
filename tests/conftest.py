"""Options for all tests."""

import pytest
from hypothesis import settings

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


@pytest.fixture
def repetitions(request):
    """How often to do the damage."""
    return request.config.getoption("--repetitions")


def pytest_collection_modifyitems(items):
    """The longest first: what is grouped stays with one worker, what does damage is repeated."""
    items.sort(key=lambda item: [not item.get_closest_marker(m) for m in ("xdist_group", "faults")])
