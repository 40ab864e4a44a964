"""Secrets: where they come from, and that they show nowhere."""

import asyncio
import base64
import os
import pickle
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.processes import alive
from warroom.config.masker import Masker
from warroom.config.secrets import Secret, SecretRef, references, resolve
from warroom.errors import ProbeError

VALUE = "hunter2-and-more"


def by_command(*argv: str) -> SecretRef:
    return SecretRef(env=None, file=None, command=argv)


def by_python(code: str) -> SecretRef:
    return by_command(sys.executable, "-c", code)


def by_file(path: Path | str) -> SecretRef:
    return SecretRef(env=None, file=str(path), command=None)


def by_env(name: str) -> SecretRef:
    return SecretRef(env=name, file=None, command=None)


def a_file(path: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


# --- the type -----------------------------------------------------------------------------


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>20}".format, lambda s: f"{[s]!r}"])
def test_it_does_not_print(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(VALUE))
    assert VALUE not in shown
    assert "***" in shown


def test_it_is_not_copied_out_of_the_process() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(VALUE))


@pytest.mark.parametrize(
    "table",
    [{}, {"env": "A", "file": "b"}, {"env": ""}, {"command": []}, {"command": [""]}, {"enf": "A"}],
)
def test_a_reference_is_exactly_one_thing(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SecretRef.model_validate(table)


def test_references_are_found_wherever_they_stand() -> None:
    ref = by_env("A")
    holding = {"a": {"b": [ref, "x"]}, "c": ref}
    assert list(references(holding)) == [(("a", "b", 0), ref), (("c",), ref)]


# --- the environment and files ------------------------------------------------------------


async def test_from_the_environment(tmp_path: Path) -> None:
    assert (await resolve(by_env("A"), tmp_path, {"A": VALUE})).reveal() == VALUE


@pytest.mark.parametrize(("environ", "state"), [({}, "not set"), ({"TOKEN": ""}, "empty")])
async def test_a_missing_variable_is_named(
    tmp_path: Path, environ: dict[str, str], state: str
) -> None:
    with pytest.raises(ProbeError, match=f"variable TOKEN is {state}") as caught:
        await resolve(by_env("TOKEN"), tmp_path, environ)
    assert caught.value.phase == "set-up"
    assert "export TOKEN=" in caught.value.hint


@pytest.mark.parametrize("content", [VALUE, VALUE + "\n", VALUE + "\r\n"])
async def test_from_a_file_beside_the_configuration(tmp_path: Path, content: str) -> None:
    a_file(tmp_path / "token", content)
    assert (await resolve(by_file("token"), tmp_path)).reveal() == VALUE


async def test_only_one_newline_is_taken_off(tmp_path: Path) -> None:
    a_file(tmp_path / "token", "a\n\n")
    assert (await resolve(by_file("token"), tmp_path)).reveal() == "a\n"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
async def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = a_file(tmp_path / "a token", VALUE, mode)
    with pytest.raises(ProbeError, match="read or written by others") as caught:
        await resolve(by_file("a token"), tmp_path)
    assert caught.value.hint == f"chmod 600 '{path}'"
    assert VALUE not in caught.value.explain()


async def test_what_is_no_secret_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    a_file(tmp_path / "empty", "\n")
    a_file(tmp_path / "bytes", VALUE.encode() + b"\xff")
    a_file(tmp_path / "long", VALUE * 8_000)
    for name, reason in (
        ("none", "cannot be read: No such file"),
        (".", "no regular file|Is a directory"),
        ("pipe", "is no regular file"),
        ("empty", "is empty"),
        ("bytes", "is not UTF-8 text"),
        ("long", "is longer than 64 KiB"),
    ):
        with pytest.raises(ProbeError, match=reason) as caught:
            await resolve(by_file(name), tmp_path)
        assert VALUE not in "".join(traceback.format_exception(caught.value))


# --- commands -----------------------------------------------------------------------------


async def test_from_a_command_without_a_shell(tmp_path: Path) -> None:
    weird = "$(id); `id` && 'x' *"
    code = "import sys; print(sys.argv[1])"
    secret = await resolve(by_command(sys.executable, "-c", code, weird), tmp_path)
    assert secret.reveal() == weird


async def test_a_command_reads_nothing_and_sees_an_allow_listed_environment(
    tmp_path: Path,
) -> None:
    environ = {"PATH": os.environ["PATH"], "OP_SESSION": "x", "DATABASE_URL": VALUE, "LC_ALL": "C"}
    code = "import os, sys; print(sorted(os.environ), len(sys.stdin.read()), os.getcwd())"
    said = (await resolve(by_python(code), tmp_path, environ)).reveal()
    names, rest = said.rsplit("] ", 1)
    assert "'OP_SESSION'" in names
    assert "DATABASE_URL" not in names
    assert rest == f"0 {tmp_path}"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"import sys; print('{VALUE}'); sys.exit('{VALUE}')", "ended with status 1"),
        (f"import os; print('{VALUE}', flush=True); os.kill(os.getpid(), 15)", "by signal 15"),
        ("pass", "is empty"),
        (f"print('{VALUE}' * 8000)", "printed more than 64 KiB"),
        (f"import os; os.write(1, b'{VALUE}' + bytes([255]))", "is not UTF-8 text"),
    ],
)
async def test_a_command_that_fails_repeats_no_secret(
    tmp_path: Path, code: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ProbeError, match=said) as caught:
        await resolve(by_python(code), tmp_path)
    told = caught.value.explain() + "".join(traceback.format_exception(caught.value))
    assert caught.value.phase == "set-up"
    assert VALUE not in told.replace(code, "")
    assert VALUE not in "".join(capfd.readouterr())


@pytest.mark.parametrize("name", ["no-such-program", "/", "./warroom.toml", "a\x00b"])
async def test_a_command_that_cannot_be_started(tmp_path: Path, name: str) -> None:
    a_file(tmp_path / "warroom.toml", "", 0o600)
    with pytest.raises(ProbeError, match="cannot be started"):
        await resolve(by_command(name), tmp_path)


GRANDCHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open("pid", "w").write(str(child.pid))
{then}
"""


def child_of(folder: Path) -> int:
    return int((folder / "pid").read_text() or "0")


async def soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true within 5 s."""
    until = time.monotonic() + 5.0
    while not true() and time.monotonic() < until:
        await asyncio.sleep(0.01)
    return true()


async def gone(pid: int) -> bool:
    return await soon(lambda: not alive(pid))


@pytest.mark.parametrize("then", ["time.sleep(60)", "pass", "print('x' * 100_000); time.sleep(60)"])
async def test_its_whole_process_group_is_killed(
    tmp_path: Path, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the limit; also when the leader has gone and a child holds the pipe; on a flood."""
    monkeypatch.setattr("warroom.config.secrets.LIMIT", 1.0)
    start = time.monotonic()
    with pytest.raises(ProbeError, match=r"did not end within 1 s, and was killed|printed more"):
        await resolve(by_python(GRANDCHILD.format(then=then)), tmp_path)
    assert time.monotonic() - start < 3.0
    assert await gone(child_of(tmp_path))


async def test_it_dies_with_the_one_who_asked(tmp_path: Path) -> None:
    ref = by_python(GRANDCHILD.format(then="time.sleep(60)"))
    asking = asyncio.create_task(resolve(ref, tmp_path))
    assert await soon(lambda: (tmp_path / "pid").exists() and child_of(tmp_path) > 0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await gone(child_of(tmp_path))


async def test_twenty_at_once_leave_no_descriptor_open(tmp_path: Path) -> None:
    ref = by_python("print('x')")
    await resolve(ref, tmp_path)
    before = len(os.listdir("/proc/self/fd"))
    await asyncio.gather(*(resolve(ref, tmp_path) for _ in range(20)))
    with pytest.raises(ProbeError):
        await resolve(by_command("no-such-program"), tmp_path)
    await asyncio.sleep(0)  # a transport closes on the loop's next turn
    assert len(os.listdir("/proc/self/fd")) <= before


# --- masking ------------------------------------------------------------------------------


@given(st.text(min_size=4), st.text(), st.text())
def test_a_secret_is_masked_wherever_it_stands(value: str, before: str, after: str) -> None:
    masker = Masker()
    masker.add(Secret(value), user="me")
    basic = base64.b64encode(f"me:{value}".encode("utf-8", "replace")).decode()
    masked = masker.mask(f"{before}{value}{after} {value!r} {basic}")
    assert "***" in masked
    assert value not in masked or value in "*** ''\"\""
    assert basic not in masked


@pytest.mark.parametrize(
    "form", [VALUE + "/& ?", quote(VALUE + "/& ?", safe=""), "hunter2-and-more/%26%20%3F"]
)
def test_percent_encoded_forms_are_masked(form: str) -> None:
    masker = Masker()
    masker.add(Secret(VALUE + "/& ?"))
    assert masker.mask(f"GET /?t={form} x") == "GET /?t=*** x"


def test_the_longest_secret_is_masked_first() -> None:
    masker = Masker()
    masker.add(Secret("hunter2"))
    masker.add(Secret("hunter2-and-more"))
    assert masker.mask("hunter2-and-more hunter2") == "*** ***"


def test_each_line_of_a_long_secret_is_masked() -> None:
    masker = Masker()
    masker.add(Secret("-----BEGIN-----\nline-of-key\n-----END-----\n"))
    assert masker.mask("log: line-of-key") == "log: ***"


def test_very_short_values_and_no_values_mask_nothing() -> None:
    masker = Masker()
    assert masker.mask("as it is") == "as it is"
    masker.add(Secret("it"))
    assert masker.mask("as it is") == "as it is"
