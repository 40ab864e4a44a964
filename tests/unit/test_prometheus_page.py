"""Pages: what is picked out of one is what is in it, and half a page is none."""

import math
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as whole_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as whole_text

from warroom.errors import ProbeError
from warroom.sources.prometheus.operand import Operand
from warroom.sources.prometheus.page import Page, read_page
from warroom.sources.prometheus.samples import OPENMETRICS, TEXT, GivenUpError
from warroom.sources.prometheus.selector import parse_selector
from warroom.sources.prometheus.sieve import LONGEST

NAMES = ("shop", "shop_total", "shop_total_seconds", "sho", "shop_count", "other", "a:b")
PLAIN = st.characters(exclude_categories=("Cs", "Cc"))
VALUES = st.text(st.one_of(st.sampled_from('\\"\n{},# ='), PLAIN), max_size=12)
BLANKS = st.text(" \t", max_size=2)
SOME = st.text(" \t", min_size=1, max_size=2)


def page(
    body: bytes | str,
    *selectors: str,
    form: str = TEXT,
    kind: str = "gauge",
    pieces: int = 0,
    oldest: float = 0.0,
    most: int = 100_000,
) -> Page:
    data = body.encode() if isinstance(body, str) else body
    size = pieces or max(len(data), 1)
    cut = [data[at : at + size] for at in range(0, len(data), size)]
    operands = [Operand(kind, parse_selector(text)) for text in selectors]
    return read_page(cut, form, operands, oldest=oldest, most=most, given_up=lambda: False)


def written(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


@st.composite
def lines(draw: st.DrawFn) -> str:
    """One line of a text page with odd spacing: of a series, a comment, or nothing."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.sampled_from(["", "  ", "# a comment", "#", "# HELP shop words", "\t# x"]))
    name = draw(st.sampled_from(NAMES))
    if kind == 1:
        return f"# TYPE {name} gauge"
    labels = draw(st.dictionaries(st.sampled_from(["path", "le", "x"]), VALUES, max_size=3))
    inner = ",".join(f'{draw(BLANKS)}{k}{draw(BLANKS)}="{written(v)}"' for k, v in labels.items())
    comma = "," if labels and draw(st.booleans()) else ""
    braces = f"{draw(BLANKS)}{{{inner}{comma}}}{draw(BLANKS)}" if labels else draw(SOME)
    value = draw(st.sampled_from(["1", "2.5", "-3e7", "NaN", "+Inf", "0"]))
    stamp = draw(st.sampled_from(["", "", " 1700000000000"]))
    return f"{draw(BLANKS)}{name}{braces}{value}{stamp}{draw(BLANKS)}"


@given(
    st.lists(lines(), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(NAMES),
    st.integers(1, 60),
)
def test_what_is_picked_is_what_the_whole_page_has(
    drawn: list[str], end: str, name: str, pieces: int
) -> None:
    body = "".join(line + end for line in drawn)
    expected: dict[object, float] = {}
    for family in whole_text(body):
        for sample in family.samples:
            if sample.name == name:
                labels = tuple(sorted((k, v) for k, v in sample.labels.items() if v))
                expected.setdefault(labels, sample.value)
    found = page(body, name, pieces=pieces)
    series = found.series.get(name, {})
    assert list(series) == list(expected)
    assert repr(list(series.values())) == repr([float(value) for value in expected.values()])
    assert found.lines == len(drawn)
    assert found.size == len(body.encode())


@given(st.lists(st.sampled_from(["shop", "sho", "shop_x", "a:b"]), unique=True, min_size=1), VALUES)
def test_openmetrics_families_are_kept_whole(names: list[str], value: str) -> None:
    body = ""
    for name in names:
        body += f"# TYPE {name}_h histogram\n# HELP {name}_h x\n"
        body += f'{name}_h_bucket{{l="{written(value)}",le="+Inf"}} 3 # {{trace_id="a b"}} 1 2\n'
        body += (
            f'{name}_h_count{{l="{written(value)}"}} 3\n{name}_h_sum{{l="{written(value)}"}} 4\n'
        )
        body += f"# TYPE {name}_c counter\n{name}_c_total 5\n{name}_c_created 6\n"
    body += "# EOF\n"
    for name in names:
        wanted = (f"{name}_h_bucket", f"{name}_c_total")
        found = page(body, *wanted, form=OPENMETRICS, pieces=17)
        expected = {
            sample.name: sample.value
            for family in whole_openmetrics(body)
            for sample in family.samples
            if sample.name in wanted
        }
        got = {name: value for name, series in found.series.items() for value in series.values()}
        assert got == expected
        assert set(found.names) == set(wanted)


def values(found: Page) -> list[float]:
    return [value for series in found.series.values() for value in series.values()]


def test_a_counter_keeps_its_name_whatever_its_type_says() -> None:
    assert values(page("# TYPE hits counter\nhits 3\n", "hits")) == [3]
    assert values(page("# TYPE hits counter\nhits 3\n", "hits_total")) == []


def test_names_within_braces() -> None:
    found = page('{"hits",path="a"} 3\n{path="b", "hits"} 4\n{"hits2"} 5\n', "hits")
    assert values(found) == [3, 4]


@pytest.mark.parametrize(
    "line",
    [
        'hits{a="x"} 1 # {trace_id="ab"} 0.5 1700000000',
        'hits{a="# {"} 1 # {trace_id="ab"} 0.5',
        'hits{a="\\" # {x} 7"} 1',
        "hits 1 # {} 2",
    ],
)
def test_an_exemplar_is_no_part_of_the_value(line: str) -> None:
    assert values(page(line + "\n", "hits", oldest=1e9)) == [1]


@pytest.mark.parametrize(
    ("declared", "name", "form", "known"),
    [
        ("hits_total counter", "hits_total", TEXT, True),
        ("hits counter", "hits_total", TEXT, False),
        ("hits counter", "hits_total", OPENMETRICS, True),
        ("hits counter", "hits", OPENMETRICS, False),
        ("h histogram", "h_bucket", TEXT, True),
        ("h histogram", "h_count", OPENMETRICS, True),
        ("h histogram", "h", TEXT, False),
        ("h summary", "h_bucket", TEXT, False),
        ("h gauge", "h_count", TEXT, False),
        ("hit gauge", "hits", TEXT, False),
    ],
)
def test_a_family_without_series_is_there_all_the_same(
    declared: str, name: str, form: str, known: bool
) -> None:
    end = "# EOF\n" if form == OPENMETRICS else ""
    found = page(f"# TYPE {declared}\n{end}", name, form=form)
    assert (name in found.names) is known


def test_what_is_too_old_is_not_there() -> None:
    body = "# TYPE q gauge\nq 1 1699999000000\nx 1 1699999000000\nx{a='b'} 2\n".replace("'", '"')
    found = page(body, "q", "x", oldest=1_699_999_900)
    assert (found.names, found.stale) == ({"x"}, {"q"})
    assert values(found) == [2]
    body = "# TYPE q gauge\nq 1 1699999000\n# EOF\n"
    assert page(body, "q", form=OPENMETRICS, oldest=1_699_999_900).stale == {"q"}


def test_of_the_same_series_twice_the_first_counts() -> None:
    found = page('q{a="1",b="2"} 1\nq{b="2",a="1"} 5\nq{a="1",b="2",c=""} 6\n', "q")
    assert values(found) == [1]
    assert found.doubled == {"q"}


@pytest.mark.parametrize(
    ("body", "phase", "said"),
    [
        ("", "body", "the page is empty"),
        ("hits 1\nhi", "body", "the page is cut off: line 2 does not end"),
        ("other 1\nhits 1", "body", "the page is cut off: line 2 does not end"),
        ("<html>\n", "answer", "HTML"),
        ("\n  <?xml?>\n", "answer", "HTML"),
        ("x 1\nhits abc\n", "body", "line 2 cannot be read"),
        ("hits\n", "body", "line 1 cannot be read"),
        ("hits{\n", "body", "line 1 cannot be read"),
        ('hits{a="b" 1\n', "body", "line 1 cannot be read"),
        ('hits{a="b",a="c"} 1\n', "body", "line 1 cannot be read"),
        ("hits 1e\n", "body", "line 1 cannot be read"),
        ("hits 1_0\n", "body", "line 1 cannot be read"),
        (f"hits {'9' * 400}\n", "body", "line 1 cannot be"),
        ("# TYPE hits\n", "body", "line 1 cannot be read: # TYPE without a type"),
        (b'hits{a="\xff"} 1\n', "body", "line 1 cannot be read: it is not UTF-8"),
        (f'\nhits{{a="{"x" * LONGEST}"}} 1\n', "body", "line 2 is over 64 KiB long"),
    ],
)
def test_half_a_page_is_none(body: str | bytes, phase: str, said: str) -> None:
    for pieces in (0, 3, 50_000):
        with pytest.raises(ProbeError) as caught:
            page(body, "hits", pieces=pieces)
        assert caught.value.phase == phase
        assert said in str(caught.value)


def test_what_is_not_wanted_may_be_anything() -> None:
    long = b'other{a="' + b"x" * (2 << 20) + b'"} 1\n'
    body = b"\xff\xfe broken\nhits_other abc\n" + long + b"hits 4\n# TYPE other\n"
    for pieces in (0, 1000, 100_000):
        found = page(body, "hits", pieces=pieces)
        assert values(found) == [4]
        assert found.lines == 5


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("# TYPE hits counter\nhits_total 1\n", "the page is cut off: # EOF is missing"),
        ("hits_total 1\n# EOF\nhits_total 2\n", "line 3 cannot be read"),
        ("# TYPE hits counter\nhits_total -1\n# EOF\n", "cannot be read"),
        ("# TYPE h histogram\nh_bucket{a='1'} 1\n# EOF\n".replace("'", '"'), "cannot be read"),
    ],
)
def test_half_of_openmetrics_is_none(body: str, said: str) -> None:
    with pytest.raises(ProbeError, match=said):
        page(body, "hits_total", "h_bucket", form=OPENMETRICS)


def test_too_many_series_are_refused_by_what_is_selected() -> None:
    body = "".join(f'q{{i="{i}",k="{i % 10}"}} 1\n' for i in range(100))
    assert page(body, 'q{k="3"}', most=10).kept == 10
    with pytest.raises(ProbeError, match="over 9 series are wanted by line 94") as caught:
        page(body, 'q{k="3"}', most=9)
    assert "narrow the selectors" in caught.value.hint


def test_a_bucket_without_its_bound_cannot_be_used() -> None:
    with pytest.raises(ProbeError, match="line 2 cannot be used: a bucket of h_bucket has no"):
        page('h_bucket{le="1"} 1\nh_bucket 2\n', "h_bucket", kind="bucket")
    found = page('h_bucket{le="0.5"} 1\nh_bucket{le="0.50",a="b"} 2\n', "h_bucket", kind="bucket")
    ((operand, keys),) = found.members.items()
    assert operand.kind == "bucket"
    assert keys == {("", 0.5): [1, 2]}


@pytest.mark.parametrize("line", [b"q 1\n", b"other 1\n"])
def test_it_stops_when_nobody_waits_any_more(line: bytes) -> None:
    read = 0

    def pieces() -> Iterable[bytes]:
        nonlocal read
        while read < 100:
            read += 1
            yield line

    with pytest.raises(GivenUpError):
        read_page(
            pieces(),
            TEXT,
            [Operand("gauge", parse_selector("q"))],
            oldest=0.0,
            most=10,
            given_up=lambda: read > 5,
        )
    assert read == 6


def test_not_a_number_is_what_it_is() -> None:
    assert [math.isnan(value) for value in values(page("q NaN\n", "q"))] == [True]
