"""Panels that are too low for a frame show their worst all the same."""

import pytest

from tests.ui.boards import outage
from tests.ui.consoles import console
from warroom.config.local import LocalPage
from warroom.console.low import FLAT
from warroom.console.panel import Panel

MANY = (LocalPage("all", ("health", "signals", "onset", "resources")),)


@pytest.mark.parametrize("rows", [15, 16, 18])
async def test_each_says_what_is_worst_however_low_it_is(rows):
    app = console(outage(), pages=MANY)
    async with app.run_test(size=(60, rows)) as pilot:
        await pilot.pause()
        await pilot.pause()
        panels = [panel for panel in app.screen.query(Panel) if panel.size.area]
        low = [panel for panel in panels if panel.size.height < FLAT]
        assert low or rows > 15
        for panel in low:
            lines = [line.plain for line in panel.draw(*panel.size)]
            assert len(lines) <= panel.size.height
            if panel.view().sources:
                assert "SEV1 DOWN" in lines[1], lines
