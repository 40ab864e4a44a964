"""The panel of deployments and checks as text: what a tired engineer reads out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.deployments import DeploymentsPanel
from tests.ui import command_boards as cb
from tests.ui.boards import acknowledged
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.command import CommandSeen, Item
from warroom.text import safe

STATES = {
    "good": cb.releases(),
    "failed": cb.broken(),
    "unseen": cb.unseen(),
    "never": cb.never(),
    "none": cb.none(),
    "maintained": cb.maintained(),
    "check": cb.backup(),
    "bad check": cb.old_backup(),
    "number": cb.disk(),
}
SIZES = ((36, 1), (36, 3), (36, 9), (56, 11), (76, 20), (116, 36))


def lines(*sources, width=116, height=36, **options):
    return text(DeploymentsPanel, cb.of(*sources), width, height, **options)


def title(*sources, **options):
    return DeploymentsPanel.title(view(cb.of(*sources), **options)).plain


def sheet(name, *sources):
    return DeploymentsPanel.sheet(view(cb.of(*sources), expanded=True), name)


def details(key, *sources, width=100):
    told = DeploymentsPanel.details(view(cb.of(*sources), expanded=True), key, width)
    return [" ".join(line.plain.split()) for line in told]


def styles(shown, words):
    """The styles of the span in which these words begin."""
    line = next(line for line in shown if words in line.plain)
    at = line.plain.index(words)
    return {str(span.style) for span in line.spans if span.start <= at < span.end}


# deployments ------------------------------------------------------------------------------


def test_deployments_newest_first_in_a_half_screen():
    assert lines(cb.releases(), width=56, height=11) == [
        "    UTC       ago deployment                       state",
        "  ✔ 14:02Z  5 min 3f2c1ab Fix cart                 READY",
        "  ✔ 13:03Z    1 h 9d8e7f6 Add gift cards, and sho… READY",
        "  ◆ 03-03    30 h 00ab12c Update tax tables        ERROR",
        "  ✔ 02-23     9 d 77aa001 Begin                    READY",
    ]
    assert lines(cb.releases(), width=36, height=9)[1] == "  ✔ 14:02Z 3f2c1ab Fix cart    READY"
    assert lines(cb.releases(), width=76)[2].endswith(" ben")
    assert title(cb.releases()) == "newest 3f2c1ab"


def test_one_that_failed_is_loud_until_another_went_well():
    shown = contents(DeploymentsPanel, cb.of(cb.broken()), 76, 20)
    plain = [line.plain.rstrip() for line in shown]
    assert plain[0].split() == ["◆", "SEV3", "releases"]
    assert plain[1].strip().startswith("└ releases: deployment failed: failed 1, at least 1")
    assert plain[3].startswith("  … 14:06Z  1 min b0b0b0b Round totals")
    assert plain[4].startswith("  ◆ 14:02Z  5 min 3f2c1ab Fix cart")
    assert styles(shown, "3f2c1ab") == {".level-2"}
    assert styles(shown, "00ab12c") == set()  # an older one
    assert title(cb.broken()) == "3f2c1ab failed · SEV3"
    unruled = cb.releases(items=cb.BAD)
    unruled = replace(unruled, signals=tuple(replace(s, limits=()) for s in unruled.signals))
    shown = contents(DeploymentsPanel, cb.of(unruled), 76, 20)
    assert styles(shown, "3f2c1ab") == {".strong"}
    assert "  ✖ 14:02Z" in "\n".join(line.plain for line in shown)


def test_ages_grow_with_the_age_of_what_was_seen_and_are_none_without_a_time():
    fresh = lines(cb.releases(), width=56)
    later = lines(cb.releases(), width=56, now=60.0)
    assert "  5 min" in fresh[1]
    assert "  6 min" in later[1]
    timeless = cb.releases(items=(cb.item("d1", "shop", None),))
    assert lines(timeless, width=56)[1].split() == ["✔", "–", "–", "d1", "shop", "READY"]
    ahead = cb.releases(items=(cb.item("d1", "shop", -3),))
    assert "   now d1 shop" in lines(ahead, width=56)[1]


def test_a_time_that_is_to_come_is_not_called_now():
    """Of one that is planned, or by a clock that is wrong."""
    today = cb.releases(items=(cb.item("d1", "shop", -60 * 3),))
    assert " 17:07Z  ahead d1 shop" in lines(today, width=56)[1]
    year = cb.releases(items=(cb.item("d1", "shop", -60 * 24 * 365),))
    assert " 03-04   ahead d1 shop" in lines(year, width=56)[1]
    told = details("releases.item:d1", year)
    assert "at 2027-03-04 14:07:10Z, ahead of our clock" in told


def test_what_cannot_be_seen_keeps_its_rows_grey_and_says_why_and_how_old():
    shown = contents(DeploymentsPanel, cb.of(cb.unseen()), 56, 11)
    plain = " ".join(line.plain for line in shown)
    assert "SEV3 CAN'T SEE releases" in shown[0].plain
    assert "figures 2 min old · gh ended with status 4: not" in plain
    assert styles(shown, "9d8e7f6") == {".dim"}
    assert styles(shown, "13:03Z") == {".dim"}
    never = lines(cb.never(), width=56)
    assert never == ["  ? CAN'T SEE releases", "    └ there is no program gh on the PATH"]
    assert title(cb.never()) == "CAN'T SEE"
    lost = "\n".join(lines(cb.releases(), lost="it was killed"))
    assert "it was killed" in lost


def test_no_deployment_at_all_is_said():
    assert lines(cb.none(), width=56) == [
        "  ✔ UP        releases",
        "    └ it lists no deployment",
    ]


def test_several_sources_are_told_apart_and_mixed_by_time():
    shown = lines(cb.releases("shop"), cb.releases("site", cb.ITEMS[1:]), width=76)
    assert shown[0].split() == ["UTC", "ago", "source", "deployment", "state", "by"]
    assert [line.split()[4] for line in shown[1:4]] == ["shop", "shop", "site"]
    narrow = lines(cb.releases("shop"), cb.releases("site"), width=36, height=9)
    assert narrow[1] == "  ✔ 14:02Z shop 3f2c1ab Fix c… READY"
    both = title(cb.broken("shop"), cb.broken("site"))
    assert both == "2 failed · SEV3"


def test_more_than_fit_are_counted_and_the_cursor_stays_in_sight():
    old = cb.item("old", "Begin", 99_999)
    board = [cb.releases(items=(*cb.ITEMS, old))]
    shown = lines(*board, width=56, height=4)
    assert shown[3].strip() == "and 2 more"
    cut = cb.releases(items=(*cb.ITEMS, old), seen={"hidden": 50})  # not all are handed on
    assert lines(cut, width=56, height=4)[3].strip() == "and 52 more"
    moved = lines(*board, width=56, height=4, cursor="releases.item:old")
    assert moved[2].startswith("▸ ✔ ")
    assert "69 d old Begin" in moved[2]


# checks -----------------------------------------------------------------------------------


def test_checks_and_numbers_stand_over_the_deployments_the_bad_first():
    shown = lines(cb.releases(), cb.disk(), cb.old_backup(), width=56, height=11)
    assert shown[0] == "  ✖ SEV1 DOWN backup  newest is 53 h old"
    assert shown[1] == "    └ backup is down: check-backup ended with status 2:"
    assert shown[3] == "  ✔ UP        disk    71 %"
    assert shown[5].startswith("  ✔ 14:02Z")
    assert title(cb.disk(), cb.old_backup()) == "1 of 2 well · SEV1"
    loud = contents(DeploymentsPanel, cb.of(cb.disk(value=93.0)), 56, 11)
    assert styles(loud, "93 %") == {".level-1"}


def test_in_a_small_frame_the_worst_stay():
    many = [cb.backup(f"b{n}") for n in range(9)]
    shown = lines(*many, cb.old_backup(), cb.releases(), width=36, height=9)
    assert shown[0].startswith("  ✖ SEV1 DOWN backup")
    assert "and 5 more, all well" in "\n".join(shown)
    assert shown[-2].startswith("  ✔ 13:03Z") or shown[-2].startswith("  ✔ 14:02Z")


def test_who_has_seen_it_is_said():
    shown = lines(cb.old_backup(acknowledged=acknowledged()), width=76)
    assert "seen by ana until 14:37Z" in shown[1]


def test_without_sources_it_says_how_to_add_one():
    assert lines()[0] == "No command is configured."
    assert 'kind = "command"' in lines()


# the pages and the details ----------------------------------------------------------------


def test_every_row_the_cursor_can_be_on_is_a_source_or_of_one():
    board = cb.of(cb.broken(), cb.disk(), cb.old_backup())
    shown = view(board)
    names = DeploymentsPanel.rows(shown)
    assert names[:3] == ("releases", "backup", "disk")
    assert names[3] == f"releases.item:{cb.sha('b0b0b0b')}"
    assert {name.partition(".")[0] for name in names} == {"releases", "backup", "disk"}


def test_the_pages_are_those_of_which_there_is_something():
    def pages(*sources):
        return DeploymentsPanel.pages(view(cb.of(*sources), expanded=True))

    assert pages(cb.releases(), cb.disk()) == ("deployments", "checks")
    assert pages(cb.disk()) == ("checks",)
    assert pages(cb.never()) == ("deployments",)
    assert pages() == ("deployments",)


def test_the_sheet_of_deployments():
    rows = sheet("deployments", cb.broken()).rows
    assert [cell.text for cell in rows[1].cells] == [
        *("◆ ERROR", "03-04 14:02:10", "5 min", "3f2c1ab Fix cart", "ana", "releases"),
    ]
    assert len({row.key for row in rows}) == len(rows)
    assert "https://ci.example/runs/812" in sheet("deployments", cb.releases()).rows[0].more
    assert sheet("deployments", cb.none()).empty == "No deployment is listed."
    assert sheet("deployments", cb.never()).empty != "No deployment is listed."


def test_all_of_a_deployment():
    told = details(f"releases.item:{cb.ITEMS[0].key}", cb.releases())
    assert told == [
        "deployment Fix cart",
        f"key {cb.ITEMS[0].key}",
        "at 2026-03-04 14:02:10Z, 5 min ago",
        "state READY: passed",
        "by ana",
        "url https://ci.example/runs/812",
        "source releases",
        "command tail -n 50 'deployments of shop.jsonl'",
        "ran 2026-03-04 14:07:10Z, in 12 ms, status 0",
    ]


def test_all_of_a_check_with_what_it_printed():
    told = details("backup", cb.old_backup())
    assert told[0] == "source backup"
    assert "command check-backup --max-age 26h" in told
    assert "ran 2026-03-04 14:07:10Z, in 12 ms, status 2" in told
    assert told[-2:] == ["looked into 3 folders", "newest is 53 h old"]
    rows = sheet("checks", cb.old_backup(), cb.disk()).rows
    assert [cell.text for cell in rows[0].cells] == [
        *("✖ SEV1 DOWN", "backup", "newest is 53 h old", "2"),
    ]
    flood = CommandSeen(
        argv=("yes",), shows="lines", status=None, output="y", hidden=9, notes=("x",)
    )
    told = details("yes", cb.source("yes", flood, figures={"count": 10.0}))
    assert "left out 9 lines before these" in told
    assert told[2].endswith("ended by us")


# every state ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_each_state_keeps_to_its_size_and_in_ascii_to_ascii(name, size):
    board = cb.of(STATES[name])
    for options in ({}, {"look": Look(unicode=False)}, {"cursor": STATES[name].name}):
        shown = contents(DeploymentsPanel, board, *size, **options)
        harmless(shown, *size)
        assert shown
        if "look" in options:
            assert all(line.plain.isascii() for line in shown)
            told = DeploymentsPanel.title(view(board, **options)).plain
            assert told.isascii()
    assert DeploymentsPanel.title(view(board)).cell_length < 60


@given(HOSTILE, HOSTILE, st.sampled_from([(36, 9), (76, 7), (116, 36)]))
def test_hostile_text_is_shown_and_not_obeyed(one, two, size):
    item = Item(key=one, title=two, state=one, by=two, url=one, outcome="failed")
    told = {"notes": (one,), "faults": (two,), "blind": (one,), "output": two}
    listed = cb.releases(items=(item,), title=one, cause=two, level="SEV2", seen=told)
    plain = CommandSeen(
        argv=(one, two),
        shows="lines",
        status=1,
        output=f"{one}\n{two}",
        **{name: words for name, words in told.items() if name != "output"},
    )
    check = cb.source("check", plain, figures={"count": 1.0}, title=two, cause=one, level="SEV1")
    board = cb.of(listed, check)
    harmless(contents(DeploymentsPanel, board, *size), *size)
    seen = view(board, expanded=True)
    harmless([DeploymentsPanel.title(seen)], 10_000, 1)
    for page in DeploymentsPanel.pages(seen):
        for row in DeploymentsPanel.sheet(seen, page).rows:
            lines = DeploymentsPanel.details(seen, row.key, size[0])
            harmless(lines, size[0], len(lines))
            assert all(cell.text == safe(cell.text) for cell in row.cells)


# on the screen ----------------------------------------------------------------------------


def test_a_failed_deployment_and_a_check_80x24(snap_compare):
    board = cb.of(cb.broken(), cb.old_backup(), cb.disk())
    app = console(board, pages=(LocalPage("outside", ("deployments",)),))
    assert snap_compare(app, terminal_size=(80, 24))


async def test_expanded_it_turns_its_pages():
    board = cb.of(cb.broken(), cb.old_backup())
    app = console(board, pages=(LocalPage("outside", ("deployments",)),))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        panel = app.selected_panel
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "[deployments]" in shown
        assert "https://ci.example/runs/812" not in shown
        await pilot.press("right_square_bracket")
        await pilot.pause()
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "[checks]" in shown
        assert "looked into 3 folders" in shown
