"""Log lines by their shape: what differs becomes a mark, what is the same is counted."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warroom.checks.ends import LINES, MATCHING, MOST, End, count, lines_of
from warroom.checks.shapes import MOST as SHAPES
from warroom.checks.shapes import OTHERS, drawn, grouped, shape
from warroom.errors import ProbeError
from warroom.regex import Pattern

ERROR = Pattern("ERROR")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2026-11-27T12:00:01.123Z timeout after 3000 ms", "<time> timeout after <n> ms"),
        ("2026-11-27 12:00:01,5 +0100 x", "<time> x"),
        ("Nov 27 12:00:01 web app[123]: down", "<time> web app[<n>]: down"),
        ("12:00:01 x", "<time> x"),
        ("job 8f14e45f-ceea-467f-a0e6-5c2b1d3e4f5a died", "job <uuid> died"),
        ("from 10.0.0.7:5432 and [::1]:80 and 2001:db8::1:2:3", "from <address> and <address> and "
         "<address>"),
        ("to ana.b@shop.example", "to <address>"),
        ('no "orders" here, don\'t say \'so\'', "no <text> here, don't say <text>"),
        ("or `x`", "or <text>"),
        ("at 0x7ffee4 of deadbeef12", "at <hex> of <hex>"),
        ("facade faded", "facade faded"),
        ("key tok_abcdefgh12345678901", "key <id>"),
        ("1,234.5 of 99%", "<n> of <n>%"),
        ("a   b\t c", "a b c"),
        ('10.1.2.3 - - [27/Nov/2026:12:00:01 +0000] "GET /o/12?t=s3cret HTTP/1.1" 502 15 "-"',
         "<address> - - [<time>] GET /o/<n> 502 <n> <text>"),
    ],
)  # fmt: skip
def test_what_differs_becomes_a_mark(line, found):
    assert shape(line) == found


def test_lines_of_one_shape_are_counted_with_their_times():
    lines = [
        "12:00:01 ERROR job 17 failed",
        "12:00:02 ERROR disk full",
        "12:04:09 ERROR job 4711 failed",
        "ERROR job 2 failed",
    ]
    first, second, third = grouped(lines)
    assert (first.number, first.first_at, first.newest_at) == (2, "12:00:01", "12:04:09")
    assert (second.number, third.number) == (1, 1)
    assert drawn((first, second), 1) == [
        "      2 × <time> ERROR job <n> failed",
        "          12:00:01 to 12:04:09: 12:04:09 ERROR job 4711 failed",
    ]


EVIL = st.text(max_size=2_000) | st.sampled_from(
    ["'" * 2_000, '"' * 2_000, ":" * 2_000, "a1" * 1_000, "f" * 2_000, "1." * 1_000, "[1:" * 700,
     "a.b-c@" * 300, '"GET ' * 400, "\x1b[2J" * 500, "\ud800" * 400, "\0" * 2_000, "é" * 2_000]
)  # fmt: skip


@given(EVIL)
@example('"GET ' + "/" * 2_000)
def test_no_line_takes_long_and_the_same_line_has_one_shape(line):
    began = time.process_time()
    found = shape(line)
    assert time.process_time() - began < 0.05
    assert found == shape(line)
    assert "\n" not in found


@given(st.lists(st.text(max_size=30), max_size=30))
def test_every_line_is_counted_once(lines):
    groups = grouped(lines)
    assert sum(group.number for group in groups) == len(lines)
    numbers = [group.number for group in groups]
    assert numbers == sorted(numbers, reverse=True)
    assert len({group.shape for group in groups}) == len(groups)


def test_shapes_without_end_are_counted_together():
    def word(number: int) -> str:
        return "".join(chr(ord("a") + int(digit)) for digit in str(number))

    groups = grouped(word(number) for number in range(SHAPES + 50))
    assert len(groups) == SHAPES + 1
    assert (groups[0].shape, groups[0].number) == (OTHERS, 50)


# --- the end of a log -----------------------------------------------------------------------


def test_secrets_are_out_before_a_line_is_cut_or_grouped():
    line = b"x" * 1_995 + b" hunter2 ERROR"
    found = count([line], ERROR, lambda text: text.replace("hunter2", "***"))
    assert "hunt" not in repr(found)
    assert found.matching == 1


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 7))
def test_however_output_is_cut_into_reads_its_lines_are_the_same(lines, size):
    data = b"\n".join(line.replace(b"\n", b"") for line in lines)
    end = End()
    for at in range(0, len(data), size):
        end.hear(data[at : at + size], 1)
    assert list(end.lines()) == (data.rstrip(b"\r\n").split(b"\n") if data else [])


def test_of_a_flood_the_end_is_kept_and_no_half_line():
    end = End()
    for number in range(40):
        end.hear(f"{number} ".encode() * 100_000 + b"\n", 1)
    end.hear(b"ERROR last\n", 2)
    lines = list(end.lines())
    assert sum(map(len, lines)) <= MOST
    assert lines[-1] == b"ERROR last"
    assert all(len(line) in (200_000, 300_000) for line in lines[:-1])


def test_of_very_many_lines_the_last_are_looked_at():
    end = End()
    end.hear(b"\n" * 100 + b"ERROR\n" * (LINES + 5), 1)
    found = count(end.lines(), ERROR, str)
    assert (found.lines, found.matching) == (LINES, LINES)
    assert found.groups[0].number == MATCHING


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"one", [b"one"]),
        (b"one\n", [b"one"]),
        (b"one\ntwo\r\n", [b"one", b"two"]),
    ],
)
def test_a_short_file_is_read_whole(tmp_path, data, lines):
    path = tmp_path / "app.log"
    path.write_bytes(data)
    assert list(lines_of(path)) == lines


def test_of_a_long_file_the_end_is_read(tmp_path):
    path = tmp_path / "app.log"
    with path.open("wb") as file:
        file.truncate(1 << 32)  # sparse: four GiB of nothing
        file.seek(0, 2)
        file.write(b"\nERROR at the end\n")
    assert list(lines_of(path)) == [b"ERROR at the end"]


def test_what_is_no_file_of_lines_is_said(tmp_path):
    with pytest.raises(ProbeError, match="is no file of lines"):
        list(lines_of(tmp_path))
