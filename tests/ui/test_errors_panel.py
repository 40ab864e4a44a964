"""The errors panel as text: what a person reads, in good state and bad, large and small."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels.errors import ErrorsPanel
from tests.ui import boards
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.console.look import Look
from warroom.measure.snapshot import Failure
from warroom.severity import UNSEEN

BAD = boards.shop(boards.failing())


def lines(board, width=116, height=36, **options):
    return text(ErrorsPanel, board, width, height, **options)


def title(board, **options):
    shown = view(board, **options)
    return ErrorsPanel.title(replace(shown, sources=ErrorsPanel.wanted(shown.state))).plain


def test_a_good_one_shows_the_rate_large_and_what_stands_beside_it():
    shown = lines(boards.shop())
    assert [line[:11] for line in shown[:3]] == ["┏━┓ ╺┓ ╺━╸ ", "┃ ┃  ┃ ┏━┛ ", "┗━┛▪╺┻╸┗━╸ "]
    assert shown[0].endswith("✔ OK  error rate of Storefront")
    assert shown[1][18:].split() == [
        *("requests/s", "41", "errors/min", "3", "p50", "24", "ms"),
        *("p95", "180", "ms", "p99", "240", "ms", "429s/min", "0"),
    ]
    assert title(boards.shop()) == "OK · Storefront"


def test_the_graph_has_its_lines_by_name_and_real_figures_on_its_axes():
    shown = lines(boards.shop())
    (named,) = (line for line in shown if "▲ SEV2 over 0.5 %  checkout errors" in line)
    assert named.count("─") > 60
    assert any(line.startswith("0.6 % ┤") for line in shown)
    assert any(line.startswith("0.3 % ┤") for line in shown)
    assert any(line.startswith("  0 % └────") for line in shown)
    (times,) = (line for line in shown if "min ago" in line)
    assert times.split() == ["4", "min", "ago", "2", "min", "ago", "now"]
    # The line that is far above is named all the same.
    assert shown[4].endswith("↑ ✖ SEV1 over 5 %  checkout errors")


def test_a_bad_one_says_the_level_why_and_since_when():
    shown = lines(BAD)
    assert "▲ SEV2  error rate of Storefront" in shown[0]
    assert "p95 ◆ 640 ms" in shown[1]
    assert "checkout errors: error_rate 1.2 %, over 0.5 % · since 14:06:30Z" in shown
    assert title(BAD) == "SEV2 · Storefront"


def test_what_is_beyond_a_line_is_painted_in_its_level():
    drawn = [line for line in contents(ErrorsPanel, BAD) if "█" in line.plain]
    highest = {str(span.style) for span in drawn[0].spans}
    lowest = next(line for line in drawn if line.plain.count("█") > 70)
    assert ".level-1" in highest
    assert {str(span.style) for span in lowest.spans} == {".dim", ".bar"}


def test_breakdowns_stand_side_by_side_worst_first_with_the_level_of_what_is_over():
    shown = lines(BAD)
    at = next(n for n, line in enumerate(shown) if line.startswith("errors by path"))
    assert "latency p95 by path" in shown[at]
    assert shown[at + 1].split()[:3] == ["/checkout", "31", "/min"]
    assert "/checkout       2.4 s ◆ SEV3" in shown[at + 1]
    assert "/orders/{id}   620 ms ◆ SEV3" in shown[at + 2]
    assert "SEV" not in shown[at + 3]
    assert shown[at + 5].strip() == "and 3 more"


def test_narrow_they_stand_one_after_the_other():
    shown = lines(BAD, 56, 40)
    first, second = (
        next(n for n, line in enumerate(shown) if line.startswith(words))
        for words in ("errors by path", "latency p95 by path")
    )
    assert second == first + 5


def test_narrow_the_names_of_the_lines_stand_under_the_graph_worst_first():
    (names,) = (line for line in lines(BAD, 76, 20) if "over 5 %" in line)
    assert names.strip() == "✖ SEV1 over 5 %  ▲ SEV2 over 0.5 %  checkout errors"


def test_no_line_is_left_empty_for_a_breakdown_that_does_not_fit():
    for height in range(16, 40):
        assert len(lines(BAD, 76, height)) >= height - 2


@pytest.mark.parametrize(
    ("height", "has", "lacks"),
    [
        (36, {"graph", "axis", "first", "second"}, set()),
        (20, {"graph", "axis", "first"}, {"second"}),
        (10, {"graph", "first"}, {"axis", "second"}),
        (8, {"first"}, {"graph", "axis", "second"}),
        (3, set(), {"graph", "axis", "first", "second"}),
    ],
)
def test_what_is_needed_least_goes_first(height, has, lacks):
    shown = "\n".join(lines(BAD, 56, height))
    there = {
        "graph": "▲ SEV2\n" in shown or "───" in shown,
        "axis": "min ago" in shown,
        "first": "errors by path" in shown,
        "second": "latency p95 by path" in shown,
    }
    assert {name for name, seen in there.items() if seen} == has
    assert not lacks & has
    assert "1.2 %" in shown
    assert "SEV2" in shown


def test_the_smallest_screen_exactly():
    assert lines(BAD, 56, 11) == [
        "1.2 %    ▲ SEV2  error rate of Storefront",
        "p95 ◆ 640 ms  requests/s 41       errors/min 36",
        "checkout errors: error_rate 1.2 %, ov… · since 14:06:30Z",
        "                                             ▂▂ ↑ ✖ SEV1",
        "                                       ▃▃▅▅▇▇██",
        "───────────────────────────────▁▁▄▄▆▆██████████ ▲ SEV2",
        "▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▅▅▇▇████████████████",
        "errors by path",
        "/checkout     31 /min  █████████████████████████▌",
        "/orders/{id}   4 /min  ███▌",
        "  and 2 more",
    ]


def test_several_sources_have_a_row_each_and_the_cursor_chooses_whose_graph():
    board = boards.shop(boards.failing(), boards.metrics("api"))
    shown = lines(board, cursor="api")
    assert shown[0].split()[:5] == ["▲", "SEV2", "Storefront", "1.2", "%"]
    assert shown[1].split()[:6] == ["▸", "✔", "OK", "api", "0.12", "%"]
    assert any("error rate of api" in line for line in shown)
    assert any("error rate of Storefront" in line for line in lines(board, cursor="shop"))
    assert title(board) == "SEV2 · Storefront"
    assert title(boards.shop(boards.metrics("a"), boards.metrics("b"))) == "2 sources"


def test_more_sources_than_lines_keep_the_cursor_in_sight():
    board = boards.shop(*(boards.metrics(f"s{n}") for n in range(9)))
    shown = lines(board, 76, 12, cursor="s7")
    assert any(line.startswith("▸") and "s7" in line for line in shown)
    assert "  and 6 more, all well" in shown


def test_exactly_zero_is_zero_and_unknown_is_a_dash_with_a_reason_said_once():
    zero = boards.changed(boards.metrics(), error_rate={"value": 0.0, "trend": (0.0,) * 9})
    shown = lines(boards.shop(zero), 76, 10)
    assert shown[0].startswith("0 %      ✔ OK")
    assert any("▁" in line for line in shown)
    young = boards.metrics(notes=("rates need a second scrape",))
    young = boards.changed(
        young, error_rate={"value": None, "trend": (None,)}, requests={"value": None}
    )
    shown = lines(boards.shop(young), 76, 10)
    assert shown[0].startswith("–        ? CAN'T SEE")
    said = "not known: error_rate, requests (rates need a second scrape)"
    assert sum(said in line for line in shown) == 1


def test_what_cannot_be_seen_keeps_its_last_figures_greyed_with_their_age():
    gone = boards.metrics(
        state="CAN'T SEE",
        level=UNSEEN,
        cause="connection refused",
        failure=Failure("connect", "connection refused"),
        age=45.0,
    )
    # As the engine sends it: no value, no poll's figure in the past any more.
    blank = {s.name.partition(".")[2]: {"value": None} for s in gone.signals}
    gone = boards.changed(gone, **blank)
    gone = boards.changed(gone, error_rate={"trend": (*boards.RATES[:100], *(None,) * 20)})
    shown = contents(ErrorsPanel, boards.shop(gone), 76, 20)
    plain = "\n".join(line.plain for line in shown)
    assert "? CAN'T SEE  error rate of Storefront" in plain
    assert "p95 180 ms" in plain
    assert "figures 30 s old · connection refused" in plain
    (axis,) = (line.plain for line in shown if "└" in line.plain)
    assert axis.rstrip().endswith("????")
    assert not axis.rstrip().startswith("?")
    assert ".bar" not in {str(span.style) for line in shown for span in line.spans}


def test_a_red_that_goes_dark_stays_red_and_says_it_is_dark():
    dark = boards.failing(state="CAN'T SEE", failure=Failure("connect", "refused"), age=45.0)
    assert "▲ SEV2 CAN'T SEE  error rate of Storefront" in lines(boards.shop(dark))[0]


def test_without_an_engine_nothing_is_known_of_now():
    shown = lines(boards.shop(), 76, 20, lost="it was killed", now=30.0)
    assert "? CAN'T SEE  error rate of Storefront" in shown[0]
    text = "\n".join(shown)
    assert "figures 30 s old · no word from the engine: it was killed" in text
    assert "now" not in [word for line in shown if "ago" in line for word in line.split()]
    assert any(line.endswith("30 s ago") for line in shown)


def test_parts_that_cannot_be_seen_are_named_and_the_rest_is_shown_as_it_is():
    words = "label path is gone from http_requests_total"
    blind = boards.metrics(state="CAN'T SEE", level=UNSEEN, cause=words, blind=(words,))
    shown = contents(ErrorsPanel, boards.shop(blind), 76, 20)
    plain = [line.plain for line in shown]
    assert "✔ OK  error rate" in plain[0]
    assert sum(words in line for line in plain) == 1
    assert not any("cannot see" in line for line in plain)  # the cause has said it
    assert ".bar" in {str(span.style) for line in shown for span in line.spans}
    both = boards.failing(blind=(words,))
    assert f"· since 14:06:30Z · cannot see {words}" in " ".join(lines(boards.shop(both)))


def test_what_is_counted_towards_a_level_is_shown():
    rising = boards.metrics(pending="1 of 2 polls to SEV2")
    assert "1 of 2 polls to SEV2" in lines(boards.shop(rising))


def test_polls_that_were_skipped_or_failed_reach_further_back_than_they_say():
    slow = boards.metrics(skipped=4)
    assert any("over 4 min ago" in line for line in lines(boards.shop(slow)))


def test_an_http_source_with_an_error_rate_is_drawn_too():
    web = boards.up("web")
    rate = boards.figure("web.error_rate", 4.0, "%", trend=(3.0, 4.0))
    web = replace(web, signals=(*web.signals, rate))
    shown = lines(boards.shop(web, boards.up("api")))
    assert "· no rule on it  error rate of web" in shown[0]
    assert lines(boards.shop(boards.up("api")))[0].startswith("No source has a figure called")
    assert lines(boards.shop(), only=("x",))[0].startswith("No source shown here has a figure")


def test_expanded_it_says_where_the_figures_come_from_without_secrets():
    shown = "\n".join(lines(BAD, 116, 50, expanded=True))
    for words in (
        "lowest 0.09 %, mean",
        "http://user:***@shop.example:9100/metrics?token=*** (text)",
        "412 lines, 30.3 KiB, 96 series wanted",
        "over the last 58 s",
        "every 2.0 s, 240 made, 0 failed, 0 skipped, figures of 14:07:10Z",
    ):
        assert words in shown
    assert "secret" not in shown


def test_what_a_figure_is_per_stands_in_its_name_and_its_noun_nowhere():
    source = boards.changed(
        boards.metrics(),
        requests={"unit": "req/s"},
        errors_per_minute={"unit": "errors/min", "value": 66.0},
        rate_limited={"unit": "answers/min", "value": 3630.0},
    )
    signals = (*source.signals, boards.figure("shop.sign_ins_failed", 4.0, "sign-ins/min"))
    source = replace(source, signals=signals)
    shown = lines(boards.shop(source), 200, 36)[1]
    assert " ".join(shown[18:].split()) == (
        "requests/s 41 errors/min 66 p50 24 ms p95 180 ms p99 240 ms 429s/min 3630 "
        "failed sign-ins/min 4"
    )
    # A unit that says no span is left as it is.
    counted = boards.changed(boards.metrics(), rate_limited={"unit": "answers", "value": 12.0})
    assert "429s 12 answers" in "\n".join(lines(boards.shop(counted)))


def test_a_breakdown_says_its_unit_and_cuts_no_digit():
    source = boards.metrics()
    parts = boards.by_path("shop", (("/api/checkout", 1234.0), ("/cart", 66.0)), ())
    seen = replace(source.snapshot.seen, breakdowns=(replace(parts[0], unit="errors/min"),))
    source = replace(source, snapshot=replace(source.snapshot, seen=seen))
    for width in (56, 76, 116):
        shown = "\n".join(lines(boards.shop(source), width, 36))
        assert "/api/checkout 1234 errors/min" in shown
        assert "  66 errors/min" in shown


LIMITED = {
    "value": 3630.0,
    "unit": "answers/min",
    "level": "SEV2",
    "cause": "customers rate limited: rate_limited 3630, over 60",
    "trend": tuple(3000.0 + n for n in range(120)),
    "limits": (boards.limit("SEV2", "> 60", "customers rate limited"),),
}


def limited(**more):
    more = {"level": "SEV2", "cause": LIMITED["cause"], "since": boards.NOON, **more}
    source = boards.metrics(**more)
    return boards.changed(source, error_rate={"value": 0.0}, rate_limited=LIMITED)


def test_while_another_figure_is_red_nothing_looks_green():
    board = boards.shop(limited())
    assert title(board) == "SEV2 · Storefront"
    shown = lines(board)
    assert "▲ SEV2 429s/min · ✔ OK error rate" in shown[0]
    assert shown[1][11:].strip().startswith("429s/min ▲ 3630   requests/s 41")
    assert "customers rate limited: rate_limited 3630, over 60 · since 14:07:10Z" in shown
    assert "▲ 429s/min" in shown
    at = shown.index("▲ 429s/min")
    assert any("█" in line for line in shown[at + 1 : at + 8])
    assert any("▲ SEV2 over 60  customers" in line for line in shown[at:])
    (ink,) = {str(s.style) for s in contents(ErrorsPanel, board)[2].spans if s.start == 0}
    assert ink == ".dim"  # the good rate is not what is to be seen


@pytest.mark.parametrize("size", [(56, 11), (56, 3), (76, 5), (116, 36), (24, 6)])
def test_a_red_fact_is_never_the_one_left_out(size):
    shown = lines(boards.shop(limited()), *size)
    assert any("429s/min ▲ 3630" in line for line in shown)


def test_failed_sign_ins_and_a_slow_path_are_the_titles_business_too():
    slow = boards.changed(
        boards.metrics(), latency_p95_by_path={"level": "SEV3", "cause": "slow path", "value": 9e3}
    )
    assert title(boards.shop(slow)) == "SEV3 · Storefront"
    assert "◆ SEV3 latency p95 by path /checkout" in lines(boards.shop(slow))[0]
    source = boards.metrics()
    failed = boards.figure("shop.sign_ins_failed", 90.0, "sign-ins/min", level="SEV2")
    source = replace(source, signals=(*source.signals, failed))
    assert title(boards.shop(source)) == "SEV2 · Storefront"
    both = boards.shop(source, boards.metrics("api"))
    assert lines(both)[0].startswith("▸ ▲ SEV2") or "▲ SEV2" in lines(both)[0]
    assert "failed sign-ins/min ▲ 90" in lines(both)[0]


def test_a_long_name_stands_apart_from_its_words():
    failed = boards.figure("shop.sign_ins_failed", 90.0, "sign-ins/min", level="SEV2")
    failed = replace(
        failed, cause="sign-ins fail", limits=(boards.limit("SEV2", "> 60", "sign-ins fail"),)
    )
    source = boards.metrics()
    board = boards.shop(replace(source, signals=(*source.signals, failed)))
    shown = lines(board, 116, 50, expanded=True)
    (line,) = (at for at in shown if at.startswith("  failed sign-ins/min"))
    assert line == "  failed sign-ins/min  sign-ins fail"
    assert any(at.startswith("  polls                every ") for at in shown)


def test_its_own_cause_comes_first_with_its_since_and_what_is_not_known_once():
    source = boards.failing(
        cause="gap: other_figure 7, over 5", blind=("shop_queue_depth is NaN", "g is +Inf")
    )
    depth = boards.figure("shop.queue_depth", None, "jobs")
    source = replace(source, signals=(*source.signals, depth))
    text = "\n".join(lines(boards.shop(source), 300, 36))
    assert (
        "checkout errors: error_rate 1.2 %, over 0.5 % · SEV2 since 14:06:30Z · "
        "queue_depth is not known: NaN · cannot see g is +Inf · gap: other_figure 7, over 5"
    ) in text
    assert text.count("NaN") == 1
    assert "cannot see shop_queue_depth" not in text
    tiny = lines(boards.shop(source), 56, 9)
    assert "checkout errors: error_" in tiny[2]
    assert "… · SEV2 since 14:06:30Z" in tiny[2]
    small = lines(boards.shop(source), 76, 10)
    assert any("1.2 %, over 0.5 % · SEV2 since 14:06:30Z" in line for line in small)
    alone = replace(source, level=UNSEEN, state="CAN'T SEE", cause="shop_queue_depth is NaN")
    alone = boards.changed(alone, error_rate={"level": "OK", "cause": "", "value": 0.1})
    text = "\n".join(lines(boards.shop(alone), 300, 36))
    assert text.count("NaN") == 1


def test_one_more_poll_changes_few_cells():
    """A graph that moved at every poll would cost a slow line thousands of bytes a second."""
    before = boards.metrics(polls=240)
    past = before.signal("error_rate").trend
    after = boards.changed(
        replace(before, polls=241), error_rate={"value": 0.11, "trend": (*past[1:], 0.11)}
    )
    old, new = (lines(boards.shop(source)) for source in (before, after))
    differ = sum(
        a != b
        for one, other in zip(old, new, strict=True)
        for a, b in zip(one.ljust(116), other.ljust(116), strict=True)
    )
    # One digit of the large figure, and the newest column, which begins lower.
    assert 0 < differ <= 20


def test_in_ascii_no_character_beyond_it_is_drawn():
    for expanded in (False, True):
        for size in ((116, 36), (56, 11)):
            shown = lines(BAD, *size, look=Look(unicode=False), expanded=expanded)
            assert all(line.isascii() for line in shown), shown


@given(HOSTILE, st.sampled_from([(116, 36), (76, 20), (56, 11)]), st.booleans())
def test_hostile_text_is_shown_and_obeyed_by_nobody(words, size, expanded):
    seen = boards.by_path("shop", ((words, 3.0), (words, None)), ((words, 900.0),))
    seen = tuple(replace(part, by=words, unit=words[:9]) for part in seen)
    source = boards.failing(
        title=words[:40] or "x", cause=words, pending=words, breakdowns=seen, notes=(words,)
    )
    source = boards.changed(
        source,
        error_rate={"cause": words, "limits": (boards.limit("SEV2", "> 0.5", words),)},
        requests={"unit": words[:9]},
    )
    shown = contents(ErrorsPanel, boards.shop(source), *size, expanded=expanded)
    harmless(shown, *size)


@given(
    st.integers(16, 220),
    st.integers(1, 60),
    st.lists(st.none() | st.floats(allow_nan=False), max_size=130),
    st.booleans(),
)
def test_every_size_and_every_figure_is_kept_to(width, height, values, expanded):
    value = values[-1] if values else None
    odd = boards.changed(boards.failing(), error_rate={"value": value, "trend": tuple(values)})
    for board in (boards.shop(odd), boards.shop(odd, boards.metrics("api"))):
        shown = contents(ErrorsPanel, board, width, height, cursor="shop", expanded=expanded)
        harmless(shown, width, height)
