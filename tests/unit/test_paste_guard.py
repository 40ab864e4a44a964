"""What a terminal sends: a paste stays a paste, and keys stay keys."""

from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from warroom.console.scribe.guard import END, FOLLOWS, START, PasteGuard


def seen(*chunks, now=0.0):
    """The keys and pastes that come out of what a terminal sent."""
    parser, guard = XTermParser(), PasteGuard()
    keys, pastes = [], []
    for chunk in chunks:
        text = guard.feed(chunk, now)
        for event in parser.feed(text) if text else ():
            if isinstance(event, events.Paste):
                pastes.append(event.text)
            elif isinstance(event, events.Key):
                keys.append(event.key)
    return keys, pastes


def test_an_escape_in_a_paste_is_no_key():
    assert seen(f"{START}a\x1bq{END}") == ([], ["a␛q"])
    assert seen(f"{START}a\x1b[2J\x00b{END}", "z") == (["z"], ["a␛[2J␀b"])


def test_keys_before_and_behind_a_paste_are_keys():
    assert seen(f"\x1b[A{START}x{END}\x1b[Bq") == (["up", "down", "q"], ["x"])


@given(
    text=st.text(st.sampled_from("ab\x1b[201~0\r\n\x00q"), max_size=40).filter(
        lambda text: END not in text
    ),
    sizes=st.lists(st.integers(1, 7), max_size=60),
)
def test_however_it_is_cut_a_paste_is_whole(text, sizes):
    stream, chunks = f"{START}{text}{END}q", []
    for size in sizes:
        chunks.append(stream[:size])
        stream = stream[size:]
    keys, pastes = seen(*(c for c in (*chunks, stream) if c))
    whole = text.replace("\x1b", "␛").replace("\x00", "␀")
    assert keys == ["q"]
    assert pastes == [whole]


def test_two_lines_in_one_read_are_no_typing():
    assert seen("Traceback:\r  qqq\rK") == ([], ["Traceback:\r  qqq\rK"])
    assert seen("Traceback:\r  qqq\rK", "qR", now=FOLLOWS) == ([], ["Traceback:\r  qqq\rK", "qR"])


def test_what_is_typed_fast_is_typing():
    for text in ("iq", "note\r", "\r", "\r\r\r", "a\rb", "1z\x1b[Aq\rq"):
        assert seen(text)[1] == []


def test_what_comes_later_is_typing_again():
    guard = PasteGuard()
    guard.feed("one\rtwo\r", 10.0)
    assert guard.feed("q", 10.0 + 2 * FOLLOWS) == "q"
