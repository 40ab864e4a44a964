"""The panel of vendors as text: is it us, or is it them, in every state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.vendors import VendorsPanel
from tests.ui import vendor_boards as vb
from tests.ui.boards import acknowledged, welcome
from tests.ui.consoles import ScriptedLink, console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.table.arrange import GAP, widths
from warroom.measure.vendor import Component
from warroom.text import safe

STATES = {
    "good": vb.vendor(),
    "bad": vb.bad(),
    "elsewhere": vb.elsewhere(),
    "moving": vb.moving(),
    "unseen": vb.unseen(),
    "never": vb.never(),
    "lacking": vb.lacking(),
    "acknowledged": vb.bad(acknowledged=acknowledged("SEV3")),
}
ALL = (vb.vendor(), vb.bad(), vb.elsewhere(), vb.moving(), vb.never(), vb.lacking())
SIZES = ((36, 1), (36, 9), (56, 4), (76, 9), (76, 20), (116, 12), (116, 36))


def lines(*sources, width=116, height=36, **options):
    return text(VendorsPanel, vb.of(*sources), width, height, **options)


def title(*sources, **options):
    return VendorsPanel.title(view(vb.of(*sources), **options)).plain


def sheet(name, *sources):
    return VendorsPanel.sheet(view(vb.of(*sources), expanded=True), name)


def details(key, *sources, width=100):
    told = VendorsPanel.details(view(vb.of(*sources), expanded=True), key, width)
    return [" ".join(line.plain.split()) for line in told]


def styles(shown, words):
    """The styles of the span in which these words begin."""
    line = next(line for line in shown if words in line.plain)
    at = line.plain.index(words)
    return {str(span.style) for span in line.spans if span.start <= at < span.end}


# the rows ---------------------------------------------------------------------------------


def test_a_line_for_each_vendor_with_what_its_page_says_and_how_long_ago():
    shown = lines(*ALL, height=12)
    assert shown[0].split() == ["vendor", "says", "seen", "trouble,", "newest", "incident"]
    rows = [line.split() for line in shown[1:] if not line.startswith("    ")]
    assert rows == [
        ["✔", "OK", "github", "operational", "20", "s"],
        [
            *("◆", "SEV3", "pay", "major", "20", "s", "Webhooks:", "partial", "outage", "·"),
            *("identified:", "Webhooks", "are", "delivered", "late"),
        ],
        [
            *("✔", "OK", "cloudflare", "minor", "20", "s"),
            *("identified:", "Dashboard", "does", "not", "load"),
        ],
        [
            *("■", "MAINT", "supabase", "maintenance", "20", "s"),
            *("in", "progress:", "Database", "move"),
        ],
        ["?", "CAN'T", "SEE", "vercel", "–", "–"],
        ["?", "CAN'T", "SEE", "upstash", "operational", "20", "s"],
    ]


def test_half_a_screen_says_of_each_what_matters_most():
    for look in (Look(), Look(unicode=False)):
        shown = "\n".join(lines(*ALL, width=36, height=9, look=look))
        for words in ("SEV3", "Webhooks: partial outage", "MAINT", "no answer within 10 s"):
            assert words in shown
        assert "the page has no component" in shown
        assert "20 s" not in shown
    roomy = "\n".join(lines(vb.bad(), vb.elsewhere(), width=56, height=9))
    assert "└ identified: Dashboard does not load" in roomy
    assert "pay has trouble: impact 2" in roomy


@pytest.mark.parametrize("look", [Look(), Look(unicode=False)])
def test_a_word_that_is_cut_says_so(look):
    gone = vb.unseen(title="payments", seen={"indicator": "maintenance"})
    (row,) = (each for each in lines(gone, width=36, height=9, look=look) if "CAN'T" in each)
    assert row.endswith(f"payments  (maintenan{look.end}")


def test_trouble_at_no_level_is_no_down():
    calm = vb.bad(level="OK", cause="", since=None)
    (row,) = (line for line in lines(calm, height=2) if "pay" in line)
    assert row.split()[:4] == ["▽", "trouble", "pay", "major"]
    assert "DOWN" not in "\n".join(lines(*ALL))


def test_one_that_cannot_be_seen_says_why_and_what_was_said_last():
    board = vb.of(vb.unseen())
    shown = contents(VendorsPanel, board, 116, 6)
    plain = "\n".join(line.plain for line in shown)
    assert "? CAN'T SEE  pay       (major)       3 min" in plain
    assert "figures 3 min old" in plain
    assert "the answer is a web page, not JSON" in " ".join(plain.split())
    assert styles(shown, "(major)") == {".dim"}
    assert "to do a sign-in page of the network?" in details("pay", vb.unseen())


def test_without_an_engine_nothing_is_claimed():
    shown = "\n".join(lines(*ALL, lost="it was killed"))
    assert "✔" not in shown
    assert shown.count("? CAN'T SEE") == len(ALL)
    assert title(*ALL, lost="it was killed").startswith("0 of 6 OK")


def test_colour_is_a_level_only_where_it_makes_the_level():
    shown = contents(VendorsPanel, vb.of(*ALL), 116, 12)
    assert styles(shown, "major") == {".level-2"}
    assert styles(shown, "minor") == set()  # which is none of ours
    assert styles(shown, "maintenance") == {".maintenance"}


def test_more_vendors_than_lines_show_the_worst_and_count_the_others():
    shown = lines(*ALL, width=56, height=4)
    assert [line.split()[1] for line in shown[:3]] == ["CAN'T", "CAN'T", "SEV3"]
    assert shown[3].strip() == "and 3 more, 1 of them not well"
    assert "github" in "\n".join(lines(*ALL, width=56, height=4, cursor="github"))
    crowded = replace(view(vb.of(*ALL)), height=4)
    assert VendorsPanel.rows(crowded)[:3] == ("vercel", "upstash", "pay")


def test_the_frame_counts_those_that_are_well():
    assert title(vb.vendor(), vb.elsewhere()) == "2 of 2 OK"
    assert title(*ALL) == "2 of 6 OK · CAN'T SEE"
    assert title(vb.bad()) == "0 of 1 OK · SEV3"
    assert title() == ""


def test_nothing_configured_says_how():
    assert lines()[0] == "No status page is configured."
    assert 'kind = "statuspage"' in lines()


# the pages and the details ----------------------------------------------------------------


def test_all_of_a_vendor_the_wanted_first_and_its_incidents_in_their_own_words():
    told = details("pay", *ALL, width=60)
    assert told[0] == "vendor Pay, https://status.pay.example"
    assert "it says Partial System Outage · page changed" in told
    assert "2026-03-04 14:04Z" in told
    assert "seen 20 s ago, every 60 s" in told
    wanted = told.index("wanted Webhooks: partial outage")
    assert told[wanted + 1 : wanted + 4] == [
        "Payments API: operational",
        "not well Reports: degraded performance",
        "incident Webhooks are delivered late",
    ]
    assert "identified · impact major · began 2026-03-04" in told
    words = " ".join(told)
    assert " ".join(vb.UPDATE.split()) in words
    assert "Next update at 14:30 UTC." in told  # a line of its own, as it was written
    assert told[-1] == "operational Dashboard"
    noted = vb.vendor(seen={"notes": ("its incidents cannot be seen", "one more")})
    assert "note its incidents cannot be seen · one more" in details("github", noted)


def test_the_pages():
    keys = [row.key for row in sheet("vendors", *ALL).rows]
    assert keys == [source.name for source in ALL]
    listed = sheet("incidents", *ALL)
    assert [row.cells[4].text for row in listed.rows] == [
        *("Webhooks are delivered late", "Dashboard does not load", "Database move"),
    ]
    key = listed.rows[0].key
    assert details(key, *ALL)[:2] == [
        *("vendor Pay, https://status.pay.example", "incident Webhooks are delivered late"),
    ]
    parts = sheet("components", *ALL)
    assert [cell.text for cell in parts.rows[3].cells] == [
        *("partial outage", "wanted", "Webhooks", "pay"),
    ]
    twice = (Component(name="Login", status="operational"),) * 2
    keys = [row.key for row in sheet("components", vb.vendor(seen={"components": twice})).rows]
    assert len(set(keys)) == 2
    for source in ALL:
        for name in VendorsPanel.sheets:
            found = sheet(name, source)
            assert all(len(row.cells) == len(found.columns) for row in found.rows)
            assert all(details(row.key, source) for row in found.rows)


def test_that_no_incident_is_open_is_only_said_when_all_pages_say_so():
    assert sheet("incidents", vb.vendor()).empty == "No vendor has an incident open."
    assert sheet("incidents", vb.never()).empty.endswith("not known of vercel.")
    words = sheet("incidents", vb.lacking()).empty
    assert words == "None is seen, and not all can be seen now."


@pytest.mark.parametrize("width", [54, 74, 114])
def test_the_pages_fit_the_screens_they_are_read_on(width):
    """Where a table is too wide its rows end in an ellipsis, even those that have no more."""
    for name in VendorsPanel.sheets:
        columns = sheet(name, *ALL).columns
        taken = widths(columns, width)
        assert sum(taken.values()) + GAP * (len(taken) - 1) <= width, name


def test_a_page_that_goes_on_and_on_does_not_hold_up_the_screen():
    names = [f"{n} {'x' * 90}" for n in range(100)]
    broken = tuple(Component(name=name, status="major_outage", wanted=True) for name in names)
    touching = replace(vb.LATE, components=tuple(names))
    source = vb.bad(seen={"components": broken, "incidents": (touching,)})
    row = sheet("vendors", source).rows[0].cells[5].text
    assert row.startswith(f"{names[0]}: major outage · ")
    assert row.endswith("94 more in trouble · identified: Webhooks are delivered late")
    told = " ".join(details(sheet("incidents", source).rows[0].key, source))
    assert ", 94 more " in told


# every state ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_each_state_keeps_to_its_size_and_in_ascii_to_ascii(name, size):
    board = vb.of(STATES[name], vb.vendor())
    for options in ({}, {"look": Look(unicode=False)}, {"cursor": STATES[name].name}):
        shown = contents(VendorsPanel, board, *size, **options)
        harmless(shown, *size)
        if "look" in options:
            assert all(line.plain.isascii() for line in shown)


@given(HOSTILE, HOSTILE, st.sampled_from([(36, 4), (76, 7), (116, 36)]))
def test_hostile_text_is_shown_and_not_obeyed(one, two, size):
    found = replace(
        vb.LATE, key=one, name=two, status=one, impact=two, text=f"{one}\n{two}", components=(one,)
    )
    seen = {
        "vendor": one,
        "url": two,
        "indicator": one,
        "description": two,
        "notes": (one,),
        "components": (
            Component(name=one, status=two, wanted=True),
            Component(name=two, status=one),
        ),
        "incidents": (found, found),
    }
    board = vb.of(vb.bad(title=one, cause=two, seen=seen))
    harmless(contents(VendorsPanel, board, *size), *size)
    shown = view(board, expanded=True)
    for page in VendorsPanel.sheets:
        rows = VendorsPanel.sheet(shown, page).rows
        assert len({row.key for row in rows}) == len(rows)
        for row in rows:
            told = VendorsPanel.details(shown, row.key, size[0])
            harmless(told, size[0], len(told))
            assert all(cell.text == safe(cell.text) for cell in row.cells)


# on the screen ----------------------------------------------------------------------------


async def test_pages_turn_and_an_incident_is_read_whole():
    app = console(
        link=ScriptedLink(welcome(), vb.of(*ALL)), pages=(LocalPage("outside", ("vendors",)),)
    )
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        panel = app.selected_panel
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert panel.cursor.startswith("pay.incident:")
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "No event is lost" in shown


def test_vendors_120x40(snap_compare):
    app = console(vb.of(*ALL), pages=(LocalPage("outside", ("vendors",)),))
    assert snap_compare(app, terminal_size=(120, 40))


def test_vendors_beside_health_80x24(snap_compare):
    app = console(
        vb.of(*ALL, vb.unseen("billing")), pages=(LocalPage("outside", ("vendors", "health")),)
    )
    assert snap_compare(app, terminal_size=(80, 24))
