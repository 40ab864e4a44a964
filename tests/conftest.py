"""Options for all tests."""

import pytest


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
    """The longest first; two demos at a time at most, for each is a machine full of processes."""
    items.sort(key=lambda item: (not is_of_demo(item), item.get_closest_marker("faults") is None))
    for item in filter(is_of_demo, items):
        group = "faults" if "faults" in item.path.name else "demo"
        item.add_marker(pytest.mark.xdist_group(group))


def is_of_demo(item):
    return item.path.parent.name == "live" and item.path.name.startswith("test_demo")
