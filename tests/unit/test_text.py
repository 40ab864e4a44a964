"""Outside text made safe, for any text there is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from wcwidth import wcwidth

from warroom.text import mask_url, mask_urls, safe, short_duration, short_figure, stepped_age

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\ufe0f\U000e0041"


def _harmless(text: str) -> bool:
    return not any(
        ord(char) < 0x20
        or 0x7F <= ord(char) < 0xA0
        or char in BIDI + ZERO_WIDTH
        or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        for char in text
    )


@given(ANY)
def test_nothing_that_is_obeyed_or_unseen_survives(text: str) -> None:
    assert _harmless(safe(text))
    safe(text).encode()


@given(ANY, st.integers(1, 50))
def test_the_length_is_bounded(text: str, limit: int) -> None:
    # One character becomes at most the ten of \UXXXXXXXX.
    assert len(safe(text, limit)) <= 10 * limit
    if text.isprintable() and text.isascii():
        assert len(safe(text, limit)) <= limit


@given(ANY)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    once = safe(text, 10_000)
    assert safe(once, 10_000) == once


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=100))
def test_plain_text_is_not_touched(text: str) -> None:
    assert safe(text) == text


def test_a_line_of_a_megabyte_is_cut() -> None:
    assert len(safe("x" * 1_000_000)) == 2_000
    assert safe("x" * 1_000_000).endswith("…")


def test_each_of_the_known_tricks() -> None:
    tricks = ["\x1b[2J", "\x1b]52;c;eA==\x07", "\x9b2J", "\x00", BIDI, ZERO_WIDTH, "\ud800", "a\nb"]
    for trick in tricks:
        assert _harmless(safe(trick)), trick
    assert safe("[b[/][@click=app.quit]") == "[b[/][@click=app.quit]"
    assert safe("e" + "\u0301" * 50) == "e\u0301\u0301"


@pytest.mark.trap(27, "passwords and tokens in addresses", "masked")
def test_passwords_and_tokens_in_addresses_are_masked() -> None:
    assert mask_url("https://ann:pw@host/x?token=abc&b=1#f") == (
        "https://ann:***@host/x?token=***&b=***"
    )
    assert "pw" not in mask_url("https://[::1:pw@")


def test_every_address_in_a_text_is_masked() -> None:
    assert mask_urls("sh -c 'curl http://a:b@h/?t=x | tee y; psql db://c:d@e/f'") == (
        "sh -c 'curl http://a:***@h/?t=*** | tee y; psql db://c:***@e/f'"
    )
    assert mask_urls("db://ana:pass word@host/x") == "db://ana:***@host/x"
    assert mask_urls("a: //b@c, no address") == "a: //b@c, no address"


def test_not_known_is_neither_zero_nor_a_number() -> None:
    assert short_figure(None, "ms") == short_figure(float("nan"), "ms") == "–"
    assert short_figure(0.0, "ms") == "0 ms"


@given(st.floats(0, 1e7))
def test_ages_move_in_steps(seconds: float) -> None:
    assert stepped_age(seconds)
    assert stepped_age(-1.0) == "a moment"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (-12345.0, "s", "-3 h 26"),
        (-250.0, "ms", "-250 ms"),
        (0.3, "ms", "0.3 ms"),
        (1e-9, "ms", "<0.01 ms"),
        (-0.0, "ms", "0 ms"),
        (119.9, "s", "2 min"),
        (3599.9, "s", "1 h 00"),
        (1e300, "s", "1e+300 s"),
        (float("inf"), "ms", "inf ms"),
        (float("-inf"), "B", "-inf B"),
        (1e24, "B", "1e+24 B"),
        (1e12, "", "1e+12"),
        (-1e18, "polls", "-1e+18 polls"),
        (999_960.0, "", "1.0 M"),
        (9_999.9, "", "10.0 k"),
        (1.0, "polls", "1 poll"),
        (2.0, "polls", "2 polls"),
        (1.0, "celsius", "1 celsius"),
    ],
)
def test_a_figure_is_short_and_no_other_figure(value: float, unit: str, words: str) -> None:
    assert short_figure(value, unit) == words


@given(st.floats(), st.sampled_from(["", "%", "ms", "s", "B", "polls"]))
def test_every_figure_fits_in_nine_cells_and_its_unit(value: float, unit: str) -> None:
    shown = short_figure(value, unit)
    assert len(shown.partition(" ")[0]) <= 10
    assert len(shown) <= 11 + len(unit or "M")


@given(st.floats(0, 1e9))
def test_a_span_before_another_is_its_mirror(seconds: float) -> None:
    if seconds:
        assert short_duration(-seconds) == f"-{short_duration(seconds)}"


@pytest.mark.long
@pytest.mark.trap(
    17,
    "every character there is",
    "as wide for what draws (Rich) as for a terminal (wcwidth), or shown as its number",
)
def test_what_is_let_through_is_as_wide_for_a_terminal_as_for_us() -> None:
    disputed = [
        char
        for char in map(chr, range(0x20, 0x110000))
        if get_character_cell_size(char) != wcwidth(char) and safe(char) == char
    ]
    assert not disputed


def test_flags_are_letters_and_disputed_widths_are_numbers() -> None:
    assert safe("\U0001f1e9\U0001f1ea") == "DE"
    assert safe("👍\U0001f3fd ☰") == "👍\\U0001f3fd \\u2630"
    assert safe("क" + "\u093e" * 9) == "क" + "\u093e" * 4
