"""Checks in an engine: one run of each at a time, whoever leaves, durable before the answer."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.incidents import ANA, BOB
from tests.unit.playbook_engines import UNREACHABLE, PlaybookRoom, check
from tests.waiting import until_async
from warroom.checks.check import Found
from warroom.checks.logs import COUNTING
from warroom.engine.playbooks.checks import PATIENCE
from warroom.errors import EngineError, IncidentError, JournalError
from warroom.incident.following import Checked
from warroom.journal.store import Store


@pytest.fixture
def room(tmp_path: Path) -> Iterator[PlaybookRoom]:
    made = PlaybookRoom(tmp_path)
    yield made
    made.close()


def checked(room: PlaybookRoom, incident: str) -> list[Checked]:
    return [body for body in room.bodies(incident) if isinstance(body, Checked)]


def test_without_an_incident_there_is_only_the_answer(room):
    answer = room.check()
    assert (answer.ref, answer.ok, answer.entry) == (7, True, None)
    assert (answer.message, answer.text) == ("Ask DNS OK: exit 0", "10.0.0.7")
    assert room.ended == 1
    assert room.playbooks.checks.running == ()


def test_in_an_incident_it_is_an_entry_before_it_is_answered(room):
    name = room.declare()
    room.checks["dig"].results = [Found(False, "exit 9", ("no server",))]
    answer = room.check(incident=name, playbook="mail", step="Ask DNS", actor=BOB)
    assert answer.message == "Ask DNS NOT OK: exit 9"
    assert answer.entry is not None
    assert answer.entry.body == Checked(
        check="dig",
        title="Ask DNS",
        ok=False,
        text="exit 9",
        output=("no server",),
        playbook="mail",
        step="Ask DNS",
    )
    assert answer.entry.actor == BOB
    assert answer.incident == room.live(name)
    assert room.kept(name).checked["dig"].ok is False


def test_sent_again_while_it_runs_or_afterwards_it_is_the_same_run(room):
    name = room.declare()
    dig = room.checks["dig"]

    async def twice() -> None:
        dig.hold = asyncio.Event()
        first, second = (
            asyncio.create_task(room.ask(once="mine", incident=name)) for _ in range(2)
        )
        await until_async(lambda: dig.runs)
        await asyncio.sleep(0)
        dig.hold.set()
        assert await first == await second

    room.run(twice())
    assert room.check(once="mine", incident=name).message == "Ask DNS OK: exit 0"
    assert dig.runs == len(checked(room, name)) == 1


def test_after_another_engines_life_its_entry_says_what_came_of_it(room):
    name = room.declare()
    first = room.check(once="mine", incident=name)
    room.restart()
    again = room.check(once="mine", incident=name)
    assert (again.ok, again.message, again.text) == (True, first.message, first.text)
    assert again.entry == first.entry
    assert room.checks["dig"].runs == 1


def test_a_second_one_is_told_who_runs_it(room):
    dig = room.checks["dig"]

    async def both() -> None:
        dig.hold = asyncio.Event()
        mine = asyncio.create_task(room.ask())
        await until_async(lambda: dig.runs)
        with pytest.raises(EngineError, match=r"Ask DNS is being run already, .* by ana"):
            await room.ask(actor=BOB)
        assert (await room.ask(check="burst")).ok
        dig.hold.set()
        assert (await mine).ok

    room.run(both())
    assert room.check(actor=BOB).ok


def test_a_console_that_goes_away_does_not_end_it(room):
    name = room.declare()
    dig = room.checks["dig"]

    async def leaves() -> None:
        dig.hold = asyncio.Event()
        asked = asyncio.create_task(room.ask(incident=name))
        await until_async(lambda: dig.runs)
        asked.cancel()
        await asyncio.wait([asked])
        assert room.playbooks.checks.running == ("Ask DNS",)
        dig.hold.set()
        await until_async(lambda: room.live(name).checked)

    room.run(leaves())
    assert dig.cancelled == 0


def test_the_engines_end_ends_it_and_says_so(room):
    name = room.declare()
    dig = room.checks["dig"]

    async def ends() -> None:
        dig.hold = asyncio.Event()
        asked = asyncio.create_task(room.ask(incident=name))
        await until_async(lambda: dig.runs)
        room.playbooks.checks.end()
        await room.playbooks.checks.close()
        await asyncio.wait([asked])

    room.run(ends())
    room.settle()
    assert dig.cancelled == 1
    (entry,) = checked(room, name)
    assert (entry.ok, entry.text) == (None, "not done: the engine ended meanwhile")


def test_what_could_not_be_run_is_said_without_its_secrets(room, caplog):
    name = room.declare()
    room.checks["dig"].results = [UNREACHABLE]
    answer = room.check(incident=name)
    assert not answer.ok
    assert answer.message == "Ask DNS: it could not be run: connection refused with ***"
    assert answer.text == "is *** right?"
    (entry,) = checked(room, name)
    assert entry.ok is None
    assert "hunter2" not in repr((entry, answer)) + caplog.text


def test_our_own_fault_is_no_traceback(room, caplog):
    caplog.set_level(logging.ERROR)
    room.checks["dig"].results = [RuntimeError("x")]
    answer = room.check()
    assert answer.message == "Ask DNS: our own fault (RuntimeError): warroom logs"
    assert "the check dig failed" in caplog.text


def test_one_that_hangs_is_ended(room, monkeypatch):
    monkeypatch.setattr("warroom.engine.playbooks.checks.PATIENCE", 0.05)
    room.reload(dig=check(deadline="1s"))

    async def hangs() -> str:
        room.checks["dig"].hold = asyncio.Event()
        return (await room.ask()).message

    assert room.run(hangs()) == "Ask DNS NOT OK: it did not end within 1.0 s"
    assert room.checks["dig"].cancelled == 1


def test_a_reload_in_the_middle_leaves_it_as_it_was_begun(room):
    dig = room.checks["dig"]

    async def reloads() -> None:
        dig.hold = asyncio.Event()
        asked = asyncio.create_task(room.ask())
        await until_async(lambda: dig.runs)
        room.reload(burst=check())
        dig.hold.set()
        assert (await asked).ok
        with pytest.raises(IncidentError, match="dig is not a check here"):
            await room.ask()

    room.run(reloads())


def test_a_full_disk_answers_with_the_result_and_that_it_waits(room, monkeypatch):
    name = room.declare()

    def full(store: Store, drafts: object) -> None:
        raise JournalError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "append", full)
        answer = room.check(incident=name)
    assert (answer.ok, answer.waits, answer.text) == (False, True, "10.0.0.7")
    assert "Ask DNS OK" in answer.message
    assert "no space left" in answer.message
    room.settle()
    assert len(checked(room, name)) == 1


def test_a_source_is_asked_now_and_told_with_its_figures(room):
    name = room.declare()
    answer = room.check(probe="api", incident=name)
    assert answer.ok
    assert answer.message.startswith("api NOT OK")
    assert "UP, SEV2, answered in 50 ms" in answer.message
    assert answer.text == "latency_p95 3.0 s, SEV2"
    assert room.live(name).checked["probe api"].ok is False


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"check": "dug"}, "dug is not a check here"),
        ({"check": "", "probe": "apo"}, "apo is not a source here"),
        ({"check": ""}, "name the check to run"),
        ({"check": "dig", "probe": "api"}, "name the check to run"),
        ({"check": "dig", "incident": "INC-1"}, "there is no incident INC-1"),
        ({"check": "dig", "step": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_run_is_refused_and_nothing_is(room, asked, words):
    with pytest.raises((EngineError, IncidentError), match=words):
        room.check(**asked)
    assert room.checks["dig"].runs == 0


def test_who_asks_is_who_is_named(room):
    name = room.declare()
    assert room.check(incident=name, actor=ANA).entry.actor == ANA
    assert room.live(name).checked["dig"].by == "ana"


def test_what_a_program_printed_until_its_time_was_over_can_be_counted() -> None:
    assert PATIENCE >= COUNTING + 1
