"""A console that only watches: whatever it sends, nothing is written and nothing is done."""

import pytest

from tests.live.rooms import Room, hello, room
from tests.unit.planted import struct
from warroom.attach.spawn import reach
from warroom.engine.desk import NEEDS
from warroom.engine.gate import GRANTS
from warroom.incident.actor import WARROOM
from warroom.journal.reading import Reading
from warroom.wire import Declare, Grant

__all__ = ["room"]

ACTION = """
[actions.calm]
kind = "command"
title = "Calm it"
danger = "mild"
argv = ["touch", "ran"]
"""


@pytest.mark.long
@pytest.mark.parametrize("share", [False, True])
async def test_nothing_that_writes_or_acts_is_done_for_a_console_that_watches(
    room: Room, share: bool
) -> None:
    room.write(more=ACTION)
    async with await room.attach() as ours:
        await ours.request(Declare(ref=0, once="x", title="Slow", level="SEV2"))
        reading = Reading(room.paths.journal)
        before = _by_people(reading)
        for granted in ("watch", "note"):
            await _try_all(room, granted, share=share)
        assert _by_people(reading) == before
        assert len(reading.incidents()) == 1
        reading.close()
        assert not (room.folder / "ran").exists()
        assert ours.lost == ""


def _by_people(reading: Reading) -> list[int]:
    """What was not written by the engine itself."""
    entries = reading.all_of(reading.incidents()[0])
    return [one.number for one in entries if one.actor != WARROOM]


async def _try_all(room: Room, granted: Grant, *, share: bool) -> None:
    said = hello(granted)
    said = type(said)(**{**{f: getattr(said, f) for f in said.__struct_fields__}, "share": share})
    async with await reach(room.paths, said) as theirs:
        assert theirs.welcome.granted == granted
        for kind, needed in NEEDS.items():
            if GRANTS.index(needed) > GRANTS.index(granted):
                answer = await theirs.request(struct(kind))
                assert not answer.ok
                assert answer.message == f"this console may {granted}, this needs {needed}"
                assert answer.entry is None
