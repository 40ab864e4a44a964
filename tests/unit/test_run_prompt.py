"""What is typed at ``warroom run``'s prompts: when it counts, and that a secret is not shown."""

import asyncio
import io
import os
import pty
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import click
import pytest

from tests.waiting import until_async
from warroom.cli.prompting import secret
from warroom.cli.run import _phrase
from warroom.errors import UsageError
from warroom.incident.acting.plan import Plan

PLAN = Plan(action="work", title="Work", danger="moderate", environment="shop", phrase="back")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The keyboard's end of a terminal that is standard input."""
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield keyboard
    os.close(keyboard)


def asked(capsys: pytest.CaptureFixture[str]) -> bool:
    return "to run it" in capsys.readouterr().err


async def test_a_phrase_counts_once_it_is_asked_for(
    keys: int, capsys: pytest.CaptureFixture[str]
) -> None:
    os.write(keys, b"back\n")
    task = asyncio.create_task(_phrase(PLAN, None))
    await until_async(lambda: asked(capsys))
    await asyncio.sleep(0.05)
    assert not task.done()
    os.write(keys, b"back\n")
    assert await task == "back"


async def test_at_the_prompt_it_can_be_ended(keys: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C cancels the task: it must not go on with what is typed after it."""
    task = asyncio.create_task(_phrase(PLAN, None))
    await until_async(lambda: asked(capsys))
    task.cancel()
    os.write(keys, b"back\n")
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_secret_is_not_shown_where_it_is_typed(
    keys: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []

    def prompt(words: str, *, hide_input: bool, **_: object) -> str:
        told.append(hide_input)
        return "s3cret"

    monkeypatch.setattr(click, "prompt", prompt)
    assert secret("token") == "s3cret"
    assert told == [True]


@pytest.mark.parametrize("data", [b"\xff\n", b"x" * (256 * 1024 + 1)])
def test_a_secret_that_would_arrive_otherwise_is_refused(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", piped)
    with pytest.raises(UsageError, match="--stdin token"):
        secret("token")
