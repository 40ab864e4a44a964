"""Actions of real engines: run once for the one who confirmed, whatever is killed meanwhile."""

import asyncio
import base64
import contextlib
import os
import random
import resource
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from tests.live.actions.engines import (
    TOGGLE,
    Operator,
    acts,
    command,
    finished,
    hold,
    ran,
    started,
    until_ran,
    write,
)
from tests.live.bad_server import answer as http_answer
from tests.live.bad_server import bad_server
from tests.live.rooms import Room, hello, room
from tests.live.shells import kill_engine
from tests.processes import alive, words
from tests.waiting import until, until_async
from warroom.attach.client import connect
from warroom.errors import EngineError
from warroom.incident.acting.runs import HEAD, TAIL
from warroom.journal.verify import verify
from warroom.wire import Acting, CancelRun, GetStatus, KeepOn, PlanAction, RunAction, encode

__all__ = ["room"]


@pytest.fixture
def at_work(room: Room) -> Iterator[Room]:
    """A room whose program goes on until the test lets it end."""
    write(room, command("work"), command("other"))
    held = hold(room)
    yield room
    held.unlink(missing_ok=True)
    until(lambda: not any(alive(int(line.split()[0])) for line in ran(room)))


@pytest_asyncio.fixture
async def ana(at_work: Room) -> AsyncIterator[Operator]:
    async with operator(at_work, "ana") as found:
        yield found


@contextlib.asynccontextmanager
async def operator(room: Room, name: str) -> AsyncIterator[Operator]:
    found = await Operator.at(room, claimed=name)
    try:
        yield found
    finally:
        await found.close()


def go_on(room: Room) -> None:
    (room.folder / "hold").unlink(missing_ok=True)


# --- shown, run, journalled -----------------------------------------------------------------

LOOKS = """\
import json, sqlite3, sys
rows = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute(
    "SELECT kind, body FROM entries WHERE kind LIKE 'action-%'").fetchall()
print(*(f"{kind} {json.loads(body)['digest']}" for kind, body in rows))
"""


@pytest.mark.trap(
    7, "a program that reads the journal as it starts", "it finds its own start there"
)
async def test_the_program_finds_its_own_start_in_the_journal(room: Room) -> None:
    (room.folder / "looks.py").write_text(LOOKS)
    journal = str(room.paths.journal)
    write(room, command("look", sys.executable, "-I", "looks.py", journal, "$(id);&"))
    async with operator(room, "ana") as ana:
        incident = await ana.declare()
        plan = await ana.plan("look", incident=incident)
        assert plan.lines[0].endswith("'$(id);&'")
        answer = await ana.run(plan)
        assert answer.run is not None
        run = await ana.ended(answer.run.run)
        assert run.head == (f"action-started {plan.digest}",), run
        (entry,) = [e for e in acts(room) if e.kind == "action-started"]
        (body,) = started(room)
        assert body.digest_in(entry.incident) == plan.digest == run.digest
        assert body.lines == plan.lines
        await ana.until(lambda s: s.incident(incident).runs[0].outcome)
        assert [one.outcome for one in finished(room)] == ["succeeded"]
    assert verify(room.paths.journal).fault is None


# --- once -----------------------------------------------------------------------------------


@pytest.mark.trap(
    9, "two consoles confirm at once, many times", "one ran it, the other was told who"
)
@pytest.mark.faults
async def test_of_two_who_race_for_an_action_one_runs_it_and_the_other_is_told(
    at_work: Room, ana: Operator, repetitions: int
) -> None:
    async with operator(at_work, "bob") as bob:
        for race in range(1, repetitions + 1):
            hold(at_work)
            plans = await asyncio.gather(ana.plan("work"), bob.plan("work"))
            answers = await asyncio.gather(ana.run(plans[0]), bob.run(plans[1]))
            assert sorted(answer.ok for answer in answers) == [False, True], answers
            loser = next(answer for answer in answers if not answer.ok)
            winner = next(answer.run for answer in answers if answer.run is not None)
            assert loser.message.startswith(f"{winner.by} runs it since"), loser
            for one in (ana, bob):
                await one.until(lambda _, one=one, run=winner.run: run in one.runs)
            go_on(at_work)
            await asyncio.gather(ana.ended(winner.run), bob.ended(winner.run))
            assert len(ran(at_work)) == race
    assert len(started(at_work)) == repetitions
    await until_async(lambda: len(finished(at_work)) == repetitions)


@pytest.mark.faults
async def test_a_request_whose_connection_is_lost_runs_once_at_most_and_is_told_again(
    at_work: Room, repetitions: int
) -> None:
    go_on(at_work)
    chance, runs = random.Random(11), 0
    async with operator(at_work, "ana") as ana:
        for turn in range(repetitions):
            lost = await connect(at_work.paths, hello(claimed="bob"))
            plan = (await lost.request(PlanAction(ref=0, action="work"))).plan
            assert plan is not None
            request = RunAction(ref=9, once=f"lost-{turn}", digest=plan.digest)
            lost._writer.write(encode(request))
            await asyncio.sleep(chance.random() * 0.01)  # the moment of the loss is what is chosen
            lost._writer.transport.abort()
            again = [await ana.ask(request) for _ in range(2)]
            runs += again[0].ok
            assert again[0].ok == again[1].ok
            if again[0].run is not None and again[1].run is not None:
                assert again[0].run.run == again[1].run.run
                await ana.ended(again[0].run.run)
            await lost.close()
            assert len(ran(at_work)) == runs
            await until_async(lambda: len(finished(at_work)) == runs)  # noqa: B023
            assert len(started(at_work)) == runs
    assert runs


# --- killed ---------------------------------------------------------------------------------


@pytest.mark.trap(7, "the engine killed in the middle", "the next one says unknown")
async def test_killed_in_the_middle_the_next_engine_says_that_nobody_knows(room: Room) -> None:
    write(room, command("work") + TOGGLE, command("writable"))
    held = hold(room)
    ana = await Operator.at(room, claimed="ana")
    incident = await ana.declare()
    plan = await ana.plan("work", incident=incident)
    request = RunAction(ref=0, once="o1", digest=plan.digest)
    assert (await ana.ask(request)).ok
    await until_ran(room)
    kill_engine(room)
    await ana.close()
    assert [entry.kind for entry in acts(room)] == ["action-started"]
    async with operator(room, "ana") as again:
        await again.until(lambda s: s.incident(incident) and s.incident(incident).runs[0].outcome)
        (seen,) = again.incident(incident).runs
        assert (seen.outcome, seen.by) == ("unknown", "ana")
        (body,) = finished(room)
        assert "nobody knows" in body.text
        await again.until(lambda _: again.on)
        assert [(on.name, on.detail, on.by) for on in again.on] == [("read-only", "perhaps", "ana")]
        told = await again.ask(request)  # as its console does, that had no answer
        assert told.run is not None
        assert told.run.outcome == "unknown"
        assert len(ran(room)) == 1
    held.unlink()


async def test_killed_between_the_durable_start_and_the_first_byte_it_was_never_run(
    room: Room,
) -> None:
    """The secret that its program wants is asked for in between, and does not come."""
    (room.folder / "ask.sh").write_text("touch asked; sleep 60\n")
    secret = '{ TOKEN = { command = ["/bin/sh", "ask.sh"] } }'
    write(room, command("work", env=secret, deadline='"30s"'))
    ana = await Operator.at(room)
    await ana.act("work")
    await until_async((room.folder / "asked").exists)
    assert [entry.kind for entry in acts(room)] == ["action-started"]
    kill_engine(room)
    await ana.close()
    async with operator(room, "ana"):
        await until_async(lambda: [one.outcome for one in finished(room)] == ["unknown"])
    assert ran(room) == []


@pytest.mark.trap(
    7,
    "the engine killed at any moment of an action, many times",
    "nothing ran that is not in the journal",
)
@pytest.mark.faults
async def test_killed_at_any_moment_nothing_ran_that_is_not_in_the_journal(
    room: Room, repetitions: int
) -> None:
    write(room, command("work"))
    chance = random.Random(5)
    for _ in range(max(repetitions // 10, 1)):
        ana = await Operator.at(room)
        plan = await ana.plan("work")
        asked = asyncio.create_task(ana.run(plan))
        await asyncio.sleep(chance.random() * 0.06)  # the moment of the kill is what is chosen
        kill_engine(room)
        with contextlib.suppress(EngineError):
            await asked
        await ana.close()
        assert len(ran(room)) <= len(started(room))
    async with operator(room, "ana"):
        await until_async(lambda: len(finished(room)) == len(started(room)))
    assert verify(room.paths.journal).fault is None


@pytest.mark.trap(8, "the engine ended while a program runs", "its whole group dead within 2 s")
async def test_at_the_end_of_the_engine_the_whole_group_is_dead_within_two_seconds(
    room: Room,
) -> None:
    (room.folder / "deaf.sh").write_text(
        "trap '' TERM\n(trap '' TERM; echo $$ >> ran; sleep 60) &\n"
        'echo "$!" >> ran; echo it begins; sleep 60; sleep 60\n'
    )
    write(room, command("deaf", "/bin/sh", "deaf.sh"))
    ana, deaf = await Operator.at(room), await connect(room.paths, hello())
    run = await ana.act("deaf")
    await ana.goes(run)
    await until_ran(room, 2)
    (engine,) = room.engines()
    family = [p for p in psutil.Process(engine.pid).children(recursive=True) if "sleep" in words(p)]
    family += [psutil.Process(int(line)) for line in ran(room)]
    assert len(family) >= 3
    deaf._writer.transport.pause_reading()  # type: ignore[attr-defined]
    began = time.monotonic()
    engine.send_signal(signal.SIGTERM)
    await until_async(lambda: not any(alive(process) for process in family), 4)
    assert time.monotonic() - began < 2.0
    await until_async(lambda: not room.engines())
    (body,) = finished(room)
    assert body.outcome == "cancelled"
    assert body.text.startswith("by warroom, which ends")
    await ana.close()
    await deaf.close()


async def test_an_engine_that_runs_something_is_not_ended_or_restarted_unasked(
    at_work: Room, ana: Operator
) -> None:
    run = await ana.act("work")
    await ana.goes(run)
    for what in ("stop", "restart"):
        refused = await asyncio.to_thread(at_work.run, what)
        assert refused.returncode != 0
        assert "Do work is running" in refused.stderr
        assert f"warroom {what} --force" in refused.stderr
    go_on(at_work)
    assert (await ana.ended(run)).outcome == "succeeded"


# --- a disk that is full --------------------------------------------------------------------


@pytest.mark.trap(24, "actions on a full disk", "a severe one is refused")
async def test_on_a_full_disk_the_severe_is_refused_and_the_moderate_runs_with_a_warning(
    room: Room,
) -> None:
    actions = [
        command(name, "/bin/mkdir", f"done-{name}", danger=f'"{danger}"')
        for name, danger in (("hard", "severe"), ("soft", "moderate"))
    ]
    write(room, *actions)
    async with operator(room, "ana") as ana:
        incident = await ana.declare()
        plans = [await ana.plan(name, incident=incident) for name in ("hard", "soft")]
        (engine,) = room.engines()
        # As over quota: no file of the engine's may grow any more.
        none = (1, resource.RLIM_INFINITY)
        as_before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(engine.pid, resource.RLIMIT_FSIZE, none)
        severe = await ana.run(plans[0])
        assert (severe.ok, severe.run) == (False, None)
        assert "a severe action leaves a record first" in severe.message
        moderate = await ana.run(plans[1])
        assert moderate.run is not None
        assert "that it runs is not on disk" in moderate.message
        assert (await ana.ended(moderate.run.run)).outcome == "succeeded"
        assert (room.folder / "done-soft").exists()
        assert not (room.folder / "done-hard").exists()
        assert acts(room) == []
        resource.prlimit(engine.pid, resource.RLIMIT_FSIZE, as_before)
        await until_async(lambda: len(finished(room)) == 2)
        assert [(one.action, one.outcome) for one in finished(room)] == [
            ("hard", "failed"),
            ("soft", "succeeded"),
        ]
    assert verify(room.paths.journal).fault is None


# --- who may --------------------------------------------------------------------------------


async def refusals(room: Room, one: Operator, digest: str, run: str) -> set[str]:
    requests = (
        RunAction(ref=0, once=one.once(), digest=digest),
        CancelRun(ref=0, run=run),
        KeepOn(ref=0, once=one.once(), name="read-only", reason="because"),
        PlanAction(ref=0, action="other"),
    )
    answers = [await one.ask(request) for request in requests]
    assert not any(answer.ok for answer in answers), answers
    return {answer.message for answer in answers}


@pytest.mark.trap(
    10, "requests to act past the keys, from a console that may not", "refused by the engine"
)
async def test_the_engine_itself_refuses_whoever_only_watches_or_notes(
    at_work: Room, ana: Operator
) -> None:
    run, plan = await ana.act("work"), await ana.plan("other")
    await ana.goes(run)
    for want in ("watch", "note"):
        eve = await Operator.at(at_work, claimed="eve", want=want)  # type: ignore[arg-type]
        for said in await refusals(at_work, eve, plan.digest, run):
            assert f"this console may {want}" in said or "it was started read-only" in said
        assert not (await eve.arm()).ok
        await eve.until(lambda _, eve=eve: run in eve.runs)  # it sees what is done all the same
        await eve.close()
    assert (await ana.goes(run)).outcome is None
    assert len(ran(at_work)) == 1


@pytest.mark.trap(10, "a room that starts locked", "each console is armed by itself")
async def test_a_room_that_starts_locked_is_armed_console_by_console(room: Room) -> None:
    write(room, command("other"), room_keys="locked = true")
    ana, bob = await Operator.at(room, claimed="ana"), await Operator.at(room, claimed="bob")
    await refusals(room, ana, "x", "x")
    assert (await ana.arm()).message == "armed for 15 min"
    await ana.until(lambda _: ana.acting and ana.acting.armed)
    await refusals(room, bob, "x", "x")
    assert bob.acting is not None
    assert (bob.acting.locked, bob.acting.armed) == (True, None)
    assert (await ana.ended(await ana.act("other"))).outcome == "succeeded"
    await ana.close()
    again = await Operator.at(room, claimed="ana")
    await refusals(room, again, "x", "x")
    room.config.write_text(room.config.read_text().replace("locked", "read_only"))
    assert (await asyncio.to_thread(room.run, "reload")).returncode == 0
    assert await refusals(room, bob, "x", "x") == {"this room is read-only: [room] read_only"}
    assert not (await bob.arm()).ok
    assert len(ran(room)) == 1
    await again.close()
    await bob.close()


# --- while it runs --------------------------------------------------------------------------


async def test_it_goes_on_without_its_console_and_another_ends_it_by_name(
    room: Room,
) -> None:
    write(room, command("work"), room_keys='linger = "200ms"')
    hold(room)
    ana = await Operator.at(room, claimed="ana")
    run = await ana.act("work")
    await ana.goes(run)
    (engine,) = room.engines()
    await ana.close()
    await asyncio.sleep(0.6)  # longer than the engine would linger
    async with operator(room, "bob") as bob:
        assert [process.pid for process in room.engines()] == [engine.pid]
        seen = await bob.goes(run)
        assert (seen.by, seen.state, seen.head) == ("ana", "running", ("it begins: work",))
        assert (await bob.cancel(run)).ok
        ended = await bob.ended(run)
        assert ended.outcome == "cancelled"
        assert ended.text.startswith("by bob: ")
        (pid,) = [int(line.split()[0]) for line in ran(room)]
        assert not alive(pid)
        await until_async(lambda: len(finished(room)) == 1)
        assert finished(room)[0].text.startswith("by bob: ")
    await until_async(lambda: not room.engines())


async def test_a_flood_is_bounded_holds_nothing_up_and_a_slow_console_gets_the_newest(
    room: Room,
) -> None:
    (room.folder / "flood.sh").write_text(
        "while [ -e hold ]; do sleep 0.02; done; echo 1\n"
        "yes $(printf %0290d 7) | head -n 60000; echo the last line\n"
    )
    write(room, command("flood", "/bin/sh", "flood.sh"))
    hold(room)
    async with operator(room, "ana") as ana:
        slow = await connect(room.paths, hello())
        run = await ana.act("flood")
        slow._writer.transport.pause_reading()  # type: ignore[attr-defined]
        go_on(room)
        longest, biggest = 0.0, 0
        while not (run in ana.runs and ana.runs[run].outcome):
            began = time.monotonic()
            await ana.ask(GetStatus(ref=0))
            longest = max(longest, time.monotonic() - began)
            if ana.acting is not None:
                biggest = max(biggest, len(encode(ana.acting)))
        ended = ana.runs[run]
        assert (len(ended.head), len(ended.tail)) == (HEAD, TAIL)
        assert (ended.head[0], ended.tail[-1]) == ("1", "the last line")
        assert ended.dropped == 60_002 - HEAD - TAIL
        assert biggest < 100_000
        assert longest < 1.0
        slow._writer.transport.resume_reading()  # type: ignore[attr-defined]
        count, newest = 0, None
        async with asyncio.timeout(10):
            while newest is None or newest.outcome is None:
                message = await slow.receive()
                assert message is not None, slow.lost
                if isinstance(message, Acting) and message.runs:
                    count, newest = count + 1, message.runs[0]
        assert newest.tail[-1] == "the last line"
        assert count < ana.messages / 2, (count, ana.messages)
        await slow.close()


async def test_steps_wait_for_the_person_each_with_a_deadline(room: Room) -> None:
    write(
        room,
        command("first", "/bin/sh", "work.sh", "first"),
        command("second", "/bin/sleep", "30", deadline='"1s"'),
        '[actions.hand]\nkind = "manual"\ntitle = "Turn it"\ndanger = "mild"\n'
        'text = "turn the valve"\n',
        '[actions.good]\nkind = "steps"\ntitle = "Good"\ndanger = "mild"\n'
        'steps = ["first", "hand"]\n' + TOGGLE,
        '[actions.bad]\nkind = "steps"\ntitle = "Bad"\ndanger = "mild"\n'
        'steps = ["first", "second", "hand"]\n' + TOGGLE,
        command("writable"),
    )
    async with operator(room, "ana") as ana, operator(room, "bob") as bob:
        bad = await ana.act("bad")
        ended = await ana.ended(bad)
        assert ended.outcome == "timed out"
        assert ended.text.startswith("step 2 of 3 (Do second): ")
        assert ended.text.endswith("; 1 done before it; not done: Turn it")
        good = await ana.act("good")
        await bob.until(lambda _: good in bob.runs and bob.runs[good].state == "waiting")
        assert bob.runs[good].step == "2 of 2: Turn it"
        assert (await bob.tick(good)).ok
        assert (await ana.ended(good)).outcome == "succeeded"
        await until_async(lambda: len(finished(room)) == 2)
        assert "bob: done" in finished(room)[1].output
        await ana.until(lambda _: ana.on)


async def test_while_something_is_on_the_engine_stays_and_the_gate_holds(room: Room) -> None:
    keys = 'linger = "200ms"'
    write(room, command("freeze") + TOGGLE, command("writable"), room_keys=keys)
    ana = await Operator.at(room, claimed="ana")
    incident = await ana.declare()
    await ana.ended(await ana.act("freeze", incident=incident))
    await ana.until(lambda _: ana.on)
    refused = await ana.resolve(incident, only_ask=True)
    assert [one.met for one in refused.conditions if "still on" in one.name] == [False]
    kill_engine(room)
    await ana.close()
    again = await Operator.at(room, claimed="bob")
    await again.until(lambda _: again.on)
    (on,) = again.on
    assert (on.name, on.by, on.undo, bool(on.until)) == ("read-only", "ana", "writable", True)
    refused = await again.resolve(incident, only_ask=True)
    assert [one.met for one in refused.conditions if "still on" in one.name] == [False]
    assert (await again.keep("read-only")).ok
    asked = await again.resolve(incident, only_ask=True)
    assert not [one for one in asked.conditions if "still on" in one.name]
    assert (await again.resolve(incident, override="a drill")).ok
    (engine,) = room.engines()
    await again.close()
    await asyncio.sleep(0.6)  # longer than it would linger
    async with operator(room, "ana") as third:
        assert [process.pid for process in room.engines()] == [engine.pid]
        await third.ended(await third.act("writable"))
        await third.until(lambda _: not third.on)
    await until_async(lambda: not room.engines())


# --- secrets ----------------------------------------------------------------------------------

ENV, BEARER, READ = "canary-env-4f7a1c", "canary-bearer-9d2e", "canary-stdin-77b0"


async def test_no_secret_of_an_action_is_told_written_or_listed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY_ENV", ENV)
    for name, value in (("bearer", BEARER), ("read", READ)):
        (room.folder / name).write_text(value)
        (room.folder / name).chmod(0o600)
    (room.folder / "leak.sh").write_text(
        'read line; echo "out $TOKEN"; echo "err $TOKEN, read $line" >&2; printf "%s" "$TOKEN"\n'
        "while [ -e hold ]; do sleep 0.02; done; exit 3\n"
    )
    hold(room)
    async with bad_server() as server:
        server.says("/do", http_answer(f"refused {BEARER}".encode(), status=400))
        write(
            room,
            command(
                "leak",
                "/bin/sh",
                "leak.sh",
                env='{ TOKEN = { env = "CANARY_ENV" } }',
                stdin='{ file = "read" }',
            ),
            f'[actions.call]\nkind = "http"\ntitle = "Call"\ndanger = "mild"\n'
            f'url = "{server.url("/do")}"\nbearer = {{ file = "bearer" }}\n',
        )
        heard = await everything(room)
    assert server.heard[0].headers["authorization"] == f"Bearer {BEARER}"
    assert "***" in heard["wire"]
    assert "err ***" in heard["wire"]
    for place, text in heard.items():
        for canary in (ENV, BEARER, READ):
            assert canary not in text, place
            assert base64.b64encode(canary.encode()).decode() not in text, place


async def everything(room: Room) -> dict[str, str]:
    """What is said, written and listed while both are run: by place."""
    ana = await Operator.at(room)
    bytes_heard: list[bytes] = []
    feed = ana.connection._reader.feed_data
    ana.connection._reader.feed_data = lambda data: (bytes_heard.append(data), feed(data))[1]  # type: ignore[method-assign,func-returns-value]
    incident = await ana.declare()
    plans = [await ana.plan(name, incident=incident) for name in ("leak", "call")]
    answers = [await ana.run(plan) for plan in plans]
    runs = [answer.run.run for answer in answers if answer.run is not None]
    await ana.until(lambda _: runs[0] in ana.runs and len(ana.runs[runs[0]].head) >= 2)
    lines = "\n".join(" ".join(words(process)) for process in psutil.process_iter())
    shell = await asyncio.to_thread(room.run, "actions")
    (room.folder / "hold").unlink()
    outcomes = [(await ana.ended(run)).outcome for run in runs]
    assert outcomes == ["failed", "failed"]
    await until_async(lambda: len(finished(room)) == 2)
    await ana.close()
    report = await asyncio.to_thread(room.run, "log")
    room.run("stop", "--force")
    state = [p for p in Path(os.environ["XDG_STATE_HOME"]).rglob("*") if p.is_file()]
    assert any(p.name == "journal.db" or p.suffix == ".db" for p in state)
    assert any("log" in p.name for p in state)
    files = {str(p): p.read_bytes().decode("latin-1") for p in state}
    said = b"".join(bytes_heard).decode()
    assert '"type":"acting"' in said
    return {
        "wire": said,
        "processes": lines,
        "shell": shell.stdout + shell.stderr + report.stdout,
        **files,
    }
