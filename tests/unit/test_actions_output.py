"""What a run says, however it is cut into reads: kept, masked, counted, and judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.actions.judging import LINE, MANY, OVERLAP, Judging
from warroom.connect.output import LONGEST, WIDTH, Output
from warroom.incident.acting.runs import HEAD, TAIL
from warroom.regex import Pattern

SECRET = "hunter2-canary"
WORDS = st.text(st.sampled_from("ab é€\U0001f600"), max_size=8)


def masked(text):
    return text.replace(SECRET, "***")


def output(*reads, close=True):
    made = Output(masked, lambda: None)
    for read in reads:
        made.hear(read)
    if close:
        made.close()
    return made


def cut(data, places):
    ends = sorted({place % (len(data) + 1) for place in places})
    return [data[i:j] for i, j in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(
    st.lists(WORDS, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.integers(0, 500), max_size=12),
)
def test_however_it_is_cut_into_reads_the_lines_are_the_same(lines, end, places):
    data = "".join(f"{line}|{end}" for line in lines).encode()
    made = output(*cut(data, places))
    assert made.head == [f"{line}|" for line in lines]
    assert (made.lines, made.dropped) == (len(lines), 0)


@given(st.integers(0, 600), st.lists(st.integers(0, 5000), max_size=8))
def test_head_and_tail_are_kept_and_the_rest_is_counted(many, places):
    lines = [str(n) for n in range(many)]
    made = output(*cut("".join(f"{n}\n" for n in lines).encode(), places))
    assert made.head == lines[:HEAD]
    assert list(made.tail) == lines[HEAD:][-TAIL:]
    assert made.dropped == max(many - HEAD - TAIL, 0)
    assert made.last == tuple([*made.head, *made.tail][-8:])


@given(st.lists(st.integers(0, 60), max_size=8))
def test_a_secret_is_masked_however_it_is_cut(places):
    made = output(*cut(f"the token is {SECRET}, and again {SECRET}\n".encode(), places))
    assert made.head == ["the token is ***, and again ***"]


def test_a_secret_is_masked_between_two_streams_and_where_the_line_is_cut():
    made = Output(masked, lambda: None)
    for part, stream in ((SECRET[:5], 1), ("warning\n", 2), (SECRET[5:] + "\n", 1)):
        made.hear(part.encode(), stream)
    made.hear(b"x" * (WIDTH - 4) + SECRET.encode() + b"\n")
    made.close()
    assert made.head[:2] == ["warning", "***"]
    assert "hunt" not in made.text


def test_of_a_line_without_an_end_the_beginning_is_kept_once_and_the_next_is_whole():
    made = output(*[b"x" * 60_000] * 30, b"\nnext\n", b"y" * LONGEST, b"\nlast")
    assert made.head == ["x" * (WIDTH - 1) + "…", "next", "y" * (WIDTH - 1) + "…", "last"]


def test_nothing_is_held_of_a_line_that_is_too_long():
    made = output(*[b"x" * 60_000] * 30, close=False)
    assert made.lines == 1
    assert sum(len(each._open) for each in made._streams.values()) == 0


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"\x1b]52;c;eA==\x07", "␛]52;c;eA==␇"),
        (b"\xc2\x9b2J\x00", "\\u009b2J␀"),
        ("\u202e\u200b\u2066".encode(), "\\u202e\\u200b\\u2066"),
        (b"\xff\xc3", "\ufffd\ufffd"),
        (b"10 %\r20 %", "10 %"),
        (b"[/][@click=app.quit]", "[/][@click=app.quit]"),
        ("a" + "\u0301" * 50, "a\u0301\u0301"),
    ],
)
def test_what_is_hostile_is_seen(said, shown):
    made = output(said if isinstance(said, bytes) else said.encode())
    assert made.head[0] == shown


def test_of_a_flood_only_what_is_kept_is_looked_at():
    looked = []
    made = Output(lambda line: looked.append(line) or line, lambda: None)
    made.hear(b"y\n" * 30_000)
    assert (made.lines, len(looked)) == (30_000, HEAD + TAIL)


def test_a_word_of_our_own_stands_on_a_line_of_its_own():
    made = output(b"half", close=False)
    made.say("--- 2 of 3\x1b")
    made.hear(b"more\n")
    assert made.head == ["half", "--- 2 of 3␛", "more"]


def judged(reads, good="", bad=""):
    judging = Judging(good, bad, masked)
    for read in reads:
        judging.hear(read)
    return judging


PATTERNS = [
    "ERROR",
    "^ERROR$",
    "a.*b",
    "b$",
    "^$",
    "\\bERROR\\b",
    "(?i)error",
    "\\AERROR\\z",
    "\\QERROR",
    "(?-m)^ERROR$",
    "(?i-m:^error$)",
    "a|^b$|(?:c)",
    "[^x]b",
]


@given(
    st.lists(st.sampled_from(["ERROR", "an ERROR", "ab", "a", "b", "xb", "error", "", "fine"])),
    st.sampled_from(PATTERNS),
    st.lists(st.integers(0, 500), max_size=8),
    st.booleans(),
)
def test_a_pattern_is_found_exactly_where_one_of_the_lines_holds_it(lines, text, places, flood):
    """However many there are at once, and however they are cut into reads."""
    lines = lines * MANY if flood else lines
    data = "".join(f"{line}\n" for line in lines).encode()
    found = any(Pattern(text).found_in(line) for line in lines)
    judging = judged(cut(data, places), bad=text)
    assert judging.wrong().startswith("it said: ") == found
    assert (judged(cut(data, places), good=text).wrong() == "") == found


@pytest.mark.parametrize("at", [0, LINE - 3, LINE, LINE + OVERLAP, 3 * LINE - 2])
def test_every_part_of_a_long_line_is_searched(at):
    data = b"x" * at + b"ERROR" + b"y" * (4 * LINE)
    for size in (4096, 65_536, len(data)):
        reads = [data[i : i + size] for i in range(0, len(data), size)]
        assert judged(reads, bad="ERROR").wrong().startswith("it said: ")


def test_two_streams_do_not_tear_each_other_s_words_apart():
    judging = Judging("", "ERROR", masked)
    for part, stream in ((b"ERR", 1), (b"noise\n", 2), (b"OR\n", 1)):
        judging.hear(part, stream)
    assert judging.wrong() == "it said: ERROR"


def test_what_it_said_is_told_short_safe_and_masked():
    words = judged(
        [b"ERROR \x1b[2J " + b"y" * 135 + SECRET.encode() + b"z" * 900], bad="ERROR"
    ).wrong()
    assert "\x1b" not in words
    assert "hunt" not in words
    assert len(words) < 200


@pytest.mark.parametrize(
    ("good", "bad", "said", "wrong", "sure"),
    [
        ("", "", b"any", "", True),
        ("ok", "", b"ok", "", True),
        ("ok", "", b"no", "it did not say ok", False),
        ("", "no", b"ok", "", False),
        ("", "no", b"no", "it said: no", True),
        ("ok", "no", b"ok", "", False),
        ("ok", "no", b"ok no", "it said: ok no", True),
    ],
)
def test_what_more_words_could_change(good, bad, said, wrong, sure):
    judging = judged([said], good, bad)
    assert (judging.wrong(), judging.sure) == (wrong, sure)
