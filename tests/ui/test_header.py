"""The header at every width: the level is always there, and as much of the cause as can be."""

import pytest

from tests.ui import boards
from tests.ui.consoles import console
from tests.ui.test_console import screen_text, started
from warroom.console.header import CAUSE, Cells
from warroom.console.look import Look
from warroom.wire import Board

WORDS = "requests fail: error_rate 8.257 %, over 5 %"


def board(**room):
    view = boards.room("SEV2", "shop", WORDS, **room)
    return Board(room=view, sources=(boards.metrics(level="SEV2", cause=WORDS),))


def renamed(board, **names):
    return Board(room=type(board.room)(**{**as_dict(board.room), **names}), sources=board.sources)


def as_dict(room):
    return {name: getattr(room, name) for name in room.__struct_fields__}


async def top(shown, width, height=24, **options):
    async with console(shown, **options).run_test(size=(width, height)) as pilot:
        return screen_text(await started(pilot)).splitlines()[0]


@pytest.mark.trap(
    16, "a mismatch in the header at every width", "shouted, and the level keeps its place"
)
@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("proof", ["configured", "proven", "mismatch"])
async def test_long_names_never_take_the_levels_place(width, proof):
    long = renamed(
        board(),
        name="a room of twenty-nine letters",
        environment="production-europe-w1",
        proof=proof,
        environment_seen="staging-europe-west1",
    )
    shown = await top(long, width)
    assert "▲ SEV2  shop: " in shown
    assert "●" in shown
    assert "PROD" in shown
    assert (" ≠ STAG" in shown) == (proof == "mismatch")


async def test_at_80_columns_the_names_give_way_to_the_cause():
    long = renamed(
        board(), name="a room of twenty-nine letters", environment="production-europe-w1"
    )
    shown = await top(long, 80)
    assert "shop: requests fail: error_r" in shown
    assert "PRODUCTION-EUROPE-W1  cfg" in shown
    assert "a room" not in shown
    assert "engine" not in shown
    shown = await top(long, 120)
    assert "shop: requests fail: error_rate 8.257 %" in shown
    assert "PRODUCTION-EUROPE-W1" in shown
    assert "14:07:10Z" in shown


async def test_the_number_of_the_cause_is_not_cut_in_a_room_with_a_short_name():
    demo = renamed(board(), environment="demo", proof="proven")
    assert "error_rate 8.257 %" in await top(demo, 80)


async def test_with_room_for_all_nothing_gives_way():
    shown = await top(board(), 120)
    assert "PRODUCTION  shop configured" in shown
    assert shown.rstrip().endswith("14:07:10Z  ● engine")


def test_what_gives_way_goes_in_its_order():
    def cells(width):
        return Cells.of(width, 11, 60, 16, 10, 9, 10)

    seen = [cells(width) for width in range(110, 40, -1)]
    lost = [
        next(at for at, part in enumerate(seen) if given(part))
        for given in (
            lambda part: 0 < part.name < 10,
            lambda part: part.name == 0,
            lambda part: part.link == 3,
            lambda part: part.clock == 7,
            lambda part: part.clock == 0,
            lambda part: part.block < 16,
        )
    ]
    assert lost == sorted(lost)
    for width in range(60, 200):
        part = cells(width)
        rest = width - part.block - part.name - part.link - part.clock - 1
        assert rest >= 11 + CAUSE or part.name == part.clock == 0


async def test_a_resized_terminal_is_shared_out_again():
    async with console(board()).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        await pilot.pause()
        shown = screen_text(app).splitlines()[0]
        assert "▲ SEV2  shop: requests fail" in shown
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        await pilot.pause()
        assert "● engine" in screen_text(app).splitlines()[0]


async def test_in_ascii_the_header_is_ascii():
    long = renamed(board(), proof="mismatch", environment_seen="staging")
    shown = await top(long, 60, 15, look=Look(unicode=False))
    assert shown.isascii()
    assert "SEV2" in shown
