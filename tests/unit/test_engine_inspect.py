"""A closer look that somebody asks for: it ends, it is safe, and it needs a grant."""

import asyncio
from typing import Any, cast

import pytest

from warroom.config.masker import Masker
from warroom.config.secrets import Secret
from warroom.engine.attached import Attached
from warroom.engine.desk import Desk
from warroom.engine.inspect import inspect
from warroom.errors import EngineError, ProbeError, WarroomError
from warroom.incident.actor import Actor
from warroom.wire import Inspect


class Told:
    """A source that tells what it was given to tell."""

    name = "db"

    def __init__(self, told: Any) -> None:
        self.told = told
        self.cancelled = False

    async def inspect(self, key: str) -> Any:
        try:
            if self.told is None:
                await asyncio.Event().wait()
            if isinstance(self.told, BaseException):
                raise self.told
            return f"{key}: {self.told}"
        except asyncio.CancelledError:
            self.cancelled = True
            raise


def masked() -> Any:
    masker = Masker()
    masker.add(Secret("hunter2"))
    return masker.mask


async def asked(told: Any, deadline: float = 1.0) -> str:
    return await inspect(cast(Any, Told(told)), "session:1", deadline, masked())


async def refused(told: Any) -> ProbeError:
    with pytest.raises(ProbeError) as error:
        await asked(told)
    return error.value


async def test_its_lines_are_safe_masked_and_bounded() -> None:
    said = await asked("Seq Scan\n\x1b[2J hunter2\n" + "x" * 300_000)
    lines = said.split("\n")
    assert lines[0] == "session:1: Seq Scan"
    assert "\x1b" not in said
    assert "hunter2" not in said
    assert len(said) < 110_000


@pytest.mark.parametrize(
    ("told", "phase"),
    [
        (ProbeError("answer", "it has ended: hunter2", "try \x1b again"), "answer"),
        (ValueError("hunter2"), "error"),
        (SystemExit(3), "error"),
    ],
)
async def test_what_goes_wrong_is_words(told: BaseException, phase: str) -> None:
    error = await refused(told)
    assert error.phase == phase
    assert "hunter2" not in error.explain()
    assert "\x1b" not in error.explain()


async def test_it_ends_by_its_deadline_and_leaves_nothing_running() -> None:
    source = Told(None)
    with pytest.raises(ProbeError, match="no answer within 50 ms"):
        await inspect(cast(Any, source), "k", 0.05, masked())
    assert source.cancelled
    source = Told(None)
    task = asyncio.create_task(inspect(cast(Any, source), "k", 5.0, masked()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert source.cancelled


class Watch:
    def __init__(self, error: WarroomError | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self.error = error

    async def inspect(self, source: str, key: str) -> str:
        self.asked.append((source, key))
        if self.error is not None:
            raise self.error
        return "the plan"


def attached(granted: str) -> Attached:
    found = Attached.__new__(Attached)
    found.granted = cast(Any, granted)
    found.actor = Actor(name="ana", uid=1, attested=True)
    return found


@pytest.mark.parametrize(("granted", "may"), [("watch", False), ("note", True), ("act", True)])
async def test_who_may_only_watch_asks_nothing_of_a_system(granted: str, may: bool) -> None:
    watch = Watch()
    nothing = cast(Any, None)
    desk = Desk(nothing, cast(Any, watch), *[nothing] * 7)
    answer = await desk.handle(attached(granted), Inspect(ref=7, source="db", key="k"))
    assert (answer.ref, answer.ok, answer.text) == (7, may, "the plan" * may)
    assert watch.asked == ([("db", "k")] if may else [])
    assert may or "needs note" in answer.message


async def test_a_refusal_is_answered_with_what_to_do() -> None:
    watch = Watch(EngineError("it has not been reached yet", "wait for its first figures"))
    nothing = cast(Any, None)
    desk = Desk(nothing, cast(Any, watch), *[nothing] * 7)
    answer = await desk.handle(attached("act"), Inspect(ref=1, source="db", key="k"))
    assert (answer.ok, answer.text) == (False, "")
    assert "not been reached" in answer.message
    assert "wait for" in answer.message
