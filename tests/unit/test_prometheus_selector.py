"""Selectors: written and read again they are the same; a wrong one says where."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.sources.prometheus.regex import Pattern
from warroom.sources.prometheus.selector import Matcher, Selector, parse_selector

NAMES = st.from_regex(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,20}", fullmatch=True)
LABELS = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,10}", fullmatch=True).filter(
    lambda label: label != "__name__"
)
VALUES = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
MATCHERS = st.one_of(
    st.builds(Matcher, LABELS, st.sampled_from(["=", "!="]), VALUES),
    st.builds(Matcher, LABELS, st.sampled_from(["=~", "!~"]), VALUES.map(re.escape)),
)
SELECTORS = st.builds(Selector, NAMES, st.lists(MATCHERS, max_size=4).map(tuple))


@given(SELECTORS)
def test_what_is_written_is_read_again(selector: Selector) -> None:
    assert parse_selector(str(selector)) == selector


@given(st.text(max_size=30), VALUES)
def test_any_text_is_a_selector_or_says_where(text: str, value: str) -> None:
    for tried in (text, f"a{{b={text}}}", f"a{{b=~'{value}'}}"):
        try:
            found = parse_selector(tried)
        except ValueError as error:
            at = re.match(r"at character (\d+): .", str(error))
            assert at, error  # noqa: PT017 - some are selectors
            assert 1 <= int(at[1]) <= len(tried) + 1
        else:
            assert parse_selector(str(found)) == found


@given(VALUES, VALUES)
def test_literals_match_themselves_alone(value: str, other: str) -> None:
    same = {"l": value}
    for op in ("=", "=~"):
        written = value if op == "=" else re.escape(value)
        selector = parse_selector(str(Selector("a", (Matcher("l", op, written),))))
        assert selector.selects(same)
        assert selector.selects({"l": other}) == (value == other)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'a{l="\a\b\f\n\r\t\v\\\""}', '\a\b\f\n\r\t\v\\"'),
        (r"a{l='\''}", "'"),
        (r"a{l=`\n`}", "\\n"),
        (r'a{l="\101\x41\u0041\U00000041"}', "AAAA"),
        (r'a{l="\xc3\xa4"}', "ä"),
        ('a { l = "x" , } ', "x"),
        ('\ta\n{\nl="x"}', "x"),
    ],
)
def test_strings_as_promql_writes_them(text: str, value: str) -> None:
    assert parse_selector(text).matchers[0].value == value


@pytest.mark.parametrize(
    ("selector", "labels", "selected"),
    [
        ('a{status=~"5.."}', {"status": "503"}, True),
        ('a{status=~"5.."}', {"status": "5033"}, False),
        ('a{status=~"5.."}', {"status": "1503"}, False),
        ('a{status=~"5"}', {"status": "503"}, False),
        ('a{status!~"5.."}', {"status": "200"}, True),
        ('a{status!~"5.."}', {}, True),
        ('a{status!="500"}', {}, True),
        ('a{status=""}', {}, True),
        ('a{status=~".+"}', {}, False),
        ('a{status=~"a|bc"}', {"status": "bc"}, True),
        ('a{status=~"a.c"}', {"status": "a\nc"}, True),
        ('a{status=~"\\\\d"}', {"status": "٣"}, False),
        ('a{x="1",y="2"}', {"x": "1", "y": "3"}, False),
        ("a", {"x": "1"}, True),
        ('a{x=~"(?i)get"}', {"x": "GET"}, True),
    ],
)
def test_which_series_are_meant(selector: str, labels: dict[str, str], selected: bool) -> None:
    assert parse_selector(selector).selects(labels) is selected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at character 1: the name of a series"),
        ('{a="b"}', "at character 1: the name of a series"),
        ("5xx_total", "at character 1: the name of a series"),
        ("a{", "at character 3: } is missing"),
        ('a{b="c"', "at character 8: a comma or }"),
        ("a{b}", "at character 4: one of = != =~ !~"),
        ("a{b=c}", "at character 5: a value in quotes"),
        ('a{b="c}', "at character 5: the quote is not closed"),
        ('a{b="c\n"}', "at character 5: the quote is not closed"),
        ('a{b="\\q"}', "at character 6: \\q is no escape"),
        ('a{b="\\ud800"}', "at character 6"),
        ('a{b="\\xff"}', "at character 5: the value is not UTF-8"),
        ('a{b="c" d="e"}', "at character 9: a comma or }"),
        ('a{b=~"["}', "at character 6: not a regular expression"),
        ('a{b=~"(?=x)"}', "look-ahead or look-behind is not known to Prometheus"),
        ('a{b=~"(x)\\\\1"}', "a reference to a group"),
        ('a{b=~"[[:alpha:]]"}', "is not supported here"),
        ('a{b=~"(x+)+"}', "a repetition inside a repetition"),
        ('a{b=~"(a|ab)*"}', "a repetition inside a repetition"),
        ('a{__name__="b"}', "at character 3: the name stands before"),
        ("a[5m]", "at character 2: no range here; window says"),
        ("sum(a)", "at character 4: a selector is needed, no function"),
        ("a offset 5m", "at character 3: nothing may follow"),
        ('a{"b"="c"}', "at character 3: the name of a label"),
    ],
)
def test_a_wrong_one_says_where_and_what(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^at character") as caught:
        parse_selector(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "pattern", [r".*a.*b", r"[a-z]*[a-z]*x", r"a*a*a*x", r"\w+\d+x", r"(.*x){3}", r"a+", r".*foo.*"]
)
def test_a_long_value_is_refused_before_it_takes_long(pattern: str) -> None:
    compiled = Pattern(pattern)
    began = time.thread_time()
    for length in (10, 100, 1000, 2000, 65_000):
        try:
            compiled.matches("a" * length)
        except ValueError as error:
            assert "too long to be compared" in str(error)  # noqa: PT017 - some are short enough
    assert time.thread_time() - began < 0.5


def test_the_end_of_a_pattern_costs_nothing() -> None:
    assert Pattern("/api/.*").matches("/api/" + "x" * 60_000)
    with pytest.raises(ValueError, match="too long to be compared"):
        Pattern(".*a.*b").matches("x" * 60_000)
