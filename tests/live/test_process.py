"""Programs that are run: whatever they do, they end, and nothing of them is left."""

import asyncio
import contextlib
import os
import resource
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.live.probing import loop_watched
from tests.processes import alive
from tests.waiting import until_async
from warroom.connect.last_run import LastRun
from warroom.connect.process import Finished, last_line, run
from warroom.connect.program import environment
from warroom.errors import ProbeError

SOON = 2.0
"""Seconds in which all of a group must be gone."""


async def ran(
    *argv: str,
    folder: Path = Path("/"),
    deadline: float = 20.0,
    cap: int = 65536,
    last: LastRun | None = None,
    **named: str,
) -> Finished:
    environ = environment(os.environ, named)
    return await run(
        argv, folder=str(folder), environ=environ, deadline=deadline, cap=cap, last=last
    )


async def sh(script: str, **options: object) -> Finished:
    """A script in which a test says what a program does."""
    return await ran("/bin/sh", "-c", script, **options)  # type: ignore[arg-type]


async def failure(*argv: str, **options: object) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await ran(*argv, **options)  # type: ignore[arg-type]
    return caught.value


def pids(folder: Path) -> list[int]:
    """Those that wrote their numbers."""
    return [int(path.read_text()) for path in folder.glob("*.pid") if path.read_text()]


@contextlib.contextmanager
def our_input(words: bytes) -> Iterator[None]:
    """These words wait on our own standard input meanwhile."""
    kept = os.dup(0)
    read_end, write_end = os.pipe()
    try:
        os.write(write_end, words)
        os.dup2(read_end, 0)
        yield
    finally:
        os.dup2(kept, 0)
        for each in (kept, read_end, write_end):
            os.close(each)


async def test_status_and_both_outputs_apart() -> None:
    done = await sh("echo out; echo err >&2; exit 3")
    assert (done.status, done.stdout, done.stderr, done.cut) == (3, b"out\n", b"err\n", False)
    assert (await sh("kill -9 $$")).status == -9
    assert (await ran("true")).took < 20


async def test_no_shell_reads_the_words() -> None:
    words = ["$(id)", "; rm x", "a'b\"c", "*", "line\nbreak", ""]
    code = "import sys; sys.stdout.write(repr(sys.argv[1:]))"
    done = await ran(sys.executable, "-c", code, *words)
    assert done.stdout.decode() == repr(words)


async def test_it_has_no_input_and_no_terminal() -> None:
    script = "read line || echo no line; (: </dev/tty) 2>/dev/null || echo no tty"
    with our_input(b"typed ahead\n"):
        assert (await sh(script)).stdout == b"no line\nno tty\n"
    session = "import os; print(os.getsid(0) == os.getpid() == os.getpgid(0))"
    assert (await ran(sys.executable, "-c", session)).stdout == b"True\n"


async def test_who_asks_for_a_password_is_refused_at_once() -> None:
    """As git and ssh ask: on the terminal, not on the standard input."""
    code = "import os\nopen('/dev/tty').readline()"
    done = await ran(sys.executable, "-c", code)
    assert done.status == 1
    assert b"/dev/tty" in done.stderr


async def test_what_it_sees_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://hunter2@x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("LC_TIME", "C")
    seen = (await ran("env", TOKEN="named", HOME="/other")).stdout.decode().splitlines()
    assert {"TOKEN=named", "HOME=/other", "LC_TIME=C", f"PATH={os.environ['PATH']}"} <= set(seen)
    assert "hunter2" not in "".join(seen)


async def test_it_runs_in_its_folder(tmp_path: Path) -> None:
    assert (await ran("pwd", folder=tmp_path)).stdout.decode().strip() == str(tmp_path.resolve())
    script = tmp_path / "check.sh"
    script.write_text("#!/bin/sh\necho found")
    script.chmod(0o700)
    assert (await ran("./check.sh", folder=tmp_path)).stdout == b"found\n"


async def test_what_cannot_be_started_is_said_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    (tmp_path / "torn").write_text("#!/no/such/interpreter\n")
    (tmp_path / "torn").chmod(0o700)
    for argv, folder, words in (
        (("no-such-program",), tmp_path, "there is no program no-such-program on the PATH"),
        (("./gone",), tmp_path, f"there is no program {tmp_path}/gone"),
        (("./plain",), tmp_path, "is no program that can be run"),
        (("/",), tmp_path, "is no program that can be run"),
        (("./torn",), tmp_path, "cannot be started: No such file or directory"),
        (("true",), tmp_path / "gone", f"there is no folder {tmp_path}/gone to run true in"),
        (("true", "a\0b"), tmp_path, "cannot be started: embedded null byte"),
    ):
        error = await failure(*argv, folder=folder)
        assert error.phase == "set-up"
        assert words in str(error)


async def test_where_no_file_can_be_opened_any_more_it_is_said_and_nothing_is_left() -> None:
    await ran("true")
    before = sorted(os.listdir("/proc/self/fd"))
    kept = resource.getrlimit(resource.RLIMIT_NOFILE)
    unused = sorted({*range(1000)} - {*map(int, before)})
    for limit in unused[:6]:  # two pipes, and what Popen needs
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, kept[1]))
        try:
            error = await failure("true")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, kept)
        assert str(error) == "true cannot be started: Too many open files"
    await asyncio.sleep(0)
    assert sorted(os.listdir("/proc/self/fd")) == before


async def test_a_folder_that_hangs_holds_up_neither_the_loop_nor_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hung = threading.Event()
    monkeypatch.setattr("warroom.connect.process.find", lambda *_: hung.wait(20))
    try:
        async with loop_watched():
            error = await failure("true", deadline=0.4)
    finally:
        hung.set()
    assert error.phase == "set-up"
    assert str(error) == "true could not be found within 400 ms: is / mounted?"


async def test_a_folder_that_hangs_is_looked_at_once_however_often_it_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hung, looks = threading.Event(), []
    monkeypatch.setattr("warroom.connect.process.find", lambda *_: (looks.append(1), hung.wait(20)))
    last = LastRun()
    try:
        for _ in range(3):
            error = await failure("true", deadline=0.1, last=last)
            assert "could not be found within" in str(error)
        assert len(looks) == 1
    finally:
        hung.set()
    assert last.finding is not None
    await last.finding
    assert (await ran("true", last=last)).status == 0


async def test_one_that_cannot_be_ended_is_not_stacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that runs as another user, by sudo."""
    monkeypatch.setattr("warroom.connect.process.REAP", 0.1)
    last, kill = LastRun(), os.killpg

    def refused(group: int, number: int) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr("os.killpg", refused)
        error = await failure("sleep", "60", deadline=0.2, last=last)
        assert str(error) == "sleep did not end within 200 ms"
    try:
        error = await failure("sleep", "60", deadline=0.2, last=last)
        assert error.phase == "deadline"
        words = f"sleep of an earlier run goes on: process {last.pid} cannot be ended"
        assert str(error) == words
    finally:
        kill(last.pid, 9)
    assert last.reaping is not None
    assert await last.reaping == -9
    assert (await ran("true", last=last)).status == 0


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (b"", ""),
        (b" \n\t\r\n", ""),
        (b"one\ntwo\n\n", "two"),
        (b"10 %\r 20 %\r", "20 %"),
        (b"Password: ", "Password:"),
        (b"a\n\xff", "\ufffd"),
    ],
)
def test_the_last_line_of_an_output(output: bytes, line: str) -> None:
    assert last_line(output) == line


def test_the_last_of_millions_of_lines_is_found_without_reading_them() -> None:
    flood = b"\r\n" * (4 << 20) + b"last"
    tracemalloc.start()
    try:
        assert last_line(flood) == "last"
        assert tracemalloc.get_traced_memory()[1] < 3 * len(flood)
    finally:
        tracemalloc.stop()


FAMILY = """
echo $$ > leader.pid
{trap}
sh -c 'echo $$ > child.pid; {trap} while :; do sleep 0.05; done' &
{then}
"""
STUBBORN = "trap '' TERM HUP;"


@pytest.mark.parametrize("trap", ["", STUBBORN], ids=["willing", "stubborn"])
async def test_at_the_deadline_the_whole_group_is_gone(tmp_path: Path, trap: str) -> None:
    script = FAMILY.format(trap=trap, then="echo 'Password:' >&2; wait; sleep 60")
    began = time.monotonic()
    error = await failure("sh", "-c", script, folder=tmp_path, deadline=1.0)
    assert time.monotonic() - began < 1.0 + SOON
    assert error.phase == "deadline"
    assert str(error) == "sh did not end within 1.0 s; it last said: Password:"
    found = pids(tmp_path)
    assert len(found) == 2
    await until_async(lambda: not any(map(alive, found)), SOON)


@pytest.mark.parametrize("trap", ["", STUBBORN], ids=["willing", "stubborn"])
@pytest.mark.parametrize("times", [1, 2])
async def test_cancelled_the_whole_group_is_gone(tmp_path: Path, trap: str, times: int) -> None:
    script = FAMILY.format(trap=trap, then="wait; sleep 60")
    task = asyncio.create_task(sh(script, folder=tmp_path))
    await until_async(lambda: len(pids(tmp_path)) == 2)
    for _ in range(times):
        task.cancel()
        await asyncio.wait([task], timeout=0.05)
    await asyncio.wait([task], timeout=SOON)
    assert task.cancelled()
    await until_async(lambda: not any(map(alive, pids(tmp_path))), SOON)


async def test_who_is_asked_to_end_may_tidy_up(tmp_path: Path) -> None:
    script = "trap 'echo tidied > done; exit 0' TERM; touch begun; while :; do sleep 0.05; done"
    task = asyncio.create_task(sh(script, folder=tmp_path))
    await until_async(lambda: (tmp_path / "begun").exists())
    task.cancel()
    await asyncio.wait([task])
    assert (tmp_path / "done").read_text() == "tidied\n"


async def test_a_grandchild_that_keeps_the_pipe_open_holds_nobody_up(tmp_path: Path) -> None:
    script = FAMILY.format(trap=STUBBORN, then="until test -s child.pid; do :; done; echo said")
    done = await sh(script, folder=tmp_path)
    assert (done.status, done.stdout) == (0, b"said\n")
    await until_async(lambda: not any(map(alive, pids(tmp_path))), SOON)


async def test_the_last_words_are_waited_for_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("warroom.connect.process.LINGER", 15.0)
    assert (await sh("(sleep 0.2; echo late) & exit 0")).stdout == b"late\n"
    assert (await ran("true")).took < 15.0


async def test_one_that_left_the_group_with_the_pipe_holds_nobody_up(tmp_path: Path) -> None:
    code = "import os, time\nopen('child.pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"
    script = f'setsid "$0" -c "{code}" & until test -s child.pid; do :; done'
    environ = environment(os.environ, {})
    argv = ("sh", "-c", script, sys.executable)
    try:
        done = await run(argv, folder=str(tmp_path), environ=environ, deadline=20.0, cap=100)
        assert done.status == 0
    finally:
        for pid in pids(tmp_path):
            psutil.Process(pid).kill()


@pytest.mark.parametrize("to", ["", ">&2"])
async def test_a_flood_is_kept_up_to_the_cap_and_ended(to: str) -> None:
    async with loop_watched():
        done = await sh(f"exec yes {to}", cap=10_000)
    assert done.cut
    kept = done.stderr if to else done.stdout
    assert kept == b"y\n" * 5_000


async def test_exactly_the_cap_is_whole() -> None:
    done = await sh("printf 12345", cap=5)
    assert (done.status, done.stdout, done.cut) == (0, b"12345", False)
    assert (await sh("printf 123456", cap=5)).stdout == b"12345"


async def test_all_that_was_said_is_there_however_much_at_once() -> None:
    done = await sh("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2", cap=4_000_000)
    assert (len(done.stdout), len(done.stderr), done.status) == (3_000_000, 3_000_000, 0)


async def test_nothing_is_left_of_many_at_once() -> None:
    await ran("true")
    await asyncio.sleep(0)
    before = sorted(os.listdir("/proc/self/fd"))
    asked = [sh("sleep 0.01 & exit 1") for _ in range(20)]
    asked += [failure("no-such-program"), failure("sleep", "60", deadline=0.4)]  # type: ignore[list-item]
    await asyncio.gather(*asked)
    assert sorted(os.listdir("/proc/self/fd")) == before
    assert not [c for c in psutil.Process().children() if c.name() in ("sh", "sleep", "true")]
