"""The panels whose rows are figures, resources and signals: as text, and under a hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

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


def test_resources_are_known_by_their_names():
    for name in ("memory", "memory_used", "cpu_user", "disk_free", "open_files", "load1"):
        assert is_resource(name)
    for name in ("latency", "free_memory", "errors_disk", ""):
        assert not is_resource(name)


def test_a_row_gives_level_source_figure_value_gauge_and_past():
    assert resources(BAD)[:6] == [
        "    level      source      figure                now  of 100 %                  past",
        "  ▲ SEV2       Storefront  memory_used        93.2 %  █████████████████████│▌░  ▅▅▅▅▅▅▅▅▅"
        "▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅",
        "  ·            Storefront  cpu                  34 %  ████████░░░░░░░░░░░░░░░░  ▇█▇███▇█▇"
        "███▇█▇███▇█▇███",
        "  ✔ OK         Storefront  disk_free /var       41 %  ██│███████░░░░░░░░░░░░░░  ██▇▇▇▇▇▇▇"
        "▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇",
        "  ·            Storefront  connections            87                            ▇█▇█▇█▇██"
        "▇█▇█▇█▇██▇█▇█▇█",
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
    assert shown[9] == "  and 3 more, none at a level: z shows all"
    assert shown[10].startswith("    └ Storefront: checkout errors: error_rate 1.2 %")
    hidden = signals(BAD, 56, 5)
    assert hidden[3] == "  and 9 more, 1 of them not well: z shows all"


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
    assert sum("connection refused · figures 30 s old" in line for line in plain) == 1
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
        await pilot.press("k")
        assert isinstance(app.screen, AcknowledgeScreen)
        await pilot.press(*"known", "enter")
        await pilot.pause()
        assert link.asked == [
            Acknowledge(ref=0, source="shop", level="SEV2", reason="known", seconds=1800.0)
        ]
        await pilot.press("end", "k")
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
        assert "3 Errors ── Storefront · SEV2" in top
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
