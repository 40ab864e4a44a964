"""The panel of names and certificates as text, in every state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.names import NamesPanel
from tests.ui import name_boards as nb
from tests.ui.consoles import console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.change import Change

SIZES = ((36, 1), (36, 7), (76, 6), (116, 12), (116, 36))
BAD = nb.STATES["bad"]


def lines(*sources, width=76, height=9, **options):
    return text(NamesPanel, nb.of(*sources), width, height, **options)


def sheet(name, board=BAD):
    return NamesPanel.sheet(view(board, expanded=True), name)


def details(key, board=BAD):
    told = NamesPanel.details(view(board, expanded=True), key, 100)
    return [" ".join(line.plain.split()) for line in told]


def title(*sources):
    return NamesPanel.title(view(nb.of(*sources))).plain


def styles(shown, words):
    """The styles of the span in which these words begin."""
    line = next(line for line in shown if words in line.plain)
    at = line.plain.index(words)
    return {str(span.style) for span in line.spans if span.start <= at < span.end}


# rows -------------------------------------------------------------------------------------


def test_names_and_certificates_that_are_well_take_a_line_each():
    assert lines(nb.dns(), nb.tls()) == [
        "  ✔ UP        www   agree: 203.0.113.7",
        "  ✔ UP        cert  43 days, Harbour CA R1, verified",
    ]
    assert title(nb.dns(), nb.tls()) == "2 of 2 well"


def test_who_differs_is_said_with_what_they_say():
    shown = lines(nb.differing(), width=116)
    assert shown[0] == (
        "  ◆ SEV3      www  DIFFER: 198.51.100.9 by system; 203.0.113.7 by 1.1.1.1, 8.8.8.8"
    )
    assert shown[1].startswith("    └ www: resolvers differ")
    assert title(nb.differing()) == "0 of 1 well · SEV3"
    assert ".level-2" in styles(contents(NamesPanel, nb.of(nb.differing())), "DIFFER")


def test_who_differs_stands_out_even_if_no_rule_minds():
    quiet = nb.dns("www", nb.said("system", nb.ONE), nb.said("1.1.1.1", nb.TWO), agree=False)
    assert ".strong" in styles(contents(NamesPanel, nb.of(quiet)), "DIFFER")


def test_of_many_answers_all_are_counted():
    many = nb.said("system", *(f"10.0.0.{n}" for n in range(50)), more=450)
    assert lines(nb.dns("www", many, many))[0].endswith(
        "10.0.0.0, 10.0.0.1, 10.0.0.10 and 497 more"
    )
    told = details("www", nb.of(nb.dns("www", many)))
    assert any("and 480 more" in line for line in told)


def test_a_name_that_is_gone():
    assert lines(nb.gone())[:2] == [
        "  ✖ SEV1 DOWN www  agree: no such name (NXDOMAIN)",
        "    └ www is down: A www.harbour.example: no such name (NXDOMAIN) by system,",
    ]


def test_one_resolver_that_cannot_be_asked_does_not_hide_the_other():
    assert lines(nb.half_seen()) == [
        "  ? CAN'T SEE www  203.0.113.7 by system",
        "    └ 1.1.1.1: no answer within 4.0 s",
    ]


def test_a_certificate_that_has_expired():
    shown = lines(nb.expired())
    assert shown[0] == "  ✖ SEV1 DOWN cert  EXPIRED 2 days ago, Harbour CA R1, NOT verified"
    assert shown[1].startswith("    └ cert is down: certificate expired 2 days ago · since")
    assert ".level-1" in styles(contents(NamesPanel, nb.of(nb.expired())), "EXPIRED")


@pytest.mark.parametrize(
    ("days", "words"),
    [(9.7, "9 days,"), (1.9, "1 day,"), (0.5, "12 h 00,"), (-0.5, "EXPIRED 12 h 00 ago,")],
)
def test_the_days_left_are_whole_ones_that_are_really_left(days, words):
    assert f"  {words} Harbour" in lines(nb.tls(days=days))[0]


def test_what_is_dark_was_so_and_says_since_when():
    shown = lines(nb.unseen(), width=100)
    assert shown[0] == "  ? CAN'T SEE api-cert  was: 43 days, Harbour CA R1, verified"
    assert shown[1].startswith("    └ figures 2 min old · no answer within 9.5 s")
    assert ".dim" in styles(contents(NamesPanel, nb.of(nb.unseen())), "43 days")


def test_what_was_never_seen_claims_nothing():
    shown = lines(nb.waiting())
    assert shown == ["  ? CAN'T SEE new-cert  not seen yet", "    └ not asked yet"]
    assert title(nb.waiting()) == "0 of 1 well · CAN'T SEE"


def test_half_a_screen_keeps_every_level_and_what_fits():
    shown = text(NamesPanel, BAD, 36, 7, look=Look(unicode=False))
    assert [line[:11] for line in shown if line[2] != " "] == [
        *("  * SEV3   ", "  X SEV1 DO", "  ? CAN'T S", "  * SEV3   "),
    ]
    assert len(shown) == 7
    both = text(NamesPanel, nb.STATES["good"], 36, 7)
    assert both[1] == "    agree: 203.0.113.7"
    assert both[3] == "    43 days, Harbour CA R1, verified"


def test_more_than_there_are_lines_are_counted_the_worst_first():
    shown = text(NamesPanel, BAD, 76, 2)
    assert "EXPIRED" in shown[0]
    assert shown[1] == "  and 3 more, 3 of them not well"


def test_without_a_source_it_says_how_to_add_one():
    assert 'kind = "dns"' in text(NamesPanel, nb.of())
    assert 'kind = "tls"' in text(NamesPanel, nb.of())


# expanded ---------------------------------------------------------------------------------


def test_the_sheet_has_a_row_for_each_by_its_name():
    rows = sheet("names").rows
    assert [row.key for row in rows] == ["www", "cert", "api-cert", "end-cert"]
    assert [cell.text for cell in rows[1].cells] == [
        *("✖ SEV1 DOWN", "cert", "EXPIRED 2 days ago, Harbour CA R1, NOT verified", "31 ms"),
    ]


def test_all_of_a_name():
    assert details("www")[1:] == [
        "name www.harbour.example, record A",
        "agree NO",
        "asked system: 198.51.100.9 · 1 ms",
        "1.1.1.1: 203.0.113.7 · 1 ms · TTL 300 s",
        "8.8.8.8: 203.0.113.7 · 1 ms · TTL 300 s",
        "changes 2026-03-04 14:00:10Z A www.harbour.example 198.51.100.9 → 203.0.113.7 by 1.1.1.1",
    ]


def test_all_of_a_certificate():
    assert details("cert")[1:] == [
        "server www.harbour.example:443, asked for as www.harbour.example",
        "verdict certificate expired 2 days ago",
        "subject www.harbour.example",
        "names www.harbour.example, harbour.example",
        "issuer Harbour CA R1",
        "from 2026-01-23 14:07:10Z",
        "until 2026-03-02 06:55:10Z, EXPIRED 2 days ago",
        f"SHA-256 {'ab' * 32}",
        "protocol TLSv1.3",
    ]
    assert "to do is it up?" in details("api-cert")


def test_what_is_not_known_is_not_claimed():
    board = nb.of(nb.waiting(), nb.half_seen())
    assert details("new-cert", board) == ["why not asked yet"]
    assert "agree not known: fewer than two say what the name is" in details("www", board)


def test_changes_the_newest_first_and_whole():
    rows = sheet("changes").rows
    assert [row.key.partition(".")[0] for row in rows] == ["www", "api-cert"]
    assert rows[0].cells[1].text == nb.MOVED.what
    shown = details(rows[1].key)
    assert shown[0].startswith("changed certificate of www.harbour.example issued by")
    assert "at 2026-03-02 14:07:10Z" in shown


# always -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", nb.STATES)
@pytest.mark.parametrize("unicode", [True, False])
def test_it_keeps_to_its_size_in_every_state(state, unicode):
    look = Look(unicode=unicode)
    for width, height in SIZES:
        shown = contents(NamesPanel, nb.STATES[state], width, height, look=look)
        harmless(shown, width, height)
        assert unicode or all(line.plain.isascii() for line in shown)


@given(outside=HOSTILE, width=st.integers(1, 90), height=st.integers(1, 12))
def test_hostile_text_is_only_text(outside, width, height):
    name = nb.dns("www", nb.said("system", outside), nb.said(outside, trouble=outside))
    name = replace(name, title=outside, cause=outside, level="SEV2")
    shown = nb.tls(
        issuer=outside,
        subject=outside,
        names=(outside,),
        verdict=outside,
        changes=(Change(nb.NOON, outside, "certificate"),),
    )
    board = nb.of(name, shown)
    harmless(contents(NamesPanel, board, width, height), width, height)
    for key in ("www", "cert"):
        told = NamesPanel.details(view(board, expanded=True), key, 100)
        harmless(told, 1000, len(told))


# pictures ---------------------------------------------------------------------------------

PAGES = (LocalPage("p", ("names", "health")),)


def test_names_bad_80x24(snap_compare):
    assert snap_compare(console(BAD, pages=PAGES), terminal_size=(80, 24))


def test_names_expanded_120x40(snap_compare):
    app = console(BAD, pages=PAGES)
    assert snap_compare(app, press=["1", "z"], terminal_size=(120, 40))
