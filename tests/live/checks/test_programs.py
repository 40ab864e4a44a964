"""Checks that run a program, and logs that one prints: ended whole, bounded, without secrets."""

import asyncio
import contextlib
import os
from pathlib import Path

import pytest

from tests.live.checks.running import CANARY, Checking, program, sh
from tests.processes import alive
from tests.waiting import until_async
from warroom.checks.lines import HEAD, MOST, TAIL
from warroom.errors import ProbeError

SECRET = '[checks.it.env]\nTOKEN = { file = "token" }\n'
GRANDCHILD = "(sleep 60 & echo $! > child.pid; wait) & echo $! > own.pid; "


def pids(folder: Path) -> list[int]:
    return [int(text) for path in folder.glob("*.pid") if (text := path.read_text().strip())]


async def gone(folder: Path) -> None:
    """Within two seconds nothing of it is left."""
    assert pids(folder)
    await until_async(lambda: not any(map(alive, pids(folder))), 2.0)


async def test_its_exit_status_is_the_answer(tmp_path):
    found = await Checking(tmp_path, sh("echo one; echo two >&2")).run()
    assert (found.ok, found.text, set(found.lines)) == (True, "exit 0", {"one", "two"})
    found = await Checking(tmp_path, sh("exit 3")).run()
    assert (found.ok, found.text) == (False, "exit 3")
    assert (await Checking(tmp_path, sh("exit 3", more="statuses = [3]")).run()).ok
    assert (await Checking(tmp_path, sh("kill -9 $$")).run()).text == "killed by signal 9"


async def test_no_shell_no_terminal_and_as_little_of_our_environment_as_does(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    found = await Checking(tmp_path, program("/bin/echo", "$HOME", ";id", "a b")).run()
    assert found.lines == ("$HOME ;id a b",)
    found = await Checking(tmp_path, program("/usr/bin/env")).run()
    assert "AWS" not in "".join(found.lines)
    assert not (await Checking(tmp_path, sh("test -t 0 || test -t 1")).run()).ok
    found = await Checking(tmp_path, sh("cat", more='stdin = "read me"')).run()
    assert found.lines == ("read me",)


async def test_grandchildren_end_with_it_when_its_time_is_over(tmp_path):
    checking = Checking(tmp_path, sh(f"{GRANDCHILD} echo it waits; wait", more='deadline = "1s"'))
    found = await checking.run()
    assert found.ok is False
    assert "did not end within 1.0 s" in found.text
    assert found.lines == ("it waits",)
    await gone(tmp_path)


@pytest.mark.parametrize("kind", ["command", "logs"])
async def test_cancelled_it_leaves_nothing_running(tmp_path, kind):
    checking = Checking(tmp_path, sh(f"trap '' TERM; {GRANDCHILD} wait", kind=kind))
    task = asyncio.create_task(checking.run())
    await until_async(lambda: len(pids(tmp_path)) == 2)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await gone(tmp_path)


async def test_a_flood_is_bounded_and_says_what_is_left_out(tmp_path):
    found = await Checking(tmp_path, sh("yes warroom | head -c 30000000")).run()
    assert len(found.lines) == HEAD + TAIL + 1
    assert "lines left out" in found.lines[HEAD]
    found = await Checking(tmp_path, sh("head -c 3000000 /dev/urandom | base64 -w 5000")).run()
    assert sum(map(len, found.lines)) <= MOST


async def test_bytes_that_are_no_text_are_shown_and_obeyed_by_nobody(tmp_path):
    evil = r"printf '\033[2J\033]52;c;aGk=\007\302\233\377\0[red]\342\200\256x\n'"
    (line,) = (await Checking(tmp_path, sh(evil)).run()).lines
    assert not set(line) & {"\x1b", "\x07", "\x9b", "\0", "\u202e"}
    assert "[red]" in line


@pytest.mark.parametrize("kind", ["command", "logs"])
async def test_a_secret_it_is_given_is_in_nothing_that_is_told(tmp_path, kind):
    script = 'echo "ERROR with $TOKEN"; echo "ERROR $TOKEN" >&2; exit 1'
    checking = Checking(tmp_path, sh(script, kind=kind, more=SECRET), token=CANARY)
    found = await checking.run()
    assert CANARY not in repr(found)
    assert "ERROR with ***" in "\n".join(found.lines)


@pytest.mark.parametrize("kind", ["command", "logs"])
async def test_one_that_is_not_there_is_said(tmp_path, kind):
    with pytest.raises(ProbeError, match="there is no program dug-nowhere"):
        await Checking(tmp_path, program("dug-nowhere", kind=kind)).run()


# --- logs -----------------------------------------------------------------------------------

LINES = "; ".join(
    f'echo "12:00:{second:02} ERROR job {second * 7} failed at 10.0.0.{second}"'
    for second in range(30)
)


async def test_what_a_program_prints_is_grouped_and_counted(tmp_path):
    script = f"{LINES}; echo INFO fine; echo '12:01:00 FATAL disk full' >&2"
    found = await Checking(tmp_path, sh(script, kind="logs")).run()
    assert found.ok is None
    assert found.text == (
        "31 of 32 lines match, in 2 groups; most often, 30 ×: "
        "<time> ERROR job <n> failed at <address>"
    )
    assert found.lines[:2] == (
        "     30 × <time> ERROR job <n> failed at <address>",
        "          12:00:00 to 12:00:29: 12:00:29 ERROR job 203 failed at 10.0.0.29",
    )


async def test_one_that_goes_on_is_ended_and_counted_all_the_same(tmp_path):
    script = f"{GRANDCHILD} echo ERROR one; wait"
    found = await Checking(tmp_path, sh(script, kind="logs", more='deadline = "1s"')).run()
    assert found.text.startswith("/bin/sh did not end within 1.0 s; 1 of 1 line match")
    assert found.ok is False
    await gone(tmp_path)


async def test_one_that_fails_shows_what_it_last_said(tmp_path):
    found = await Checking(tmp_path, sh("echo no permission >&2; exit 4", kind="logs")).run()
    assert (found.ok, found.text) == (False, "exit 4; none of 1 line matches")
    assert found.lines == ("no permission",)


async def test_an_endless_flood_is_counted_by_its_end(tmp_path):
    checking = Checking(tmp_path, sh("yes ERROR x7", kind="logs", more='deadline = "1s"'))
    found = await checking.run()
    assert "of 200,000 lines match" in found.text
    assert checking.took < 6


def file_of(path: Path, more: str = "") -> str:
    return f'kind = "logs"\nfile = "{path.name}"\n{more}'


async def test_lines_of_a_file_are_counted_whatever_they_are(tmp_path):
    path = tmp_path / "app.log"
    evil = b"ERROR \xff\xfe\0\x1b[2J " + b"x" * 3_000_000 + b"\nERROR \x1b[31m\n" + b"\0" * 1_000
    path.write_bytes(evil)
    found = await Checking(tmp_path, file_of(path)).run()
    assert found.text.startswith("2 of 3 lines match, in 2 groups")
    assert not any("\x1b" in line or "\0" in line for line in found.lines)
    path.write_bytes(b"")
    assert (await Checking(tmp_path, file_of(path)).run()).text == "there are no lines"


async def test_one_line_longer_than_all_that_is_looked_at_is_there_all_the_same(tmp_path):
    path = tmp_path / "app.log"
    path.write_bytes(b"x" * 9_000_000 + b" FATAL disk full")
    found = await Checking(tmp_path, file_of(path)).run()
    assert found.text.startswith("1 of 1 line match")
    script = "head -c 20000000 /dev/zero | tr '\\0' x; echo ' FATAL'; exit 3"
    found = await Checking(tmp_path, sh(script, kind="logs")).run()
    assert found.text.startswith("exit 3; 1 of 1 line match")


async def test_the_pattern_says_what_counts(tmp_path):
    path = tmp_path / "access.log"
    path.write_text(
        '1.2.3.4 - - [27/Nov/2026:12:00:01 +0000] "GET /cart/7 HTTP/1.1" 502 1\n'
        '1.2.3.4 - - [27/Nov/2026:12:00:02 +0000] "GET /cart/9 HTTP/1.1" 502 1\n'
        '1.2.3.4 - - [27/Nov/2026:12:00:03 +0000] "GET /cart/9 HTTP/1.1" 200 1\n'
    )
    found = await Checking(tmp_path, file_of(path)).run()
    assert found.lines[0] == "      2 × <address> - - [<time>] GET /cart/<n> 502 <n>"
    found = await Checking(tmp_path, file_of(path, "pattern = ' 200 '")).run()
    assert found.text.startswith("1 of 3 lines match")


async def test_a_pipe_nobody_writes_into_and_a_file_nobody_may_read_are_said(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ProbeError, match="is no file of lines"):
        await Checking(tmp_path, file_of(tmp_path / "pipe")).run()
    with pytest.raises(ProbeError, match=r"gone\.log cannot be read: No such file"):
        await Checking(tmp_path, file_of(tmp_path / "gone.log")).run()
