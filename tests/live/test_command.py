"""The source ``command`` on programs that really run: git, a deployment tool's list, checks."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from tests.live.held import failure, figures, holding, known_after, truth
from tests.processes import words
from tests.unit.fakes import FakeClock
from tests.waiting import until_async
from warroom.config.masker import Masker
from warroom.engine.clean import LONGEST, clean
from warroom.engine.poll import look
from warroom.engine.vantage import Vantage
from warroom.measure.command import CommandSeen
from warroom.sources.base import Sample
from warroom.sources.command import CommandSource

GIT_LOG = ["git", "log", "-20", "--format=%H%x09%cI%x09%an%x09%s"]
GIT = r"^(?P<key>[0-9a-f]{40})\t(?P<at>[^\t]*)\t(?P<by>[^\t]*)\t(?P<title>.*)$"
FIELDS = {"title": "name", "at": "created", "state": "state", "url": "url", "key": "uid"}
STATES = {"failed": ["ERROR"], "passed": ["READY"], "running": ["BUILDING"]}
DEPLOYMENTS = {"shows": "json", "lists": "deployments", "fields": FIELDS, **STATES}


def commanding(
    *argv: str, folder: Path = Path("/"), clock: Any = None, masker: Any = None, **table: Any
) -> AbstractAsyncContextManager[CommandSource]:
    """A source named ``x``, closed after the block."""
    whole = {"argv": list(argv), "timeout": "5s", **table}
    return holding(CommandSource, "x", whole, folder=folder, clock=clock, masker=masker)


async def once(*argv: str, **table: Any) -> Sample:
    async with commanding(*argv, **table) as source:
        return await source.sample()


async def refused(*argv: str, **table: Any) -> tuple[str, str]:
    """Phase and words of a run that told nothing."""
    async with commanding(*argv, **table) as source:
        error = await failure(source)
        return error.phase, str(error)


def seen(sample: Sample) -> CommandSeen:
    assert isinstance(sample.seen, CommandSeen)
    return sample.seen


def told(sample: Sample) -> list[str]:
    return [change.what for change in seen(sample).changes]


# --- deployments -----------------------------------------------------------------------------


class Repository:
    """A real one, with its commits made at given times."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q")

    def git(self, *arguments: str, at: datetime | None = None) -> str:
        names = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")
        env = {**os.environ, **(dict.fromkeys(names, at.isoformat()) if at else {})}
        argv = ["git", "-c", "user.name=Ana [b]", "-c", "user.email=ana@x.example", *arguments]
        done = subprocess.run(
            argv, cwd=self.folder, env=env, check=True, capture_output=True, text=True, timeout=20
        )
        return done.stdout.strip()

    def commit(self, title: str, at: datetime) -> str:
        self.git("commit", "-q", "--allow-empty", "-m", title, at=at)
        return self.git("rev-parse", "HEAD")


@truth("age", "count", "unanswered")
async def test_the_log_of_git_becomes_deployments(tmp_path: Path) -> None:
    repository, clock = Repository(tmp_path), FakeClock()
    repository.commit("Begin", clock.now() - timedelta(days=2))
    first = repository.commit("Fix cart", clock.now() - timedelta(minutes=5))
    table = {"lists": "deployments", "pattern": GIT, "cwd": str(tmp_path)}
    async with commanding(*GIT_LOG, clock=clock, **table) as source:
        sample = await source.sample()
        newest, oldest = seen(sample).items
        assert (newest.key, newest.title, newest.by) == (first, "Fix cart", "Ana [b]")
        assert (newest.at, newest.short) == (clock.now() - timedelta(minutes=5), first[:7])
        assert oldest.title == "Begin"
        assert told(sample) == [f"deploy {first[:7]} Fix cart"]
        assert figures(sample) == {"age": 300, "count": 2, "unanswered": 0}
        clock.pass_(60)
        second = repository.commit("Fix tax\x1b[2J", clock.now())
        sample = await source.sample()
        assert told(sample)[1:] == [f"deploy {second[:7]} Fix tax␛[2J"]
        assert figures(sample)["age"] == 0
        clock.pass_(60)
        assert told(await source.sample()) == told(sample)


async def test_where_git_finds_no_repository_nothing_can_be_seen(tmp_path: Path) -> None:
    table = {"lists": "deployments", "pattern": GIT, "env": {"LC_ALL": "C"}}
    phase, said = await refused(*GIT_LOG, folder=tmp_path, **table)
    assert phase == "answer"
    assert said.startswith("git ended with status 128: fatal: not a git repository")


def script(folder: Path, text: str) -> str:
    path = folder / "tool"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return "./tool"


async def test_a_table_for_people_by_a_pattern(tmp_path: Path) -> None:
    """As ``vercel ls`` prints it; its ages are no times."""
    tool = script(
        tmp_path,
        "echo 'Vercel CLI 33' >&2\n"
        "cat <<'END'\n"
        "> Deployments for team/shop\n\n"
        "  Age     Deployment                     Status      Environment     Username\n"
        "  3m      https://shop-b2.vercel.app     ● Error     Production      ana\n"
        "  2h      https://shop-a1.vercel.app     ● Ready     Production      ben\n"
        "END",
    )
    pattern = (
        r"^\s+\S+\s+(?P<url>https://(?P<title>[a-z0-9-]+)\S*)\s+\S\s+(?P<state>\w+)\s+\w+\s+"
        r"(?P<by>\S+)\s*$"
    )
    table = {"lists": "deployments", "pattern": pattern, "failed": ["error"], "passed": ["ready"]}
    sample = await once(tool, "ls", folder=tmp_path, **table)
    bad, good = seen(sample).items
    assert (bad.title, bad.state, bad.outcome, bad.by) == ("shop-b2", "Error", "failed", "ana")
    assert (good.outcome, good.url) == ("passed", "https://shop-a1.vercel.app")
    assert figures(sample) == {"failed": 1, "age": None, "count": 2, "unanswered": 0}
    assert told(sample) == []  # nobody knows when they were


@truth("failed")
async def test_a_deployment_that_is_listed_as_json_fails(tmp_path: Path) -> None:
    clock = FakeClock()
    begun = clock.now() - timedelta(minutes=2)

    def write(state: str) -> None:
        old = {"uid": "d1", "name": "shop", "created": 1_700_000_000_000, "state": "READY"}
        new = {"uid": "d2", "name": "shop", "created": begun.isoformat(), "state": state}
        url = {"url": "https://ana:hunter2@ci.example/d2?token=hunter2"}
        (tmp_path / "list.json").write_bytes(msgspec.json.encode({"list": [old, new | url]}))

    write("BUILDING")
    async with commanding(
        "cat", "list.json", folder=tmp_path, clock=clock, list="list", **DEPLOYMENTS
    ) as source:
        sample = await source.sample()
        assert figures(sample)["failed"] == 0
        assert "hunter2" not in repr(sample)
        assert told(sample) == ["deploy d2 shop"]
        write("ERROR")
        clock.pass_(60)
        sample = await source.sample()
        assert figures(sample)["failed"] == 1
        assert [(change.at, change.what) for change in seen(sample).changes] == [
            (begun, "deploy d2 shop"),
            (clock.now(), "deploy d2 shop failed"),
        ]
        assert seen(sample).faults == ()
        (tmp_path / "list.json").write_text("{}")
        error = await failure(source)
        assert (error.phase, str(error)) == ("answer", "list is missing in its JSON")
        assert known_after(source, error) == {"unanswered": 1}


# --- checks and numbers ----------------------------------------------------------------------


@truth("up", "exit_status", "unanswered")
async def test_a_check_is_down_in_its_own_last_words(tmp_path: Path) -> None:
    tool = script(tmp_path, 'echo "looked"; test -e well || { echo "backup is old" >&2; exit 3; }')
    async with commanding(tool, folder=tmp_path, shows="exit") as source:
        sample = await source.sample()
        assert seen(sample).faults == ("./tool ended with status 3: backup is old",)
        assert seen(sample).output == "looked\nbackup is old"
        assert figures(sample) == {"up": 0, "exit_status": 3, "unanswered": 0}
        (tmp_path / "well").touch()
        sample = await source.sample()
        assert (seen(sample).faults, seen(sample).status) == ((), 0)
        assert figures(sample) == {"up": 1, "exit_status": 0, "unanswered": 0}
    assert seen(await once("false", shows="exit", ok=[1])).faults == ()
    killed = seen(await once("sh", "-c", "kill -9 $$", shows="exit"))
    assert killed.faults == ("sh was killed by SIGKILL",)


@truth("value")
async def test_a_number(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a\nb\nc\n")
    count = ("sh", "-c", "wc -l < jobs")
    sample = await once(*count, folder=tmp_path, shows="number", unit="jobs")
    assert figures(sample) == {"value": 3, "unanswered": 0}
    phase, said = await refused("echo", "3 jobs", shows="number")
    assert (phase, said) == ("answer", "it printed 3 jobs, not a number")
    assert (await refused("false", shows="number"))[1] == "false ended with status 1"


@truth("count")
async def test_plain_lines() -> None:
    sample = await once("printf", "a\nb\n")
    assert figures(sample) == {"count": 2, "unanswered": 0}
    assert (seen(sample).output, seen(sample).argv) == ("a\nb", ("printf", "a\nb\n"))


# --- what cannot be seen ---------------------------------------------------------------------


async def test_what_cannot_be_run_cannot_be_seen(tmp_path: Path) -> None:
    for shows in ("exit", "lines"):
        phase, said = await refused("no-such-program", shows=shows)
        assert (phase, said) == ("set-up", "there is no program no-such-program on the PATH")
        gone = str(tmp_path / "gone")
        phase, said = await refused("true", shows=shows, cwd=gone)
        assert (phase, said) == ("set-up", f"there is no folder {gone} to run true in")
        phase, said = await refused("sleep", "60", shows=shows, timeout="400ms")
        assert (phase, said) == ("deadline", "sleep did not end within 400 ms")
        phase, said = await refused("true", shows=shows, env={"A": {"env": "NO_SUCH_NAME"}})
        assert (phase, said) == ("set-up", "the environment variable NO_SUCH_NAME is not set")


async def test_unanswered_counts_from_the_first_answer_on(tmp_path: Path) -> None:
    tool = script(tmp_path, "test -e slow && sleep 60; exit 0")
    async with commanding(tool, folder=tmp_path, shows="exit", timeout="500ms") as source:
        (tmp_path / "slow").touch()
        assert known_after(source, await failure(source)) == {}
        (tmp_path / "slow").unlink()
        assert figures(await source.sample())["unanswered"] == 0
        (tmp_path / "slow").touch()
        assert known_after(source, await failure(source)) == {"unanswered": 1}


@pytest.mark.parametrize("way", ["deadline", "cancelled"])
async def test_the_engine_is_rid_of_it_in_time(tmp_path: Path, way: str) -> None:
    """Within the deadline and a quarter of a second more, as it allows any source."""
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); open('up', 'w'); time.sleep(60)"
    argv = (sys.executable, "-c", code, str(tmp_path))
    clock = FakeClock()
    async with commanding(*argv, folder=tmp_path, shows="exit", timeout="2s") as source:
        began = time.monotonic()
        looking = asyncio.create_task(look(source, 2.0, clock, str, Vantage(clock)))
        await until_async(lambda: (tmp_path / "up").exists())
        if way == "cancelled":
            looking.cancel()
            await asyncio.wait([looking])
        else:
            poll = await looking
            assert poll.leftover is None
            assert poll.failure is not None
            assert poll.failure.reason == f"{sys.executable} did not end within 2.0 s"
        assert time.monotonic() - began < 4.0
        await until_async(lambda: not [c for c in mine() if str(tmp_path) in words(c)], 2.0)


def mine() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def test_a_flood_is_bounded() -> None:
    phase, said = await refused("yes", shows="exit", max_bytes="64KiB")
    assert (phase, said) == ("answer", "it printed more than 64.0 KiB, and was ended")
    sample = await once("yes", max_bytes="64KiB")
    assert figures(sample) == {"count": None, "unanswered": 0}
    lines = seen(sample)
    (note,) = lines.notes
    assert note == "it printed more than 64.0 KiB, and was ended; what came before is shown"
    assert lines.status is None
    assert len(lines.output) < 1000


# --- secrets and hostile text ----------------------------------------------------------------


async def test_a_secret_goes_into_the_environment_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "hunter2-token")
    masker = Masker()
    tool = script(
        tmp_path,
        'tr "\\0" " " < /proc/$$/cmdline > argv\n'
        'echo "$TOKEN" > got; echo "said $TOKEN"; echo "bad $TOKEN" >&2; exit 1',
    )
    env = {"TOKEN": {"env": "DEPLOY_TOKEN"}, "PLAIN": "x"}
    table = {"shows": "exit", "env": env, "folder": tmp_path, "masker": masker}
    sample = await once(tool, **table)
    assert (tmp_path / "got").read_text() == "hunter2-token\n"
    assert "hunter2" not in (tmp_path / "argv").read_text()
    shown = clean(sample.seen, masker.mask)
    assert isinstance(shown, CommandSeen)
    assert shown.output == "said ***\nbad ***"
    assert shown.faults == ("./tool ended with status 1: bad ***",)
    told_nothing = await refused(tool, **{**table, "shows": "number"})
    assert masker.mask(told_nothing[1]) == "./tool ended with status 1: bad ***"


async def test_a_secret_with_blanks_round_it_is_masked_without_them_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", " hunter2-token ")
    masker = Masker()
    table = {"shows": "exit", "env": {"TOKEN": {"env": "DEPLOY_TOKEN"}}, "masker": masker}
    sample = await once("sh", "-c", 'echo "$TOKEN" >&2; exit 1', **table)
    assert clean(sample.seen, masker.mask).faults == ("sh ended with status 1: ***",)


async def test_text_that_wants_to_be_obeyed(tmp_path: Path) -> None:
    evil = "[b]\x1b[2J\x1b]52;c;eA==\x07\u202e\x9b\u200b\r" + "x" * 5000
    listed = [{"uid": evil, "name": evil, "state": evil, "url": evil, "created": evil}]
    (tmp_path / "list.json").write_bytes(msgspec.json.encode(listed))
    shown = clean((await once("cat", "list.json", folder=tmp_path, **DEPLOYMENTS)).seen, str)
    (tmp_path / "lines").write_bytes(evil.encode() + b"\n\xff\x00" + b"y" * 1_000_000)
    lines = clean((await once("cat", "lines", folder=tmp_path)).seen, str)
    assert isinstance(shown, CommandSeen)
    assert isinstance(lines, CommandSeen)
    (item,) = shown.items
    for text in (*msgspec.structs.astuple(item), *lines.output.split("\n")):
        if isinstance(text, str):
            assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in text)
            assert "\u202e" not in text
            assert len(text) <= 2_000
    assert len(item.title) <= LONGEST


async def test_a_password_in_the_words_of_a_command_is_not_shown() -> None:
    hidden = (
        "https://ana:hunter2@git.example/x",
        "A=db://ana:hunter2@db/x",
        "--url=s3://k:hunter2@b",
    )
    sample = await once("echo", *hidden)
    shown = ("https://ana:***@git.example/x", "A=db://ana:***@db/x", "--url=s3://k:***@b")
    assert seen(sample).argv == ("echo", *shown)


def test_every_figure_has_a_ground_truth() -> None:
    declared: set[str] = set()
    for table in (
        *({"shows": "exit"}, {"shows": "number"}, {"shows": "lines"}, DEPLOYMENTS),
        {"pattern": GIT, "lists": "deployments"},
    ):
        settings = CommandSource.Settings.model_validate(
            {"kind": "command", "argv": ["x"], **table}
        )
        declared |= {name.removeprefix("x.") for name in CommandSource.signals("x", settings)}
    tests = (each for name, each in globals().items() if name.startswith("test_"))
    held = {name for test in tests for name in getattr(test, "shows", ())}
    assert declared == held
