"""The demo's figures come at once, whatever is on: what watches it must not wait."""

import time

import pytest

from tests.live.demo_shop import DemoShop, demo_shop
from warroom.demo import control

AT_ONCE = 1.0
"""Seconds within which metrics and health must come."""
LOOKING = 1.5
"""Seconds for which both are asked again and again: a fault takes a moment to bite."""


@pytest.mark.alone
def test_figures_come_at_once_whatever_is_on() -> None:
    with demo_shop() as shop:
        for fault in control.faults(shop.production.control):
            shop.switch(fault.name, True)
            slowest = max(looked(shop), key=lambda page: page[0])
            assert slowest[0] < AT_ONCE, f"{slowest[1]} with {fault.name} on: {slowest[0]:.2f} s"
            shop.all_off()


def looked(shop: DemoShop) -> list[tuple[float, str]]:
    """How long each page took."""
    found = []
    end = time.monotonic() + LOOKING
    while time.monotonic() < end:
        for path in ("/metrics", "/api/health"):
            began = time.monotonic()
            assert shop.http.get(path).text
            found.append((time.monotonic() - began, path))
    return found
