"""Outside text made safe, for any text there is."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from warroom.text import mask_url, safe, short_figure, stepped_age

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


def test_passwords_and_tokens_in_addresses_are_masked() -> None:
    assert mask_url("https://ann:pw@host/x?token=abc&b=1#f") == (
        "https://ann:***@host/x?token=***&b=***"
    )
    assert "pw" not in mask_url("https://[::1:pw@")


def test_not_known_is_neither_zero_nor_a_number() -> None:
    assert short_figure(None, "ms") == short_figure(float("nan"), "ms") == "–"
    assert short_figure(0.0, "ms") == "0 ms"


@given(st.floats(0, 1e7))
def test_ages_move_in_steps(seconds: float) -> None:
    assert stepped_age(seconds)
    assert stepped_age(-1.0) == "a moment"
