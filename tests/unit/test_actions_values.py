"""The values of parameters: what is taken, what is refused and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.actions.hand import Live
from warroom.actions.values import argument, checked
from warroom.config.actions_facts import put
from warroom.config.actions_settings import placeholders
from warroom.errors import ActionError
from warroom.incident.acting.kinds import Parameter

ROWS = (Live("7", "seven"), Live("-8", "eight"))


def value(given_, rows=ROWS, **more):
    one = Parameter(name="it", **more)
    found = checked([one], {} if given_ is None else {"it": given_}, lambda _: rows)
    return found["it"]


def refused(given_, rows=ROWS, **more):
    with pytest.raises(ActionError) as caught:
        value(given_, rows, **more)
    return str(caught.value)


def test_what_is_given_counts_and_else_the_default():
    assert value("a", default="b") == "a"
    assert value(None, default="b") == value("", default="b") == "b"
    assert value(None, default="") == ""
    assert "the queue is missing" in refused(None, title="the queue")
    assert "it is missing" in refused("")


def test_a_name_that_is_none_is_told_with_the_nearest():
    for parameters, words in (
        ([Parameter(name="queue")], "did you mean queue"),
        ([], "it takes none"),
    ):
        with pytest.raises(ActionError) as caught:
            checked(parameters, {"qeue": "x"}, lambda _: ())
        assert "there is no parameter qeue" in str(caught.value)
        assert words in caught.value.hint


@pytest.mark.parametrize(
    ("text", "number"), [("7", "7"), (" 7 ", "7"), ("-7", "-7"), ("007", "7"), ("9" * 19, "9" * 19)]
)
def test_whole_numbers(text, number):
    assert value(text, type="integer") == number


@pytest.mark.parametrize(
    "text",
    ["-", "--7", "+7", "7.0", "1e3", "0x7", "1_000", "٣", "²", "7 7", "7\n8", "9" * 20, "", "NaN"],
)
def test_what_is_no_whole_number(text):
    assert "whole number" in refused(text, type="integer") or text == ""


def test_the_bounds_of_a_number_hold_for_its_default_too():
    bounds = {"type": "integer", "minimum": 1, "maximum": 4}
    assert [value(str(n), **bounds) for n in (1, 4)] == ["1", "4"]
    assert "it is 0; the least is 1" in refused("0", **bounds)
    assert "it is 5; the most is 4" in refused("5", **bounds)
    assert "the most is 4" in refused(None, default="5", **bounds)


def test_a_choice_is_one_of_them():
    more = {"type": "choice", "choices": ("on", "off")}
    assert value("on", **more) == "on"
    assert "On is no choice" in refused("On", **more)


def test_a_pattern_is_for_the_whole_of_it():
    assert value("abc", pattern="[a-c]+") == "abc"
    for text in ("abcd", "abc\n", "xabc", "abc;id"):
        assert "does not match" in refused(text, pattern="[a-c]+")


def test_too_long_and_what_is_no_text():
    assert len(value("x" * 200)) == 200
    assert "more than 200 characters" in refused("x" * 201)
    assert "more than 200 characters" in refused("x" * (1 << 20))
    assert "NUL" in refused("a\0b")
    for half in ("\ud800", "a\udcff", "\udfff"):
        assert "no text" in refused(half)


def test_a_refusal_obeys_nothing_and_is_short():
    for more in ({"type": "choice", "choices": ("a",)}, {"pattern": "a"}, {"type": "integer"}):
        words = refused("\x1b[2J\u202e" + "x" * 150, **more)
        assert "\x1b" not in words
        assert "\u202e" not in words
        assert len(words) < 200


def test_rows():
    more = {"type": "row", "source": "deploys"}
    assert value("7", **more) == "7"
    assert (value(None, default="first", **more), value("", default="second", **more)) == (
        "7",
        "-8",
    )
    assert "9 is not there any more" in refused("9", **more)
    assert "it is missing" in refused(None, **more)
    assert "shows 1 of them only" in refused(None, ROWS[:1], default="second", **more)
    for given_ in (None, "7"):
        assert "not known now" in refused(given_, None, default="first", **more)


NAMES = ("a", "b")
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LITERAL = st.text(st.sampled_from("xyz -=/$'\"\n;"), max_size=6)


@given(st.lists(st.sampled_from(["{a}", "{b}", "{{", "}}"]) | LITERAL), VALUES, VALUES)
def test_a_text_is_its_literals_with_the_values_put_in_once(parts, a, b):
    text = "".join(parts)
    known = {"{a}": a, "{b}": b, "{{": "{", "}}": "}"}
    assert set(placeholders(text)) <= set(NAMES)
    assert put(text, {"a": a, "b": b}) == "".join(known.get(part, part) for part in parts)


@given(st.lists(st.sampled_from(["{a}", "{b}"]) | LITERAL, min_size=1), VALUES, VALUES)
def test_no_value_makes_an_option_of_an_element(parts, a, b):
    text = "".join(parts)
    values = {"a": a, "b": b}
    made = put(text, values)
    if made.startswith("-") and not text.startswith("-"):
        with pytest.raises(ActionError, match="begins with a dash"):
            argument(text, values)
    else:
        assert argument(text, values) == made


@pytest.mark.parametrize("text", ["{", "}", "{a", "a}", "{A}", "{a-b}", "{}", "{{}", "{a}}"])
def test_a_brace_that_stands_alone_is_told(text):
    with pytest.raises(ValueError, match="lone"):
        placeholders(text)


def test_a_secret_is_in_no_words_about_it() -> None:
    one = Parameter(name="value", secret=True, pattern="[a-z]+")
    with pytest.raises(ActionError, match="it does not match"):
        checked([one], {"value": "S3cret"}, lambda source: None)
    with pytest.raises(ActionError, match="4 characters or more"):
        checked([one], {"value": "abc"}, lambda source: None)
