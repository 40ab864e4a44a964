"""Selectors: written and read again they are the same; a wrong one says where."""

import re
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.regex import Pattern
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
        ('a{x=~"[[:alpha:]]+"}', {"x": "get"}, True),
        ('a{x=~"\\\\pL+"}', {"x": "ä"}, True),
        ('a{x=~"(?P<n>a)|b"}', {"x": "b"}, True),
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
        ('a{b=~"["}', "at character 6: not a regular expression (RE2): missing ]: ["),
        ('a{b=~"(?=x)"}', "(RE2): invalid perl operator: (?="),
        ('a{b=~"(x)\\\\1"}', "(RE2): invalid escape sequence: \\1"),
        ('a{b=~"x{1001}"}', "(RE2): invalid repetition size: {1001}"),
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
    "pattern",
    [
        "([a-z0-9]{1,10}-?){1,10}x",
        "((a?){10}){10}a{10}b",
        "(x+)+",
        "(a|ab)*c",
        "(a*)*b",
        "[a-z]*[a-z]*x",
        ".*a.*b",
    ],
)
def test_no_pattern_takes_longer_than_the_value_is_long(pattern: str) -> None:
    compiled = Pattern(pattern)
    began = time.thread_time()
    for length in (32, 1000, 65_000):
        assert not compiled.matches("a" * length)
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize("pattern", ["((.{1,30}){1,30})*q", "x{1000}{1000}", "a" * 65_000])
def test_a_pattern_takes_little_or_is_refused(pattern: str) -> None:
    began = time.thread_time()
    try:
        Pattern(pattern).matches("ab" * 1000)
    except ValueError as error:
        assert "not a regular expression" in str(error)  # noqa: PT017 - some are small enough
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize("pattern", ["(", "[", "a{1001}", "(?=x)", "a**", "\\1"])
def test_a_refused_pattern_is_told_once_and_not_on_stderr(
    pattern: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="not a regular expression"):
        Pattern(pattern)
    assert capfd.readouterr() == ("", "")


def test_a_letter_is_one_character_and_half_a_one_breaks_nothing() -> None:
    assert Pattern("a.").matches("a\ud800")
    assert Pattern("\ud800").matches("\ud800")
    assert Pattern("..").matches("äß")


def test_a_selector_without_a_pattern_pays_for_none() -> None:
    code = (
        "import sys, warroom.sources.prometheus as p; "
        "p.settings.MetricSettings(gauge='a{b=\"c\"}'); sys.exit('re2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
