"""The scanner from key to line."""

import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from warroom.config.lines import line_of, lines

KEYS = st.one_of(
    st.sampled_from(["a", "b", "name", "x-y", "a.b", 'q"u', "", "ü", "[x]", "#", "a = 1"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=6),
)
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20),
    st.sampled_from(["x = 1\n[y]\n", '"""', "'''\n", "# no\n", "\\", '\\"', "]]\n}", "a\nb\n"]),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.booleans(), st.integers(-99, 99), st.floats(allow_nan=False), TEXTS, st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=5)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every key and every array element of ``value``."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [p for key, below in inner for p in [(*path, key), *paths(below, (*path, key))]]


@given(TABLES, st.booleans())
def test_every_key_is_found(table: dict[str, Any], multiline: bool) -> None:
    text = tomli_w.dumps(table, multiline_strings=multiline)
    parsed = tomllib.loads(text)
    # A header such as [a.b] leaves [a] to be understood: its line is that of [a.b].
    assert set(paths(parsed)) <= set(lines(text))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "# [x]\n", "\n\n", "# k0 = 1 '''\n", "\t\n"]),
            TEXTS,
            st.sampled_from(["", "  # key = 'no'", "\t"]),
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_every_key_is_on_its_line(entries: list[tuple[str, str, str]], multiline: bool) -> None:
    """A document written line by line, so that each key's line is known beforehand."""
    text, expected = "", {}
    table: tuple[str, ...] = ()
    for index, (before, value, after) in enumerate(entries):
        text += before
        if index % 3 == 2:
            text += f"[t.{index}]\n"
            table = ("t", str(index))
        expected[(*table, f"k{index}")] = text.count("\n") + 1
        written = tomli_w.dumps({f"k{index}": value}, multiline_strings=multiline)
        text += written.rstrip("\n") + after + "\n"
    tomllib.loads(text)
    found = lines(text)
    assert {path: found.get(path) for path in expected} == expected


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    lines(text)


@given(st.text(st.sampled_from("[]{}=.,'\"\\#\n a1"), max_size=60))
def test_no_text_made_of_its_own_signs_makes_it_raise(text: str) -> None:
    found = lines(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a = " + "{a=" * 50_000, '"""' * 3_000])
def test_deep_and_unclosed_text_is_left_alone(text: str) -> None:
    assert lines(text).get(("a",), 1) == 1


def test_all_that_toml_can_write() -> None:
    text = '''# a comment with [table] and x = 1
version = 1
text = """
[not.a.table]
inner = 1
quote at the end """""
literal = \'\'\'
x = "
\'\'\'
list = [
  "a", # comment ]
  [1,
   2],
]
in.line = { a = 1, "b c" = { d = [ {e = 1} ] } }
[ sources . "my api" ]
url = "x"
[[rules]]
name = "one"
[[rules]]
  name = "two"
  [rules.levels]
  SEV1 = "> 5"
[[rules.more]]
x = 1
'''
    tomllib.loads(text)
    found = lines(text)
    expected = {
        ("version",): 2,
        ("text",): 3,
        ("literal",): 7,
        ("list",): 10,
        ("list", 0): 11,
        ("list", 1): 12,
        ("list", 1, 1): 13,
        ("in",): 15,
        ("in", "line", "b c", "d", 0, "e"): 15,
        ("sources",): 16,
        ("sources", "my api", "url"): 17,
        ("rules",): 18,
        ("rules", 0, "name"): 19,
        ("rules", 1): 20,
        ("rules", 1, "name"): 21,
        ("rules", 1, "levels", "SEV1"): 23,
        ("rules", 1, "more", 0, "x"): 25,
    }
    assert {path: found.get(path) for path in expected} == expected
    assert ("inner",) not in found
    assert ("x",) not in found


def test_what_is_missing_is_at_its_nearest_ancestor() -> None:
    found = lines("a = 1\n[room]\nname = 'x'\n")
    assert line_of(found, ("room", "name", "deeper")) == 3
    assert line_of(found, ("room", "dir")) == 2
    assert line_of(found, ("pages", 0)) == 1
