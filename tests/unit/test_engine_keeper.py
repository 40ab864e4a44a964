"""What is durable is said to be, what is not waits and is said to wait; nothing is lost."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from tests.waiting import until_async
from warroom.engine import keeper as keeping
from warroom.engine.book import provisional
from warroom.engine.keeper import Keeper, WaitsError
from warroom.errors import JournalError
from warroom.incident.actor import WARROOM
from warroom.incident.entries import Draft, Entry, Note

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def note(text: str, once: str = "") -> Draft:
    body = Note(text=text)
    return Draft(incident="INC-1", happened=NOON, actor=WARROOM, body=body, once=once)


class Disk:
    """A journal that can be full, and that can hang."""

    def __init__(self) -> None:
        self.full = self.closed = False
        self.open_fails = False
        self.entries: list[Entry] = []
        self.batches: list[int] = []
        self.goes = threading.Event()
        self.goes.set()

    def open(self) -> "Disk":
        if self.open_fails:
            raise JournalError("journal.db cannot be opened: no space left on device")
        return self

    def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        self.goes.wait(10)
        if any(draft.once == "poison" for draft in drafts):
            raise ValueError("this was never written before")
        if self.full:
            raise JournalError("journal.db: no space left on device", "make room")
        made = tuple(provisional(d, len(self.entries) + at) for at, d in enumerate(drafts, 1))
        self.entries += made
        self.batches.append(len(drafts))
        return made

    def close(self) -> None:
        self.closed = True


class Scene:
    def __init__(self) -> None:
        self.disk = Disk()
        self.written: list[str] = []
        self.troubles: list[str] = []
        self.loaded: list[int] = []
        self.keeper: Keeper[Disk, int] = Keeper(
            self.disk.open,
            lambda disk: len(disk.entries),
            self.loaded.append,
            lambda entries: self.written.extend(text(entry) for entry in entries),
            self.troubles.append,
        )


def text(entry: Entry) -> str:
    assert isinstance(entry.body, Note)
    return entry.body.text


@pytest_asyncio.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr(keeping, "AGAIN", 0.01)
    made = Scene()
    yield made
    made.disk.goes.set()
    await made.keeper.close(1.0)


async def test_what_is_written_is_durable_when_it_is_answered(scene: Scene) -> None:
    await scene.keeper.start()
    assert scene.loaded == [0]
    (entry,) = await scene.keeper.write([note("first")])
    assert scene.disk.entries == [entry]
    assert scene.written == ["first"]


async def test_many_hands_write_in_one_transaction(scene: Scene) -> None:
    await scene.keeper.start()
    scene.disk.goes.clear()
    writes = [asyncio.create_task(scene.keeper.write([note(str(n))])) for n in range(20)]
    await until_async(lambda: len(scene.keeper.waiting) == 20)
    scene.disk.goes.set()
    answers = await asyncio.gather(*writes)
    assert [text(answer[0]) for answer in answers] == [str(n) for n in range(20)]
    assert len(scene.disk.batches) <= 2


async def test_a_full_disk_is_no_acknowledgement_and_loses_nothing(scene: Scene) -> None:
    await scene.keeper.start()
    scene.disk.full = True
    with pytest.raises(WaitsError, match="no space left on device"):
        await scene.keeper.write([note("kept", "k")])
    assert [draft.once for draft in scene.keeper.waiting] == ["k"]
    assert "NOT on disk" in scene.troubles[-1]
    assert scene.written == []
    with pytest.raises(WaitsError):
        await scene.keeper.write([note("behind it")])
    scene.disk.full = False
    await until_async(lambda: scene.written == ["kept", "behind it"])
    assert scene.troubles[-1] == ""
    assert scene.keeper.waiting == ()


async def test_a_journal_that_hangs_holds_neither_the_loop_nor_the_one_who_writes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SLOW", 0.05)
    await scene.keeper.start()
    scene.disk.goes.clear()
    with pytest.raises(WaitsError, match="has not answered"):
        await scene.keeper.write([note("late")])
    scene.disk.goes.set()
    await until_async(lambda: scene.written == ["late"])
    assert scene.troubles[-1] == ""


async def test_a_journal_that_cannot_be_opened_is_tried_again(scene: Scene) -> None:
    scene.disk.open_fails = True
    await scene.keeper.start()
    assert scene.loaded == []
    assert "cannot be opened" in scene.troubles[-1]
    scene.disk.open_fails = False
    await until_async(lambda: scene.loaded == [0])
    assert scene.troubles[-1] == ""


async def test_what_cannot_be_written_at_all_holds_up_nobody_else(scene: Scene) -> None:
    await scene.keeper.start()
    scene.disk.goes.clear()
    drafts = note("one"), note("bad", "poison"), note("two")
    writes = [asyncio.create_task(scene.keeper.write([draft])) for draft in drafts]
    await until_async(lambda: len(scene.keeper.waiting) == 3)
    scene.disk.goes.set()
    one, bad, two = await asyncio.gather(*writes, return_exceptions=True)
    assert isinstance(bad, JournalError)
    assert not isinstance(bad, WaitsError)
    assert not isinstance(one, BaseException)
    assert not isinstance(two, BaseException)
    assert scene.written == ["one", "two"]


async def test_too_much_is_refused_and_its_writer_keeps_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    await scene.keeper.start()
    scene.disk.full = True
    for words in ("one", "two"):
        with pytest.raises(WaitsError):
            await scene.keeper.write([note(words)])
    with pytest.raises(JournalError, match="wait in memory already") as refused:
        await scene.keeper.write([note("three")])
    assert not isinstance(refused.value, WaitsError)


async def test_what_nobody_waits_for_is_written_at_the_end(scene: Scene) -> None:
    await scene.keeper.start()
    await scene.keeper.write([note("first")])
    scene.keeper.keep([note("the engine ends")])
    await scene.keeper.close(1.0)
    assert [text(entry) for entry in scene.disk.entries] == ["first", "the engine ends"]
    assert scene.disk.closed
