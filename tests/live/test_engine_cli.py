"""The command line: exit codes, and how what goes wrong is said."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from warroom import __version__, cli
from warroom.cli import group
from warroom.errors import EXIT_BROKEN_PIPE, RoomError

WARROOM = (sys.executable, "-m", "warroom")


def _run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, **more}
    return subprocess.run(
        [*WARROOM, *arguments], capture_output=True, text=True, env=environ, check=False
    )


def test_the_version_names_what_a_report_needs() -> None:
    done = _run("--version")
    assert done.returncode == 0
    for part in (
        __version__,
        "Python 3.",
        "Textual 8.",
        "Linux" if sys.platform == "linux" else "",
    ):
        assert part in done.stdout


def test_the_help_names_every_command() -> None:
    done = _run("--help")
    assert done.returncode == 0
    for name in group.COMMANDS:
        assert f"  {name} " in done.stdout
    modules = {path.stem for path in Path(cli.__file__).parent.glob("*.py")}
    assert set(group.COMMANDS) <= modules


@pytest.mark.parametrize(
    "arguments",
    [
        ("--nonsense",),
        ("nonsense",),
        ("status", "--nonsense"),
        ("--watch", "status"),
        ("logs", "-n", "x"),
    ],
)
def test_what_makes_no_sense_exits_64(arguments: tuple[str, ...]) -> None:
    done = _run(*arguments)
    assert done.returncode == 64
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_missing_configuration_exits_64() -> None:
    done = _run("status", "--config", "/nowhere/room.toml")
    assert done.returncode == 64
    assert done.stderr.startswith("warroom: /nowhere/room.toml")


def test_a_reader_that_goes_away_is_no_crash() -> None:
    with subprocess.Popen(
        [*WARROOM, "config", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(10) == EXIT_BROKEN_PIPE


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_full_disk_under_standard_output_is_no_crash(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*WARROOM, "config", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == ("warroom: standard output cannot be written: No space left on device\n")
    assert not list(tmp_path.iterdir())


def _fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def failing(*_: object, **__: object) -> None:
        secret = "hunter2"
        assert secret
        raise error

    monkeypatch.setattr(group.command, "invoke", failing)
    return cli.main(["status"])


@pytest.mark.trap(20, "an exception in a command", "the same")
def test_a_fault_of_ours_leaves_a_private_report_without_locals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert _fail_with(ZeroDivisionError("oops"), monkeypatch) == 70
    said = capsys.readouterr().err
    (report,) = (tmp_path / "warroom").iterdir()
    assert said == f"warroom: failed unexpectedly (ZeroDivisionError); the report is in {report}\n"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "ZeroDivisionError: oops" in report.read_text()
    assert "secret = 'hunter2'" not in report.read_text()


def test_a_foreseen_error_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _fail_with(RoomError("it is broken", "mend it"), monkeypatch) == 1
    assert capsys.readouterr().err == "warroom: it is broken\nmend it\n"


def test_ctrl_c_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _fail_with(KeyboardInterrupt(), monkeypatch) == 130


def test_what_the_alphabet_of_the_output_lacks_is_shown_by_its_number() -> None:
    done = _run("init", "--help", PYTHONIOENCODING="iso-8859-1")
    assert done.returncode == 0
    assert "staging \\u2026" in done.stdout
