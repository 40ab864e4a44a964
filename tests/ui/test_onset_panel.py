"""The panel of onsets as text: what went bad first, and what had changed before."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.onset import OnsetPanel
from tests.ui import boards
from tests.ui.boards import NOON
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.change import Change
from warroom.measure.past import Noticed, Onset, Past, Step

RED = NOON - timedelta(seconds=303)  # 14:02:07


def onset(source, rule, seconds, level="SEV2", *, figure="latency_p95", over=None):
    at = RED + timedelta(seconds=seconds)
    return Onset(
        source=source,
        signal=f"{source}.{figure}" if rule else "",
        rule=rule,
        level=level,
        at=at,
        until=None if over is None else at + timedelta(seconds=over),
    )


def change(source, what, seconds, kind="setting"):
    return Noticed(source, Change(RED + timedelta(seconds=seconds), what, kind))


def of(*onsets, changes=(), levels=(), board=boards.outage):
    return replace(board(), past=Past(onsets=onsets, changes=changes, levels=levels))


TROUBLES = (
    onset("web", "connections", 0, "SEV1"),
    onset("api", "api p95", 12),
    onset("worker", "jobs", 34, "SEV3"),
)
CHANGES = (
    change("web", "max_connections 100 → 20", -5),
    change("web", "deploy 3f2c Fix the cart", -720, "deployment"),
    change("worker", "version 1.42.0 → 1.43.0", -650, "version"),
    change("api", "version 1.42.0 → 1.43.0", -650, "version"),
    change("api", "primary → replica", 20, "role"),
)


def lines(*onsets, width=116, height=36, board=boards.outage, **more):
    options = {name: more.pop(name) for name in ("look", "cursor", "lost") if name in more}
    return text(OnsetPanel, of(*onsets, board=board, **more), width, height, **options)


def title(*onsets, **options):
    return OnsetPanel.title(view(of(*onsets), **options)).plain


def test_the_line_is_in_order_of_onset():
    shown = lines(*TROUBLES)
    assert shown == ["✖ connections 14:02:07 → ▲ api p95 14:02:19 → ◆ jobs 14:02:41"]
    assert title(*TROUBLES) == "first red 14:02:07Z"


def test_the_strip_says_how_long_before_the_first_red_something_changed():
    shown = lines(*TROUBLES, changes=tuple(sorted(CHANGES, key=lambda n: n.change.at)))
    assert shown[:4] == [
        "┊ 13:50:07 deploy 3f2c Fix the cart  12 min before the first red",
        "┊ 13:51:17 version 1.42.0 → 1.43.0  11 min before the first red",
        "  14:02:02 max_connections 100 → 20  5.0 s before the first red",
        "  14:02:27 primary → replica  20 s after the first red",
    ]
    assert shown[4:] == ["", "✖ connections 14:02:07 → ▲ api p95 14:02:19 → ◆ jobs 14:02:41"]


def test_with_little_room_deployments_before_the_red_are_what_stays():
    shown = lines(*TROUBLES, changes=CHANGES, width=56, height=4)
    assert [line.split()[1] for line in shown[:2]] == ["13:50:07", "13:51:17"]
    assert shown[2].startswith("✖ connections 14:02:07")
    assert "jobs 14:02:41" in shown[3]


def test_in_half_of_80_columns_two_deployments_do_not_read_the_same():
    both = (
        change("web", "deploy 1.43.0 Fix the cart", -720, "deployment"),
        change("web", "deploy 1.43.1", -5, "deployment"),
    )
    assert lines(*TROUBLES, changes=both, width=36, height=9)[:2] == [
        "┊ deploy 1.43.0 Fix …  12 min before",
        "┊ deploy 1.43.1  5.0 s before",
    ]
    calm = lines(changes=both, width=36, height=9, board=boards.good)
    assert calm[0] == "┊ 13:50:07 deploy 1.43.0 Fix t…  web"


def test_the_end_of_the_line_counts_what_has_no_room():
    many = tuple(onset("api", f"rule number {n}", n) for n in range(12))
    shown = lines(*many, width=50, height=3)
    assert len(shown) == 2
    assert shown[0].startswith("▲ rule number 0 14:02:07")
    assert shown[1].endswith("and 10 more")


def test_what_is_over_says_so_and_is_not_the_first_red():
    over = onset("web", "connections", -60, over=90)
    shown = lines(over, onset("api", "api p95", 12))
    assert shown == ["connections 14:01:07 (over after 90 s) → ▲ api p95 14:02:19"]
    assert title(over, onset("api", "api p95", 12)) == "first red 14:02:19Z"
    assert title(over) == "no trouble"


WEEK = 7 * 86400


def test_a_red_of_another_day_says_its_day_and_hides_nothing_that_changed_before_a_new_one():
    old = onset("worker", "certificate", -WEEK, "SEV3")
    shown = lines(old, *TROUBLES[:2], changes=CHANGES[:2])
    assert sorted(shown[:2]) == [
        "  14:02:02 max_connections 100 → 20  5.0 s before connections",
        "┊ 13:50:07 deploy 3f2c Fix the cart  12 min before connections",
    ]
    assert shown[-1] == "◆ certificate 02-25 14:02 → ✖ connections 14:02:07 → ▲ api p95 14:02:19"
    assert title(old, *TROUBLES) == "first red 02-25 14:02Z"
    (row, _) = OnsetPanel.sheet(view(of(old, TROUBLES[0])), "troubles").rows
    assert row.cells[0].text == "02-25 14:02"
    assert lines(old, changes=CHANGES[:1])[0].endswith("100 → 20  web")


def test_what_cannot_be_seen_is_no_red():
    dark = onset("api", "", 0, "CAN'T SEE")
    assert lines(dark) == ["? api not seen 14:02:07"]
    assert title(dark) == "not all is seen"
    cut_off = Onset(source="", level="CAN'T SEE", at=RED)
    assert lines(cut_off) == ["? room cut off 14:02:07"]


def test_calm_waiting_and_lost():
    assert lines(board=boards.good) == ["No trouble in the last 30 min."]
    newest = lines(changes=CHANGES[:1], board=boards.good)
    assert newest[0] == "  14:02:02 max_connections 100 → 20  web"
    assert title(lost="it ended") == "not seen any more"


def test_ascii():
    shown = lines(*TROUBLES, changes=CHANGES[1:2], look=Look(unicode=False))
    assert shown[0].startswith(": 13:50:07 deploy 3f2c")
    assert shown[-1] == "X connections 14:02:07 -> ! api p95 14:02:19 -> * jobs 14:02:41"
    assert all(line.isascii() for line in shown)


def test_a_source_that_the_page_leaves_out_is_left_out():
    board = of(*TROUBLES, changes=CHANGES)
    shown = text(OnsetPanel, board, 116, 36, only=("api",))
    assert shown[-1] == "▲ api p95 14:02:19"
    assert "3f2c" not in " ".join(shown)


def test_the_pages_of_the_expanded_panel():
    step = Step(source="api", at=RED, before="OK", level="SEV2", cause="api p95 3.0 s, over 2.0 s")
    board = of(*TROUBLES, changes=CHANGES, levels=(step,))
    shown = view(board, expanded=True)
    sheets = {name: OnsetPanel.sheet(shown, name) for name in OnsetPanel.sheets}
    cells = {name: [[c.text for c in row.cells] for row in s.rows] for name, s in sheets.items()}
    assert cells["troubles"][0] == [
        "14:02:07",
        "✖ SEV1",
        "connections",
        "web.latency_p95",
        "lasts",
    ]
    assert ["13:50:07", "deploy 3f2c Fix the cart", "12 min before", "web"] in cells["changes"]
    assert cells["levels"] == [["14:02:07", "api", "OK", "SEV2", "api p95 3.0 s, over 2.0 s"]]
    for name, found in sheets.items():
        assert len({row.key for row in found.rows}) == len(found.rows), name
        for row in found.rows:
            told = [line.plain for line in OnsetPanel.details(shown, row.key, 60)]
            assert any(row.cells[1].text.split()[-1] in line for line in told)


@given(words=HOSTILE, size=st.sampled_from([(36, 1), (56, 7), (116, 20)]))
def test_hostile_rules_and_changes(words, size):
    troubles = (onset("api", words or "x", 0), onset("web", "jobs", 3, words or "SEV1"))
    board = of(*troubles, changes=(change("api", words, -3, "deployment"),))
    harmless(contents(OnsetPanel, board, *size), *size)
    OnsetPanel.sheet(view(board, expanded=True), "troubles")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_onset_snapshots(snap_compare, size):
    pages = (LocalPage("overview", ("health", "onset")),)
    board = of(*TROUBLES, changes=tuple(sorted(CHANGES, key=lambda n: n.change.at)))
    assert snap_compare(console(board, pages=pages), terminal_size=size)


def test_what_is_over_gives_way_to_what_lasts():
    over = tuple(onset("web", f"was bad {n}", n - 90, over=30) for n in range(6))
    assert lines(*over, *TROUBLES, width=50, height=4) == [
        "✖ connections 14:02:07 → ▲ api p95 14:02:19",
        "→ ◆ jobs 14:02:41",
    ]
    assert lines(*over[:1], *TROUBLES, width=50, height=4)[0].startswith("was bad 0")
