"""Actions as lines: menus, plans, runs and the strip, at any width and whatever stands in them."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui import acting
from tests.ui.boards import NOON
from tests.ui.incidents import HOSTILE
from warroom.cli.action_lines import plan_lines
from warroom.console.acting.in_hand import in_hand, takes
from warroom.console.acting.menu_rows import Menu, given_keys, menu_rows
from warroom.console.acting.plan_rows import plan_rows
from warroom.console.acting.run_rows import Shown, head_rows, listed_rows, on_words, output_rows
from warroom.console.acting.strip_line import Shown as Strip
from warroom.console.acting.strip_line import fresh, line
from warroom.console.incident.rows import folded
from warroom.console.look import Look
from warroom.console.state import Acts
from warroom.incident.acting.kinds import ActionView
from warroom.incident.acting.plan import PlanStep
from warroom.wire import Acting

LOOKS = (Look(), Look(unicode=False))


def acts(**more):
    return Acts().taking(Acting(**({"actions": acting.ACTIONS, "whole": True} | more)), 100.0)


def strip(width, look=LOOKS[0], **more):
    found = line(Strip(acts=acts(**more), now=NOON, monotonic=100.0, look=look), width)
    return None if found is None else found.plain


def test_nothing_to_say_is_no_line():
    assert strip(80) is None


def test_what_came_of_it_stands_before_what_may_be_cut():
    told = strip(60, runs=(acting.ended(**acting.HELPED),), on=(acting.on(),))
    assert told.startswith(" ▲ HELPED Roll back the release")
    assert told.rstrip().endswith("X opens")
    assert len(told) <= 60


def test_a_console_that_watches_is_offered_no_key_of_the_strip():
    runs, on = (acting.ended(**acting.HELPED),), (acting.on(),)
    known = acts(runs=runs, on=on, locked=True)
    shown = Strip(acts=known, now=NOON, monotonic=100.0, look=LOOKS[0], arm="", open="")
    told = line(shown, 120).plain
    assert "HELPED" in told
    assert "opens" not in told
    assert "arms" not in told


def test_what_is_overdue_comes_first_and_what_has_no_room_is_counted():
    late = acting.on("maintenance", detail="", until=NOON - timedelta(minutes=3))
    more = [acting.on(f"switch {n}") for n in range(5)]
    told = strip(80, on=(*more, late), locked=True)
    assert told.startswith(" LOCKED, L arms")
    assert told.index("maintenance OVERDUE 3m") < told.index("switch 0")
    assert "+" in told


def test_a_run_that_is_over_leaves_the_strip_after_a_while():
    over = acting.ended(**acting.HELPED)
    found = acts(runs=(over,))
    assert fresh(found, NOON) == (over,)
    assert fresh(found, NOON + timedelta(minutes=3)) == ()
    watched = acting.ended(watching="x 1 → 2")
    assert fresh(acts(runs=(watched,)), NOON + timedelta(minutes=3)) == (watched,)


@pytest.mark.parametrize("look", LOOKS)
@given(width=st.integers(1, 200), text=st.text(max_size=60), count=st.integers(0, 9))
def test_the_strip_never_has_more_cells_than_there_are(look, width, text, count):
    runs = [acting.ended(text=text, run=str(n), by=text, title=text) for n in range(count)]
    on = [acting.on(f"{text}{n}", detail=text, by=text) for n in range(count)]
    found = line(
        Strip(
            acts=acts(runs=tuple(runs), on=tuple(on), locked=True),
            now=NOON,
            monotonic=100.0,
            look=look,
        ),
        width,
    )
    assert found.cell_length <= width
    assert not any(unicodedata.category(char)[0] == "C" for char in found.plain)


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_of_a_hostile_text_is_obeyed(look):
    plan = acting.plan(
        "evil",
        blocked=HOSTILE,
        proof=HOSTILE,
        notes=(HOSTILE,),
        undo=HOSTILE,
        environment=HOSTILE,
        expects=(HOSTILE,),
        values={HOSTILE: HOSTILE},
    )
    run = acting.ended(
        "evil",
        text=HOSTILE,
        by=HOSTILE,
        reach=HOSTILE,
        refused=(HOSTILE,) * 9,
        head=(HOSTILE,),
        tail=(HOSTILE,),
        dropped=3,
        verdict="WORSE",
        verdict_text=HOSTILE,
        undo=HOSTILE,
        step=HOSTILE,
    )
    on = acting.on(HOSTILE, detail=HOSTILE, by=HOSTILE, kept=HOSTILE, keeper=HOSTILE, undo=HOSTILE)
    evil = ActionView(name="e", title=HOSTILE, kind="sql", group=HOSTILE, help=HOSTILE)
    menu = Menu(
        acts=acts(actions=(evil,), runs=(run,), on=(on,)),
        look=look,
        keys={"e": "e"},
        fitting=("e",),
        hand=HOSTILE,
        why_not=HOSTILE,
    )
    rows = [
        *plan_rows(plan, look),
        *head_rows(Shown(run=run, look=look, left=None)),
        *output_rows(run, look),
        *listed_rows((run,), (on,), NOON, look),
        *menu_rows(menu, 80),
    ]
    for row in rows:
        for part in folded(row, 40):
            assert part.plain.isprintable()
            assert look.unicode or part.plain.isascii()


@pytest.mark.parametrize("end", ["TAIL", "日本"])
def test_none_of_what_runs_is_left_out(end):
    long = "echo " + "x" * 7_990 + end
    step = PlanStep(action="rollback", title="Roll back", lines=(long,))
    plan = acting.plan("rollback", steps=(step,))
    shown = [part.plain for row in plan_rows(plan, LOOKS[0]) for part in folded(row, 56)]
    assert any(line.endswith(end) for line in shown)
    assert any(line.endswith(end) for line in plan_lines(plan))


def test_a_plan_says_which_incident_would_keep_it():
    plan = acting.plan("rollback", incident="2026-11-05-checkout")
    shown = [row.content.plain for row in plan_rows(plan, LOOKS[0])]
    assert "incident  2026-11-05-checkout" in shown
    assert "incident  2026-11-05-checkout" in plan_lines(plan)


def test_a_long_title_does_not_touch_what_is_beside_it():
    long = ActionView(name="long", title="w" * 60, kind="sql", danger="mild")
    told = acts(actions=(long,))
    menu = Menu(acts=told, keys={}, look=LOOKS[0])
    shown = [row.content.plain for row in menu_rows(menu, 60)]
    assert any("w… mild" in line for line in shown), shown


def test_a_title_has_its_room_before_what_the_action_should_move():
    title, moves = "Take the provider's new webhook secret", ("checkout.stuck falls within 60 s",)
    one = ActionView(name="take", title=title, kind="sql", danger="mild", expects=moves)
    menu = Menu(acts=acts(actions=(one,)), keys={"take": "b"}, look=LOOKS[0])
    (_, narrow), (_, wide) = (menu_rows(menu, width) for width in (72, 90))
    assert narrow.content.plain.rstrip().endswith(f"{title} mild")
    assert wide.content.plain.rstrip().endswith(f"{title} mild     {moves[0]}")


def test_an_empty_list_of_runs_says_what_to_do():
    (row,) = listed_rows((), (), NOON, LOOKS[0], opens="F4")
    assert row.content.plain.endswith("F4 opens the actions.")


def test_every_action_has_a_key_and_no_two_the_same():
    bare = tuple(ActionView(name=f"{c}x", title="t", kind="sql") for c in "abcab1!")
    named = {one.name: one for one in (*acting.ACTIONS, *bare)}
    keys = given_keys(tuple(named.values()))
    assert keys["rollback"] == "r"
    assert len(set(keys.values())) == len(keys) == len(named)
    assert not set(keys.values()) & {"j", "k"} - {one.key for one in acting.ACTIONS}


@pytest.mark.parametrize(
    ("cursor", "key", "fits"),
    [
        ("db.session:4711:2026-03-04T14:00Z", "session:4711:2026-03-04T14:00Z", True),
        ("db", None, False),
        ("", None, False),
        ("redis.queue:mail", "mail", False),
        ("other.session:1:x", "session:1:x", False),
    ],
)
def test_the_row_under_the_cursor_is_a_value(cursor, key, fits):
    hand = in_hand(cursor)
    assert (hand.key if hand else None) == key
    assert bool(hand and takes(acting.action("kill"), hand)) == fits


def test_how_long_it_may_still_be_on_is_told_until_it_is_over():
    assert on_words(acting.on(), NOON, LOOKS[0])[0] == "ON workers 1 → 4, 1h28m left"
    assert on_words(acting.on(), NOON, LOOKS[1])[0] == "ON workers 1 -> 4, 1h28m left"
    assert on_words(acting.on(until=None), NOON, LOOKS[0])[0] == "ON workers 1 → 4"
    assert "OVERDUE" in on_words(acting.on(until=NOON), NOON, LOOKS[0])[0]
    assert "OVERDUE" not in on_words(acting.on(until=NOON, kept="x"), NOON, LOOKS[0])[0]
