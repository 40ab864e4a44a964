"""The panels whose rows are figures, resources and signals: as text, and under a hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from panels import graph
from panels.cells import valued
from panels.figures import calm, exact, figures, worst_first, worst_of
from panels.resources import ResourcesPanel, is_resource
from panels.signals import SignalsPanel
from tests.ui import boards
from tests.ui.consoles import ScriptedLink, console
from tests.ui.test_console import notices, screen_text, started
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.console.messages import EngineSaid
from warroom.console.panel import Panel
from warroom.console.screens.acknowledge import AcknowledgeScreen
from warroom.console.screens.expanded import ExpandedScreen
from warroom.console.stand_ins import EmptyPanel
from warroom.measure.snapshot import Failure
from warroom.severity import OK, UNSEEN
from warroom.wire import Acknowledge, Changed

BAD = boards.shop(boards.failing())
BOTH = boards.shop(boards.failing(), boards.metrics("api"), boards.up("web"))


def resources(board, width=116, height=20, **options):
    return text(ResourcesPanel, board, width, height, **options)


def signals(board, width=116, height=22, **options):
    return text(SignalsPanel, board, width, height, **options)


def title(panel, board, **options):
    shown = view(board, **options)
    return panel.title(replace(shown, sources=panel.wanted(shown.state))).plain


def row(lines, name):
    """The figure's row, which is no note that only names it."""
    (found,) = (line for line in lines if f" {name} " in f"{line} " and "└" not in line)
    return found


# resources ----------------------------------------------------------------------------


def test_without_a_column_of_sources_of_two_with_one_name_each_tells_its_own():
    board = boards.shop(*map(boards.metrics, ("api", "shop", "storefront")))
    shown = resources(board, 36, 14)
    assert [sum(words in line for line in shown) for words in ("cpu api", "cpu Storefront")] == [
        1,
        1,
    ]


def test_resources_are_known_by_their_names():
    for name in ("memory", "memory_used", "cpu_user", "disk_free", "open_files", "load1"):
        assert is_resource(name)
    for name in ("latency", "free_memory", "errors_disk", ""):
        assert not is_resource(name)


def test_a_row_gives_level_source_figure_value_gauge_and_past():
    assert resources(BAD)[:6] == [
        "    level      source      figure                     now  of 100 %                  past",
        "  ▲ SEV2       Storefront  memory_used             93.2 %  █████████████████████│▌░  ▅"
        "▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅",
        "  ·            Storefront  cpu                       34 %  ████████░░░░░░░░░░░░░░░░  ▇"
        "█▇███▇█▇███▇█▇███▇█▇███",
        "  ✔ OK         Storefront  disk_free /var            41 %  ██│███████░░░░░░░░░░░░░░  █"
        "█▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇",
        "  ·            Storefront  connections                 87                            ▇"
        "█▇█▇█▇██▇█▇█▇█▇██▇█▇█▇█",
        # Not why the source is at its level, but what concerns the figures that are shown.
        "    └ memory: memory_used 93.2 %",
    ]
    assert title(ResourcesPanel, BAD) == "4 figures · SEV2"


def test_the_part_of_a_gauge_over_its_limit_is_painted_in_the_level():
    shown = contents(ResourcesPanel, BAD, 116, 15)
    (line,) = (at for at in shown if "memory_used" in at.plain and "└" not in at.plain)
    mark = line.plain.index("│")
    styled = {str(span.style): (span.start, span.end) for span in line.spans if span.start > mark}
    assert styled[".level-1"] == (mark + 1, mark + 2)


def test_under_a_floor_all_that_is_left_is_painted():
    low = boards.changed(boards.metrics(), disk_free={"value": 6.0, "level": "SEV3"})
    shown = contents(ResourcesPanel, boards.shop(low), 116, 15)
    (line,) = (line for line in shown if "disk_free" in line.plain)
    at = line.plain.index("█")
    assert any(str(s.style) == ".level-2" and s.start == at for s in line.spans)


def test_a_source_without_resources_is_not_among_them():
    assert not any("web" in line for line in resources(BOTH))
    assert resources(boards.good())[0] == "No figure is one of a resource."
    assert resources(BAD, only=("x",))[0] == "No figure of these sources is one of a resource."


# signals ------------------------------------------------------------------------------


def test_a_row_gives_its_limit_and_the_level_it_leads_to():
    shown = signals(BAD)
    assert shown[0].split() == [
        *("level", "source", "figure", "now", "limit", "past,", "newest", "right")
    ]
    error_rate = row(shown, "error_rate")
    assert error_rate.startswith("  ▲ SEV2       Storefront  error_rate ")
    assert "1.2 %  over 0.5 % → SEV2  " in error_rate
    assert error_rate.endswith("▁▁▂▂▃▃▄▄▅▆▆▇")
    assert "2.4 s  over 500 ms → SEV3" in row(shown, "/checkout")
    assert "41 %  under 10 % → SEV3" in row(shown, "disk_free")
    assert row(shown, "requests").startswith("  ·            Storefront")
    assert title(SignalsPanel, BAD) == "12 figures · SEV2"


def test_of_a_long_limit_the_unit_is_cut_and_never_the_level():
    odd = boards.changed(boards.metrics(), requests={"value": 80.0, "unit": "sign-ins/min"})
    limit = boards.limit("SEV3", "> 60", "sign-ins")
    signals_ = tuple(
        replace(s, limits=(limit,)) if s.name.endswith(".requests") else s for s in odd.signals
    )
    shown = signals(boards.shop(replace(odd, signals=signals_)))
    assert "over 60 sign-ins/… → SEV3 " in row(shown, "requests")


def test_figures_stand_in_the_configurations_order_the_dull_ones_last():
    web = boards.up("web")
    web = replace(web, signals=(*web.signals[4:], *web.signals[:4]))
    shown = signals(boards.shop(web), 60, 8)
    assert [line.split()[1] for line in shown[1:]] == [
        *("latency", "latency_p50", "latency_p95", "availability", "status", "up")
    ]


def test_where_they_do_not_fit_the_worst_come_first_and_the_others_are_counted():
    shown = signals(BAD, 56, 11)
    assert [line.split()[1] for line in shown[:5]] == ["SEV2", "SEV2", "SEV3", "SEV3", "OK"]
    assert shown[9].startswith("  and 3 more, none at a level")
    assert shown[10].startswith("    └ Storefront: checkout errors: error_rate 1.2 %")
    hidden = signals(BAD, 56, 5)
    assert hidden[3].startswith("  and 9 more, 1 of them not well")


@pytest.mark.parametrize("name", ["error_rate", "latency_p50", "memory_used", "connections"])
@pytest.mark.parametrize("expanded", [False, True])
def test_the_cursor_is_always_on_a_row_that_is_drawn(name, expanded):
    shown = signals(BAD, 76, 9, cursor=f"shop.{name}", expanded=expanded)
    assert sum(line.startswith("▸") and name in line for line in shown) == 1


def test_the_rows_the_cursor_moves_over_are_those_drawn():
    for height in (5, 11, 40):
        shown = replace(view(BAD, cursor="shop.cpu"), width=76, height=height)
        names = [name.partition(".")[2] for name in SignalsPanel.rows(shown)]
        drawn = [line for line in text(SignalsPanel, BAD, 76, height) if "…" not in line]
        drawn = [n for line in drawn[: len(names)] for n in names if f" {n} " in line]
        assert drawn == [n for n in names if n in drawn]
        assert sorted(names) == sorted(s.name.partition(".")[2] for s in BAD.sources[0].signals)


def test_a_unit_that_the_name_says_already_is_not_said_again():
    source = boards.changed(boards.metrics(), connections={"value": 87.0, "unit": "connections"})
    assert row(resources(boards.shop(source)), "connections").count("connections") == 1


def test_figures_are_calm_but_never_rounded_across_a_limit_or_up_to_all():
    source = boards.changed(
        boards.metrics(),
        latency_p95={"value": 503.7},
        requests={"value": 41.27},
        memory_used={"value": 99.97},
        cpu={"value": 0.004},
        connections={"value": 87.0},
    )
    shown = signals(boards.shop(source))
    for name, words in (
        ("latency_p95", " 504 ms "),
        ("requests", " 41 /s "),
        ("memory_used", " 99.9 % "),
        ("cpu", " <0.01 % "),
        ("connections", " 87 "),
    ):
        assert words in row(shown, name)


def test_what_cannot_be_seen_keeps_its_last_figures_and_says_why_once():
    gone = boards.metrics(
        state="CAN'T SEE",
        level=UNSEEN,
        cause="connection refused",
        failure=Failure("connect", "connection refused"),
        age=45.0,
    )
    gone = boards.changed(gone, **{s.name.partition(".")[2]: {"value": None} for s in gone.signals})
    shown = contents(SignalsPanel, boards.shop(gone), 116, 20)
    plain = [line.plain for line in shown]
    assert sum("? CAN'T SEE  Storefront" in line for line in plain) == 12
    assert "180 ms" in row(plain, "latency_p95")
    assert sum("figures 30 s old · connection refused" in line for line in plain) == 1
    (line,) = (line for line in shown if "latency_p50" in line.plain)
    at = line.plain.index("24 ms")
    assert any(str(s.style) == ".dim" and s.start <= at < s.end for s in line.spans)


def test_what_is_not_known_is_a_dash_and_named_and_judged_by_nobody():
    source = boards.metrics(notes=("rates need a second scrape",))
    source = boards.changed(source, error_rate={"value": None}, requests={"value": None})
    shown = signals(boards.shop(source))
    assert row(shown, "requests").startswith("  ·  ")
    assert " –" in row(shown, "requests")
    assert "? CAN'T SEE" in row(shown, "error_rate")
    said = "└ not known: error_rate, requests (rates need a second scrape)"
    assert sum(said in line for line in shown) == 1


def test_losing_the_engine_turns_every_figure_to_cant_see():
    shown = signals(BAD, lost="it was killed")
    assert sum("? CAN'T SEE" in line for line in shown) == 12
    assert any("no word from the engine: it was killed" in line for line in shown)


def test_maintenance_is_its_own_word_and_what_nobody_asked_for_is_no_trouble():
    worked_on = boards.metrics(state="MAINTENANCE", level="MAINTENANCE")
    shown = signals(boards.shop(worked_on), 116, 14)
    assert sum("■ MAINT" in line for line in shown) == 12
    mail = boards.up("mail", on_request=True, snapshot=None, state="CAN'T SEE", level=OK, age=None)
    blank = {s.name.partition(".")[2]: {"value": None} for s in mail.signals}
    board = boards.shop(boards.metrics(), boards.changed(mail, **blank))
    assert title(SignalsPanel, board) == "18 figures"


def test_expanded_it_draws_the_figure_under_the_cursor_with_limits_range_and_cause():
    shown = "\n".join(signals(BAD, 116, 40, cursor="shop.latency_p95", expanded=True))
    for words in (
        "── Storefront latency_p95  ◆ SEV3 ──",
        "why       slow: latency_p95 640 ms",
        "◆ SEV3 over 500 ms  slow  it is now",
        "min 150 ms · avg 180 ms · max 210 ms",
        "600 ms ┤",
        "now",
    ):
        assert words in shown
    last = signals(BAD, 116, 40, cursor="shop.connections", expanded=True)
    assert "── Storefront connections  · ──" in "\n".join(last)


def test_where_there_is_room_the_figure_under_the_cursor_is_drawn_too():
    shown = "\n".join(signals(BAD, 116, 30, cursor="shop.memory_used"))
    assert "── Storefront memory_used  ▲ SEV2 ──" in shown
    assert "▲ SEV2 over 90 %  memory" in shown
    assert "taken" not in shown  # it would move with every poll


def test_in_ascii_no_character_beyond_it_is_drawn():
    for panel in (ResourcesPanel, SignalsPanel):
        for expanded in (False, True):
            for size in ((116, 40), (56, 11)):
                shown = text(panel, BOTH, *size, look=Look(unicode=False), expanded=expanded)
                assert all(line.isascii() for line in shown), shown


@given(HOSTILE, st.sampled_from([(116, 36), (76, 20), (56, 11)]), st.booleans())
def test_hostile_text_is_shown_and_obeyed_by_nobody(words, size, expanded):
    source = boards.failing(title=words[:40] or "x", cause=words, pending=words, notes=(words,))
    source = boards.changed(
        source,
        memory_used={
            "of": words,
            "unit": words[:9],
            "cause": words,
            "limits": (boards.limit("SEV2", "> 0.5", words),),
        },
        cpu={"value": None},
    )
    for panel in (ResourcesPanel, SignalsPanel):
        shown = contents(
            panel, boards.shop(source), *size, cursor="shop.memory_used", expanded=expanded
        )
        harmless(shown, *size)


@given(
    st.integers(16, 220),
    st.integers(1, 60),
    st.lists(st.none() | st.floats(allow_nan=False), max_size=130),
    st.booleans(),
)
def test_every_size_and_every_figure_is_kept_to(width, height, values, expanded):
    value = values[-1] if values else None
    odd = {"value": value, "trend": tuple(values)}
    source = boards.changed(boards.failing(), memory_used=odd, latency_p95=odd, cpu=odd)
    for panel in (ResourcesPanel, SignalsPanel):
        shown = contents(
            panel, boards.shop(source), width, height, cursor="shop.latency_p95", expanded=expanded
        )
        harmless(shown, width, height)


# what a rule is about is seen ---------------------------------------------------------


def of_figure(values, *limits, unit="", interval=2.0, **more):
    """A board of one figure with this past, and these limits, worst first."""
    rules = tuple(boards.limit(level, words, "rule") for level, words in limits)
    signal = boards.figure(
        "shop.balance", values[-1], unit, trend=tuple(values), limits=rules, **more
    )
    return boards.shop(boards.metrics(signals=(signal,), interval=interval, polls=len(values)))


def drawn(board, height=30, look=None):
    """The graph of the only figure, as styled lines."""
    shown = view(board, look=look)
    return graph.lines(shown, figures(shown.sources)[0], 100, height)


def painted(lines, style):
    """What stands in this style, without the names of limits."""
    cells = "▁▂▃▄▅▆▇█▔▀"
    found = (line.plain[s.start : s.end] for line in lines for s in line.spans if s.style == style)
    return "".join(text for text in found if text and all(char in cells for char in text))


@pytest.mark.parametrize(
    ("limits", "bad"),
    [
        ([("SEV2", "== 0")], 0.0),
        ([("SEV2", "!= 1")], 0.0),
        ([("SEV2", "!= 1")], 4.0),
        ([("SEV2", "< -50"), ("SEV2", "> 50")], -60.0),
        ([("SEV2", "< -50"), ("SEV2", "> 50")], 60.0),
        ([("SEV2", "< 0.5"), ("SEV3", "> 50")], 0.0),
    ],
)
def test_one_poll_beyond_a_limit_is_seen_in_graph_and_line(limits, bad):
    well = [1.0] * 60
    hurt = [*well[:31], bad, *well[32:]]
    assert painted(drawn(of_figure(well, *limits)), ".level-1") == ""
    assert painted(drawn(of_figure(hurt, *limits)), ".level-1") != ""
    (before,), (after,) = (
        [line for line in signals(of_figure(past, *limits), 116, 4) if "balance" in line]
        for past in (well, hurt)
    )
    assert before != after


def test_the_worst_limit_that_is_broken_chooses_what_stands_for_a_column():
    shown = view(of_figure([1.0], ("SEV3", "> 50"), ("SEV1", "== 0"), ("SEV2", "< -50")))
    worst = worst_of(worst_first(shown, shown.sources[0].signals[0].limits))
    assert worst([60.0, 0.0, -90.0]) == 0.0
    assert worst([60.0, 2.0, -90.0, -70.0]) == -90.0
    assert worst([60.0, 70.0, 2.0]) == 70.0
    assert worst([1.0, 3.0, 2.0]) == 3.0
    floors = [boards.limit("SEV2", "< 5", "a"), boards.limit("SEV3", "<= 8", "b")]
    assert worst_of(floors)([10.0, 30.0]) == 10.0
    assert worst_of(())([10.0, 30.0]) == 30.0


def test_what_is_negative_hangs_from_zero_which_is_then_on_top():
    gib = 1024.0**3
    lines = [line.plain for line in drawn(of_figure([-2.8 * gib] * 60, unit="B"), 12)]
    assert lines[0].startswith("     0 B ┤ ")
    assert lines[0].rstrip().endswith("██")
    assert lines[-2].strip().startswith("-3.7 GiB └")
    flat = [line.plain for line in drawn(of_figure([0.0, *[-5.0] * 59]), 12)]
    assert "▔" in flat[0]


def test_values_on_both_sides_grow_from_a_zero_between_rows():
    wave = [float(n - 40) for n in range(120)]
    lines = [line.plain for line in drawn(of_figure(wave), 14)]
    at = next(i for i, line in enumerate(lines) if line.strip().startswith("0 ┤"))
    above, below = "".join(lines[:at]), "".join(lines[at + 1 : -2])
    assert "▔" not in above
    assert "▀" not in above
    assert not set("▁▂▃▅▆▇") & set(below)
    assert "█" in above
    assert set("▀█▔") & set(below + lines[at])
    ascii_lines = drawn(of_figure(wave), 14, Look(unicode=False))
    assert all(line.plain.isascii() for line in ascii_lines)


def test_durations_are_the_same_in_a_row_and_in_full():
    for seconds in (119.9, 95.0, 7_249.0, 5_399.0, -12_345.0):
        for value, unit in ((seconds, "s"), (seconds * 1000, "ms")):
            assert calm(value, unit) == exact(value, unit)


# narrow -------------------------------------------------------------------------------


def narrow():
    """Several sources with long titles and long units, one of which cannot be seen."""
    shop = boards.changed(
        boards.failing(title="service of the shop with memory"),
        requests={"value": 3040.0, "unit": "answers"},
        rate_limited={"value": 12.0, "unit": "requests refused a minute"},
        cpu={"value": 1e24, "unit": "B"},
    )
    other = boards.metrics("other", title="service of the other memory")
    web = boards.up("web", state="CAN'T SEE", failure=Failure("connect", "refused"))
    polls = boards.figure("web.unanswered", 0.0, "polls")
    web = replace(web, signals=(*web.signals, polls))
    return boards.shop(shop, other, web)


@pytest.mark.parametrize("width", [40, 44, 50, 56, 66, 76, 96, 116])
def test_a_value_is_never_cut_its_unit_gives_way(width):
    shown = signals(narrow(), width, 60)
    for name, words in (
        ("error_rate", "1.2 %"),
        ("connections", "87"),
        ("requests", "3040 a"),
        ("rate_limit", "12"),
        ("up", " 1"),
        ("unanswered", "0 polls"),
        ("cpu", "1e+24 B"),
    ):
        assert any(name[:6] in line and words in line for line in shown), (name, shown)
    assert all(cell_len(line) <= width for line in shown)


@given(st.floats(allow_nan=False), st.sampled_from(["", "%", "ms", "B", "answers", "x" * 30]))
def test_no_digit_is_ever_cut(value, unit):
    words = calm(value, unit)
    number = words.partition(" ")[0]
    for width in (10, 11, 16):
        shown = valued(words, width, Look())
        assert len(shown) == width
        assert shown.split()[0] in (number, "…")
        assert len(number) >= width or shown.split()[0] == number


@pytest.mark.parametrize("width", [56, 76, 116])
def test_titles_that_would_be_cut_alike_are_told_apart(width):
    twins = [
        boards.metrics(name, title=f"service of the machines, number {n} memory")
        for n, name in enumerate(("front", "middle", "rear"))
    ]
    shown = resources(boards.shop(*twins), width, 30)
    rows = [line for line in shown if "memory_used" in line and "──" not in line]
    assert len({line.partition("memory_used")[0] for line in rows}) == len(rows) == 3
    assert any("front" in line for line in rows)


def test_names_that_would_be_cut_alike_are_cut_in_the_middle():
    named = [
        boards.figure(f"shop.http_requests_of_checkout_{end}_seconds", 1.0)
        for end in ("first", "second", "third")
    ]
    shown = signals(boards.shop(boards.metrics(signals=tuple(named))), 56, 8)
    rows = [line for line in shown if "http" in line]
    assert len(set(rows)) == 3


def test_no_row_moves_when_another_one_becomes_the_worst_of_its_figure():
    def shown(of):
        source = boards.changed(boards.metrics(), latency_p95_by_path={"of": of})
        return [line for line in signals(boards.shop(source)) if "_by_path" not in line]

    assert shown("/a") == shown("/checkout") == shown("/a/very/long/path/{id}")


def test_expanded_with_more_rows_than_fit_the_worst_come_first_and_more_of_them():
    well = [boards.figure(f"shop.a{n}", 1.0) for n in range(20)]
    bad = [boards.figure(f"shop.b{n}", 1.0, level="SEV2", cause="x") for n in range(20)]
    source = boards.metrics(signals=(*well, *bad), level="SEV2", cause="x")
    shown = signals(boards.shop(source), 116, 36, cursor="shop.b3", expanded=True)
    assert sum("SEV2  " in line for line in shown if " b" in line) >= 20
    assert any(line.startswith("  and 1") and "more" in line for line in shown)
    assert any("── Storefront b3 " in line for line in shown)
    few = signals(boards.shop(source), 116, 12, cursor="shop.b3", expanded=True)
    assert sum(" SEV2 " in line for line in few if " b" in line) >= 3
    assert not any(" a1 " in line for line in few)
    assert any("of them not well" in line for line in few)
    names = SignalsPanel.rows(replace(view(boards.shop(source), expanded=True), height=36))
    assert names[0] == "shop.b0"


# under a hand -------------------------------------------------------------------------


async def test_acknowledging_through_a_figures_row_is_of_its_source():
    link = ScriptedLink(boards.welcome(), BOTH)
    pages = (LocalPage("p", ("signals",)),)
    async with console(link=link, pages=pages).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        panel = app.screen.query_one(Panel)
        assert panel.cursor == "shop.error_rate"
        await pilot.press("1", "down", "down")
        assert panel.cursor == "shop.errors_per_minute"
        await pilot.press("K")
        assert isinstance(app.screen, AcknowledgeScreen)
        await pilot.press(*"known", "enter")
        await pilot.pause()
        assert link.asked == [
            Acknowledge(ref=0, source="shop", level="SEV2", reason="known", seconds=1800.0)
        ]
        await pilot.press("end", "K")
        assert "web is OK: there is nothing to acknowledge" in notices(app)


async def test_the_cursor_goes_to_the_worst_figure_until_a_person_moves_it():
    short = boards.changed(boards.metrics(), memory_used={"level": "SEV2", "cause": "memory"})
    pages = (LocalPage("p", ("signals",)),)
    async with console(boards.shop(), pages=pages).run_test(size=(120, 40)) as pilot:
        app = await started(pilot)
        panel = app.screen.query_one(Panel)
        assert panel.cursor == "shop.error_rate"
        app.post_message(EngineSaid((Changed(sources=(short,)),)))
        await pilot.pause()
        assert panel.cursor == "shop.memory_used"


async def test_a_page_may_restrict_a_panel_to_some_sources_and_says_so():
    pages = (LocalPage("p", ("signals:api", "resources:shop, web", "errors")),)
    async with console(BOTH, pages=pages).run_test(size=(200, 60)) as pilot:
        app = await started(pilot)
        first, second, third = app.screen.query(Panel)
        assert {name.partition(".")[0] for name in first._names()} == {"api"}
        assert {name.partition(".")[0] for name in second._names()} == {"shop"}
        assert third._names() == ("shop", "api")
        top = screen_text(app)
        assert "1 Signals: api ── 12 figures" in top
        assert "2 Resources: shop, web ── 4 figures · SEV2" in top
        assert "3 Errors ── SEV2 · Storefront" in top
        await pilot.press("1", "z")
        await pilot.pause()
        assert isinstance(app.screen, ExpandedScreen)
        assert app.screen.query_one(Panel).only == ("api",)
        assert "Signals: api" in screen_text(app)
        assert "Storefront" not in screen_text(app)


def test_before_a_panel_is_loaded_its_frame_says_the_same():
    waiting = EmptyPanel("signals:api, web", look=Look(), number=1)
    assert waiting.called == "Signals: api, web"


async def test_a_panel_whose_choice_of_sources_fails_says_so(monkeypatch):
    def broken(cls, state):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(SignalsPanel, "wanted", classmethod(broken))
    pages = (LocalPage("p", ("signals",)),)
    async with console(BOTH, pages=pages).run_test(size=(80, 24)) as pilot:
        app = await started(pilot)
        assert "This panel failed: RuntimeError: no such thing" in screen_text(app)
