"""Each fault of the demo that has a playbook proposes it first, by a real engine's polls of the
real shop; when the fault is off nothing is proposed any more."""

import pytest

from tests.live.demo_playbooks import CASES, gone, proposed_first
from tests.live.test_demo_levels import demo, switch, watching
from warroom.demo.production import Production

__all__ = ["demo"]

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.long]  # one such demo at a time


async def test_each_fault_proposes_its_playbook_first_until_it_is_off(demo: Production) -> None:
    async with watching(demo) as room:
        await gone(room, "the start")
        late = []
        for name in CASES:
            await switch(demo, name, True)
            late += await proposed_first(room, name)
            await switch(demo, name, False)
            await gone(room, name)
        assert not late
