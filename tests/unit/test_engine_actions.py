"""Actions through the engine's own parts, on a real journal: shown, confirmed, run once, told."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.unit.action_rooms import ActionRoom, action
from tests.unit.fakes import answered, failed
from warroom.actions.hand import Result
from warroom.engine.actions.planning import digits
from warroom.engine.actions.runs import LOOKED, MOST, SHOWN
from warroom.engine.attached import Attached
from warroom.errors import JournalError
from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict
from warroom.incident.acting.plan import LIFE
from warroom.incident.acting.runs import HEAD, TAIL
from warroom.incident.entries import Nag, Note, Role
from warroom.journal.store import Store
from warroom.wire import Acting, Answer, Arm, CancelRun, PlanAction, RunAction, TickStep, encode

Rooms = Callable[..., ActionRoom]
NUMBER = {"n": {"type": "integer", "default": 4}}
SCALE = {
    "parameters": NUMBER,
    "turns_on": "workers",
    "was": "api.latency_p95",
    "undo": {"action": "scale", "values": {"n": "{was}"}},
}


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    made: list[ActionRoom] = []

    def make(**actions: Any) -> ActionRoom:
        actions = actions or {"flush": action()}
        made.append(ActionRoom(tmp_path, **actions))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def room(rooms: Rooms) -> ActionRoom:
    return rooms()


# --- shown, confirmed, run ----------------------------------------------------------------


@pytest.mark.trap(
    5, "an action shown, confirmed and run", "one digest in the plan, the run and the journal"
)
def test_what_was_shown_what_ran_and_what_is_journalled_have_one_digest(rooms: Rooms) -> None:
    room = rooms(flush=action(parameters={"key": {"pattern": "[a-z]+"}}, danger="severe"))
    ana, incident = room.attach(), room.declare()
    plan = room.plan(ana, values={"key": "prices"}, incident=incident)
    assert (plan.lines, plan.phrase, plan.blocked) == (("flush prices",), "production", "")
    assert plan.digest == plan.reckoned
    answer = room.confirm(ana, plan)
    assert answer.ok, answer.message
    assert answer.run is not None
    assert answer.run.digest == plan.digest
    started, finished = room.act_entries()
    assert isinstance(started.body, ActionStarted)
    assert started.body.digest_in(started.incident) == started.body.digest == plan.digest
    assert (started.body.lines, started.body.values) == (plan.lines, {"key": "prices"})
    assert isinstance(finished.body, ActionFinished)
    assert (finished.body.outcome, finished.body.text) == ("succeeded", "exit 0")
    assert started.incident == finished.incident == incident
    (seen,) = room.live(incident).runs
    assert (seen.outcome, seen.by) == ("succeeded", "ana")


def test_it_is_durable_before_it_begins(room: ActionRoom) -> None:
    hand = room.hand()
    hand.look = room.act_entries
    room.act(room.attach())
    ((started,),) = hand.seen
    assert isinstance(started.body, ActionStarted)


def test_a_plan_is_confirmed_once(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    assert room.confirm(ana, plan).ok
    again = room.confirm(ana, plan)
    assert (again.ok, again.run) == (False, None)
    assert "no such plan" in again.message
    assert room.hand().runs == 1


def test_only_who_was_shown_it_confirms_it(room: ActionRoom) -> None:
    ana, bob = room.attach(), room.attach("bob")
    plan = room.plan(ana)
    assert not room.confirm(bob, plan).ok
    assert room.hand().runs == 0
    assert room.confirm(ana, plan).ok  # bob's attempt has not used it up


def test_whoever_comes_again_is_shown_it_again(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    room.actions.gone(ana)
    assert not room.confirm(ana, plan).ok
    assert not room.confirm(room.attach(), plan).ok
    assert room.hand().runs == 0


@pytest.mark.trap(2, "yes to a plan older than a minute", "refused")
@pytest.mark.parametrize(("seconds", "runs"), [(LIFE - 0.1, 1), (LIFE, 0), (LIFE + 60, 0)])
def test_it_is_confirmed_within_a_minute(room: ActionRoom, seconds: float, runs: int) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    room.clock.pass_(seconds)
    answer = room.confirm(ana, plan)
    assert answer.ok == bool(runs)
    assert room.hand().runs == runs
    if not runs:
        assert "60 s old" in answer.message


def test_a_clock_that_is_set_makes_no_plan_last_longer(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    room.clock.pass_(LIFE)
    room.clock.step(-3600)
    assert not room.confirm(ana, plan).ok
    assert room.hand().runs == 0


def test_what_is_only_looked_at_is_never_run(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana, held=False)
    assert not room.confirm(ana, plan).ok
    assert room.hand().runs == 0


@pytest.mark.parametrize(("danger", "phrase"), [("moderate", "flush"), ("severe", "production")])
@pytest.mark.parametrize("typed", ["", "y", "Production", "flus", "flush production"])
def test_a_wrong_phrase_runs_nothing(rooms: Rooms, danger: str, phrase: str, typed: str) -> None:
    room = rooms(flush=action(danger=danger))
    ana = room.attach()
    plan = room.plan(ana)
    assert plan.phrase == phrase
    answer = room.confirm(ana, plan, phrase=typed)
    assert not answer.ok
    assert f"{phrase} was to be typed" in answer.message
    # and it is not there to be guessed at
    assert not room.confirm(ana, plan).ok
    assert (room.hand().runs, room.acts()) == (0, [])


def test_a_room_without_a_name_for_its_environment_does_nothing_severe(rooms: Rooms) -> None:
    room = rooms(flush=action(danger="severe"))
    room.reload(environment="")
    plan = room.plan(room.attach())
    assert "write [room] environment" in plan.blocked
    assert not room.act(room.attach()).ok


# --- the world is another one ---------------------------------------------------------------


def test_what_changed_since_it_was_shown_is_not_run(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    room.hand().changed = "pid 4711 is another session by now"
    answer = room.confirm(ana, plan)
    assert (answer.ok, answer.run) == (False, None)
    assert "another session by now" in answer.message
    assert (room.hand().runs, room.acts(), room.actions.running) == (0, [], ())
    assert not room.acting(ana).runs  # nothing is left of it
    room.hand().changed = ""
    assert room.act(ana).ok


def test_a_look_that_hangs_does_not_hold_the_action(
    room: ActionRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warroom.engine.actions.runs.LOOKED", 0.02)
    assert LOOKED < 15  # a console waits so long for an answer
    room.hand().slow_check = asyncio.Event()
    answer = room.act(room.attach())
    assert not answer.ok
    assert "could not be looked at again" in answer.message
    assert (room.hand().runs, room.acts(), room.actions.running) == (0, [], ())


def test_a_run_that_did_not_begin_is_told_to_be_none(room: ActionRoom) -> None:
    """Consoles heard of it while what it touches was looked at once more."""
    ana, hand = room.attach(), room.hand()
    hand.slow_check = asyncio.Event()
    plan = room.plan(ana)

    async def work() -> tuple[Acting, Acting]:
        asked = asyncio.create_task(
            room.desk.handle(ana, RunAction(ref=1, once="o", digest=plan.digest))
        )
        while not hand.checks:
            await asyncio.sleep(0)
        before, seq = room.actions.told(ana, None), room.actions.seq
        hand.changed = "it is gone"
        assert hand.slow_check is not None
        hand.slow_check.set()
        await asked
        return before, room.actions.told(ana, seq)

    before, after = room.run(work())
    (run,) = before.runs
    assert before.shown == (run.run,)
    assert after.shown == ()


def test_another_environment_than_it_is_called_blocks(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    room.board.take("api", answered(room.clock, "staging"), 0)
    answer = room.confirm(ana, plan)
    assert not answer.ok
    assert "a source says it is staging" in answer.message
    again = room.plan(ana)
    assert "a source says it is staging" in again.blocked
    assert not room.confirm(ana, again).ok
    assert (room.hand().runs, room.acts()) == (0, [])


def test_what_was_shown_under_another_configuration_is_looked_at_again(room: ActionRoom) -> None:
    """The environment that was typed may be another one by now."""
    ana = room.attach()
    plan = room.plan(ana)
    room.reload(environment="other")
    assert not room.confirm(ana, plan).ok
    assert room.hand().runs == 0


def test_it_rests_after_a_run(rooms: Rooms) -> None:
    room = rooms(flush=action(cooldown="60s"))
    ana = room.attach()
    shown_before = room.plan(ana)
    assert room.act(room.attach("bob")).ok
    blocked = room.plan(ana)
    assert blocked.blocked == "it was run a moment ago, and rests for another 60 s"
    assert not room.confirm(ana, shown_before).ok
    assert room.hand().runs == 1
    room.clock.pass_(30)
    room.clock.step(7200)  # by the clock on the wall it has rested
    assert "rests for another 30 s" in room.plan(ana).blocked
    room.clock.step(-7200)
    room.restart()
    room.clock.pass_(29)
    assert "rests for another 1.0 s" in room.plan(ana).blocked
    room.clock.pass_(1)
    assert room.act(ana).ok


def test_roles_are_held_in_the_incident_it_belongs_to(rooms: Rooms) -> None:
    room = rooms(flush=action(roles=("commander",)))
    ana, bob = room.attach(), room.attach("bob")
    incident = room.declare()
    room.post(incident, Role(role="commander", person="ana"))
    assert "declare one, take it" in room.plan(ana).blocked
    assert "only commander may do this" in room.plan(bob, incident=incident).blocked
    assert not room.act(bob, incident=incident).ok
    plan = room.plan(ana, incident=incident)
    assert plan.blocked == ""
    room.post(incident, Role(role="commander", person="bob", before="ana"))
    assert not room.confirm(ana, plan).ok
    assert room.act(bob, incident=incident).ok
    assert room.hand().runs == 1


def test_nothing_is_done_in_an_incident_that_is_over(room: ActionRoom) -> None:
    ana, incident = room.attach(), room.declare()
    plan = room.plan(ana, incident=incident)
    room.resolve(incident, override="a drill")
    answer = room.confirm(ana, plan)
    assert f"{incident} is resolved" in answer.message
    assert (room.hand().runs, room.acts()) == (0, [])


# --- once -----------------------------------------------------------------------------------


def test_while_it_runs_nobody_else_runs_it_and_is_told_who_does(room: ActionRoom) -> None:
    ana, bob = room.attach(), room.attach("bob")
    hand = room.hand()
    hand.hold = asyncio.Event()
    hers, his = room.plan(ana), room.plan(bob)
    assert "somebody else has this action before them as well" in his.notes
    assert room.confirm(ana, hers).ok
    answer = room.confirm(bob, his)
    assert not answer.ok
    assert answer.message.startswith("ana runs it since")
    assert room.plan(bob).blocked.startswith("ana runs it since")
    (run,) = room.acting(bob).runs
    assert (run.by, run.outcome) == ("ana", None)
    hand.hold.set()
    room.idle()
    assert room.act(bob).ok
    assert hand.runs == 2


def test_two_who_confirm_at_the_same_moment_run_it_once(room: ActionRoom) -> None:
    hand = room.hand()
    hand.hold = asyncio.Event()
    consoles = [room.attach(name) for name in ("ana", "bob", "carla")]
    plans = [room.plan(one) for one in consoles]

    async def race() -> list[Answer]:
        asked = (
            room.desk.handle(one, RunAction(ref=1, once=one.actor.name, digest=plan.digest))
            for one, plan in zip(consoles, plans, strict=True)
        )
        return list(await asyncio.gather(*asked))

    answers = room.run(race())
    assert [answer.ok for answer in answers].count(True) == 1
    hand.hold.set()
    room.idle()
    assert hand.runs == 1
    assert len([body for body in room.acts() if isinstance(body, ActionStarted)]) == 1


def test_asked_twice_by_the_same_name_it_runs_once(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)

    async def twice() -> list[Answer]:
        request = RunAction(ref=1, once="o1", digest=plan.digest)
        return list(await asyncio.gather(*(room.desk.handle(ana, request) for _ in range(3))))

    answers = room.run(twice())
    room.idle()
    runs = {answer.run.run for answer in answers if answer.run is not None}
    assert [answer.ok for answer in answers] == [True] * 3
    assert len(runs) == 1
    assert room.hand().runs == 1


def test_whoever_hangs_up_does_not_take_the_run_along(room: ActionRoom) -> None:
    """The connection is lost between the request and its answer; it is sent again."""
    ana, hand = room.attach(), room.hand()
    hand.slow_check = asyncio.Event()
    plan = room.plan(ana)
    request = RunAction(ref=1, once="o1", digest=plan.digest)

    async def lost() -> None:
        asked = asyncio.create_task(room.desk.handle(ana, request))
        while not hand.checks:
            await asyncio.sleep(0)
        asked.cancel()
        await asyncio.wait([asked])

    room.run(lost())
    room.actions.gone(ana)
    hand.slow_check.set()
    answer = room.ask(room.attach(), request)
    room.idle()
    assert answer.ok, answer.message
    assert answer.run is not None
    assert hand.runs == 1
    assert room.outcomes() == ["succeeded"]


def test_hung_up_while_it_is_made_durable_it_is_no_start_without_an_end(room: ActionRoom) -> None:
    for turns in range(12):
        ana = room.attach()
        plan = room.plan(ana)

        async def lost(ana: Attached, request: RunAction, turns: int) -> None:
            asked = asyncio.create_task(room.desk.handle(ana, request))
            for _ in range(turns):
                await asyncio.sleep(0)
            asked.cancel()
            await asyncio.wait([asked])

        request = RunAction(ref=1, once=f"o{turns}", digest=plan.digest)
        room.run(lost(ana, request, turns))
        room.idle()
        while room.actions.running:
            room.idle()
        room.settle()
        started = [body for body in room.acts() if isinstance(body, ActionStarted)]
        assert len(started) == len(room.outcomes()) == room.hand().runs


def test_long_after_it_or_by_another_engine_it_is_told_not_run(rooms: Rooms) -> None:
    room = rooms(flush=action(), other=action())
    ana = room.attach()
    plan = room.plan(ana)
    request = RunAction(ref=1, once="o1", digest=plan.digest)
    first = room.ask(ana, request).run
    room.idle()
    room.clock.pass_(SHOWN + 1)
    room.actions.look()
    assert not room.acting(ana).runs
    for _ in range(2):
        answer = room.ask(room.attach(), request)
        assert answer.ok
        assert answer.run is not None
        assert first is not None
        assert (answer.run.run, answer.run.outcome) == (first.run, "succeeded")
        room.restart()
    assert room.hand().runs == 1


def test_a_name_that_something_else_has_is_no_run(room: ActionRoom) -> None:
    """The journal writes nothing twice by one name: nothing would be on disk of this run."""
    ana, incident = room.attach(), room.declare()
    room.post(incident, Note(text="hello"), once="taken")
    answer = room.confirm(ana, room.plan(ana), once="taken")
    assert not answer.ok
    assert "another entry has the name" in answer.message
    assert (room.hand().runs, room.acts()) == (0, [])


def test_requests_without_a_name_are_not_one_and_the_same(rooms: Rooms) -> None:
    room = rooms(flush=action(), other=action())
    ana = room.attach()
    assert room.confirm(ana, room.plan(ana), once="").ok
    answer = room.confirm(ana, room.plan(ana, "other"), once="")
    assert answer.run is not None
    assert answer.run.action == "other"
    assert (room.hand().runs, room.hand("other").runs) == (1, 1)


# --- killed, full ---------------------------------------------------------------------------


def test_killed_in_the_middle_nobody_knows_and_what_it_turns_on_is_perhaps_on(
    rooms: Rooms,
) -> None:
    room = rooms(scale=action(ttl="600s", **SCALE))
    room.poll(2)
    ana, incident = room.attach(), room.declare()
    room.hand("scale").hold = asyncio.Event()
    plan = room.plan(ana, "scale", incident=incident)
    request = RunAction(ref=1, once="o1", digest=plan.digest)
    room.ask(ana, request)
    room.kill()
    _, finished = room.acts()
    assert (finished.outcome, finished.output) == ("unknown", ())
    assert "nobody knows" in finished.text
    (seen,) = room.live(incident).runs
    assert seen.outcome == "unknown"
    (on,) = room.actions.on
    assert (on.name, on.detail, on.by, on.values) == (
        "workers",
        "2 → 4 perhaps",
        "ana",
        {"n": "2"},
    )
    assert on.until is not None
    answer = room.ask(room.attach(), request)  # its console attaches again, and asks again
    assert answer.run is not None
    assert answer.run.outcome == "unknown"
    room.restart()
    assert room.outcomes() == ["unknown"]  # it is said once
    assert len(room.actions.on) == 1


def test_killed_while_it_is_taken_back_it_is_still_on(rooms: Rooms) -> None:
    room = rooms(scale=action(**SCALE))
    room.poll(2)
    ana = room.attach()
    room.act(ana, "scale")
    room.hand("scale").hold = asyncio.Event()
    room.act(ana, "scale", values={"n": "2"})
    room.kill()
    assert room.outcomes() == ["succeeded", "unknown"]
    (on,) = room.actions.on
    assert on.detail == "2 → 4"


class FullDisk:
    """The journal says it is full."""

    def __init__(self) -> None:
        self.full = False
        self._append = Store.append

    def append(self, store: Store, drafts: Any) -> Any:
        if self.full:
            raise JournalError("no room on the disk", "df -h")
        return self._append(store, drafts)


def patient(room: ActionRoom, attached: Attached, request: RunAction) -> Answer:
    """Ask while the journal cannot be written, and let the run go to its end."""

    async def work() -> Answer:
        answer = await room.desk.handle(attached, request)
        while room.actions.running:
            await asyncio.sleep(0.001)
        return answer

    return room.run(work())


def test_on_a_full_disk_what_is_moderate_runs_with_a_warning_and_is_written_later(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms(scale=action(danger="moderate", cooldown="60s", **SCALE))
    disk = full(monkeypatch)
    room.poll(2)
    ana = room.attach()
    plan = room.plan(ana, "scale")
    disk.full = True
    answer = patient(room, ana, RunAction(ref=1, once="o", digest=plan.digest, phrase="scale"))
    assert answer.ok
    assert "not on disk" in answer.message
    assert room.hand("scale").runs == 1
    assert room.acts() == []
    # What is not on disk yet is on all the same, and has been run.
    assert [on.detail for on in room.acting(ana).on] == ["2 → 4"]
    assert room.actions.busy
    assert "rests for another" in room.plan(ana, "scale").blocked
    disk.full = False
    room.settle()
    assert room.outcomes() == ["succeeded"]
    assert [on.detail for on in room.actions.on] == ["2 → 4"]


def full(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    disk = FullDisk()
    monkeypatch.setattr(Store, "append", lambda store, drafts: disk.append(store, drafts))
    monkeypatch.setattr("warroom.engine.keeper.AGAIN", 0.01)
    return disk


def test_on_a_full_disk_nothing_severe_is_run(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = rooms(flush=action(danger="severe"))
    disk = full(monkeypatch)
    ana = room.attach()
    plan = room.plan(ana)
    disk.full = True
    request = RunAction(ref=1, once="o", digest=plan.digest, phrase="production")
    answer = patient(room, ana, request)
    assert (answer.ok, answer.run) == (False, None)
    assert "a severe action leaves a record first" in answer.message
    disk.full = False
    room.settle()
    # Its first entry waited and is written after all; the next says that nothing was run.
    started, finished = room.acts()
    assert isinstance(started, ActionStarted)
    assert (finished.outcome, finished.text[:19]) == ("failed", "nothing was run: th")
    again = room.ask(room.attach(), request)
    assert again.run is not None
    assert again.run.outcome == "failed"
    room.restart()
    assert room.outcomes() == ["failed"]
    assert room.hand().runs == 0


# --- who may --------------------------------------------------------------------------------


def refusals(room: ActionRoom, attached: Attached, digest: str, run: str) -> list[str]:
    """What is said to it whatever it asks for."""
    requests = [
        RunAction(ref=1, once=room.once(), digest=digest),
        CancelRun(ref=2, run=run),
        TickStep(ref=3, run=run),
        PlanAction(ref=4, action="flush", held=True),
    ]
    answers = [room.ask(attached, request) for request in requests]
    answers.append(room.keep(attached, "workers"))
    assert not any(answer.ok for answer in answers)
    return [answer.message for answer in answers]


def test_one_that_only_watches_or_notes_does_nothing_whatever_it_sends(rooms: Rooms) -> None:
    room = rooms(flush=action())
    room.hand().hold = asyncio.Event()
    answer = room.act(room.attach())
    assert answer.run is not None
    for granted in ("watch", "note"):
        console = room.attach("eve", granted)  # type: ignore[arg-type]
        # Even if it knew a plan of its own.
        console_plan = room.plan(room.attach("bob"))
        for words in refusals(room, console, console_plan.digest, answer.run.run):
            assert "this console may" in words
        assert not room.ask(console, Arm(ref=1)).ok
        assert room.acting(console).refused
    look = PlanAction(ref=1, action="flush", held=False)
    assert room.ask(room.attach("eve", "note"), look).ok
    assert not room.ask(room.attach("eve", "watch"), look).ok
    assert room.hand().runs == 1
    assert len(room.actions.running) == 1


def test_a_room_that_is_read_only_is_so_for_all(room: ActionRoom) -> None:
    ana = room.attach()
    plan = room.plan(ana)
    room.reload(read_only=True)
    for words in refusals(room, ana, plan.digest, "x"):
        assert words == "this room is read-only: [room] read_only"
    assert not room.ask(ana, Arm(ref=1)).ok
    assert room.acting(ana).refused.startswith("this room is read-only")
    assert not room.ask(room.attach(role="command"), PlanAction(ref=1, action="flush")).ok
    assert room.hand().runs == 0


def test_a_console_that_starts_locked_is_armed_by_itself_and_for_a_quarter_of_an_hour(
    room: ActionRoom,
) -> None:
    room.reload(locked=True)
    ana, bob = room.attach(), room.attach("bob")
    for words in refusals(room, ana, "x", "x"):
        assert words == "this console is locked\nL arms it for 15 minutes"
    assert room.ask(ana, Arm(ref=1)).message == "armed for 15 min"
    assert (room.acting(ana).locked, room.acting(ana).armed) == (True, 900)
    assert room.acting(bob).armed is None
    refusals(room, bob, "x", "x")
    room.clock.pass_(899)
    assert room.act(ana).ok
    plan = room.plan(ana)
    room.clock.pass_(1)
    answer = room.confirm(ana, plan)
    assert answer.message.startswith("this console is locked")
    assert room.hand().runs == 1
    room.ask(ana, Arm(ref=1))
    assert room.ask(ana, Arm(ref=1, on=False)).message == "locked"
    refusals(room, ana, "x", "x")
    room.ask(ana, Arm(ref=1))
    room.actions.gone(ana)
    refusals(room, room.attach(), "x", "x")  # attached again it is locked again
    assert room.act(room.attach(role="command")).ok  # a command is armed by being typed


# --- while it runs ----------------------------------------------------------------------------


def test_it_goes_on_when_its_console_is_gone_and_others_see_it(room: ActionRoom) -> None:
    ana, bob, hand = room.attach(), room.attach("bob"), room.hand()
    hand.hold, hand.says = asyncio.Event(), ["one", "two"]
    seq = room.actions.seq
    room.act(ana)
    room.actions.gone(ana)
    (run,) = room.acting(bob, seq).runs
    assert (run.by, run.state, run.head) == ("ana", "running", ("one", "two"))
    assert run.left == 60.0
    assert room.actions.busy
    seq = room.actions.seq
    assert room.acting(bob, seq).runs == ()
    hand.hold.set()
    room.idle()
    (run,) = room.acting(bob, seq).runs
    assert (run.outcome, run.left, run.undo) == ("succeeded", None, "")
    assert not room.actions.busy


def test_what_one_message_carries_of_an_output_is_bounded(room: ActionRoom) -> None:
    ana, hand = room.attach(), room.hand()
    hand.hold, hand.says = asyncio.Event(), [f"{n} {'é' * 500}" for n in range(5_000)]
    room.act(ana)
    acting = room.acting(ana)
    (run,) = acting.runs
    assert (len(run.head), len(run.tail), run.dropped) == (HEAD, TAIL, 5_000 - HEAD - TAIL)
    assert run.tail[-1].startswith("4999 ")
    assert len(encode(acting)) < 200_000
    hand.hold.set()
    room.idle()
    _, finished = room.acts()
    assert len(finished.output) == 8


def test_all_that_is_shown_fits_one_message(rooms: Rooms) -> None:
    room = rooms(**{f"a{n}": action() for n in range(MOST + 5)})
    ana = room.attach()
    for n in range(MOST + 5):
        room.hand(f"a{n}").says = ["é" * 400] * 200
        room.act(ana, f"a{n}")
    room.tick_of_time()
    acting = room.acting(ana)
    assert [run.action for run in acting.runs] == [f"a{n}" for n in range(5, MOST + 5)]
    assert len(encode(acting)) < 8 * 1024 * 1024


def test_one_that_is_cancelled_says_by_whom(room: ActionRoom) -> None:
    ana, bob, hand = room.attach(), room.attach("bob"), room.hand()
    hand.hold = asyncio.Event()
    answer = room.act(ana)
    assert answer.run is not None
    assert room.cancel(bob, answer.run.run).message == "Flush the cache is being ended"
    _, finished = room.acts()
    assert (finished.outcome, finished.text) == ("cancelled", "by bob: it was ended")
    assert not room.cancel(bob, answer.run.run).ok
    assert not room.cancel(bob, "nothing").ok
    (run,) = room.acting(ana).runs
    assert (run.by, run.outcome) == ("ana", "cancelled")


def test_one_that_is_cancelled_before_it_begins_does_not_begin(room: ActionRoom) -> None:
    ana, bob, hand = room.attach(), room.attach("bob"), room.hand()
    hand.slow_check = asyncio.Event()
    plan = room.plan(ana)

    async def work() -> Answer:
        request = RunAction(ref=1, once="o", digest=plan.digest)
        asked = asyncio.create_task(room.desk.handle(ana, request))
        while not hand.checks:
            await asyncio.sleep(0)
        (run,) = room.actions.running
        assert (await room.desk.handle(bob, CancelRun(ref=1, run=run.name))).ok
        assert hand.slow_check is not None
        hand.slow_check.set()
        return await asked

    answer = room.run(work())
    assert answer.message == "not run: bob ended it before it began"
    assert (hand.runs, room.acts()) == (0, [])


def test_a_run_that_takes_too_long_is_ended(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.engine.actions.running.PATIENCE", -0.99)
    room = rooms(flush=action(deadline="1s"))
    room.hand().hold = asyncio.Event()
    room.act(room.attach())

    async def over() -> None:
        while room.actions.running:
            await asyncio.sleep(0.005)

    room.run(over())
    room.settle()
    assert room.outcomes() == ["timed out"]


def test_what_is_our_own_fault_is_unknown_and_holds_nothing_up(room: ActionRoom) -> None:
    room.hand().results = [ValueError("secret words of ours")]
    room.act(room.attach())
    _, finished = room.acts()
    assert finished.outcome == "unknown"
    assert finished.text == "our own fault (ValueError): warroom logs"
    assert room.act(room.attach()).ok


STEPS = {
    "first": action(title="First"),
    "second": action(title="Second"),
    "third": action("manual", title="Third", text="turn it"),
    "all": action(
        "steps", title="All", steps=["first", "second", "third"], turns_on="calm", undo="first"
    ),
}


def test_steps_go_one_after_the_other_and_wait_for_the_person(rooms: Rooms) -> None:
    room = rooms(**STEPS)
    ana, bob = room.attach(), room.attach("bob")
    plan = room.plan(ana, "all")
    assert [step.title for step in plan.steps] == ["First", "Second", "Third"]
    answer = room.confirm(ana, plan)
    assert answer.run is not None
    (run,) = room.acting(bob).runs
    assert (run.state, run.step) == ("waiting", "3 of 3: Third")
    assert (room.hand("first").runs, room.hand("second").runs) == (1, 1)
    assert room.actions.on == ()
    assert room.tick(bob, answer.run.run).ok
    _, finished = room.acts()
    assert (finished.outcome, finished.text[:11]) == ("succeeded", "all 3 steps")
    assert "bob: done" in finished.output  # who did it by hand stands beside it
    assert [on.name for on in room.actions.on] == ["calm"]
    assert not room.tick(bob, answer.run.run).ok


def test_a_step_is_the_same_action_as_when_it_is_run_by_itself(rooms: Rooms) -> None:
    room = rooms(**STEPS)
    ana, bob = room.attach(), room.attach("bob")
    first, second = room.plan(ana, "first"), room.plan(bob, "second")
    answer = room.act(ana, "all")
    assert answer.run is not None
    assert room.plan(bob, "second").blocked.startswith("ana runs All since ")
    assert not room.confirm(ana, first).ok
    assert not room.confirm(bob, second).ok
    room.cancel(ana, answer.run.run)
    hold = room.hand("second").hold = asyncio.Event()
    room.act(bob, "second")
    assert room.plan(ana, "all").blocked.startswith("bob runs Second since ")
    hold.set()
    room.idle()
    assert (room.hand("first").runs, room.hand("second").runs) == (1, 2)


def test_steps_stop_at_the_first_that_does_not_succeed(rooms: Rooms) -> None:
    room = rooms(**STEPS)
    room.hand("second").results = [Result("failed", "exit 1")]
    room.act(room.attach(), "all")
    _, finished = room.acts()
    assert finished.outcome == "failed"
    assert finished.text == ("step 2 of 3 (Second): exit 1; 1 done before it; not done: Third")
    assert (room.hand("third").runs, room.actions.on) == (0, ())


def test_a_step_by_hand_that_was_not_done_fails(rooms: Rooms) -> None:
    room = rooms(**STEPS)
    answer = room.act(room.attach(), "all")
    assert answer.run is not None
    room.tick(room.attach(), answer.run.run, done=False)
    assert (room.outcomes(), room.actions.on) == (["failed"], ())


def test_at_the_end_of_the_engine_what_runs_is_ended_and_nothing_begins(room: ActionRoom) -> None:
    ana, hand = room.attach(), room.hand()
    hand.hold = asyncio.Event()
    room.act(ana)
    room.actions.end()
    plan = room.plan(ana)
    assert not room.confirm(ana, plan).ok
    room.run(room.actions.close())
    room.settle()
    assert [body.text for body in room.acts() if isinstance(body, ActionFinished)] == [
        "by warroom, which ends: it was ended"
    ]


# --- still on ---------------------------------------------------------------------------------


def test_scaled_up_twice_and_back_it_is_off(rooms: Rooms) -> None:
    room = rooms(scale=action(**SCALE))
    ana = room.attach()
    room.poll(1)
    room.act(ana, "scale")
    room.poll(4)
    plan = room.plan(ana, "scale", values={"n": "8"})
    assert any(note.startswith("workers is on already, since 12:00Z by ana") for note in plan.notes)
    room.confirm(ana, plan)
    (on,) = room.actions.on
    assert (on.detail, on.values, on.undo) == ("1 → 8", {"n": "1"}, "scale")
    room.poll(8)
    room.act(ana, "scale", values={"n": "2"})  # not all the way
    assert [one.detail for one in room.actions.on] == ["1 → 2"]
    room.act(ana, on.undo, values=on.values)
    assert room.actions.on == ()


@pytest.mark.parametrize(
    ("result", "leaves", "on"),
    [
        (Result("unknown", "?"), True, True),
        (Result("timed out"), True, True),
        (Result("cancelled"), True, True),
        (Result("cancelled", touched=0), True, False),
        (Result("cancelled"), False, False),
        (Result("timed out"), False, False),
        (Result("failed", "exit 1"), True, False),
    ],
    ids=str,
)
def test_what_may_be_on_counts_as_on(rooms: Rooms, result: Result, leaves: bool, on: bool) -> None:
    room = rooms(scale=action(**SCALE))
    room.poll(1)
    room.hand("scale").results, room.hand("scale").leaves = [result], leaves
    room.act(room.attach(), "scale")
    assert [one.detail for one in room.actions.on] == (["1 → 4 perhaps"] if on else [])


@pytest.mark.parametrize("figure", [float("nan"), float("inf")])
def test_a_figure_that_is_none_breaks_no_record(rooms: Rooms, figure: float) -> None:
    room = rooms(scale=action(**SCALE))
    room.poll(figure)
    ana = room.attach()
    room.act(ana, "scale")
    assert room.outcomes() == ["succeeded"]
    (on,) = room.acting(ana).on
    assert (on.detail, on.values) == ("4", {"n": ""})


def test_of_what_cannot_be_seen_the_last_known_figure_is_that_of_before(rooms: Rooms) -> None:
    room = rooms(scale=action(**SCALE))
    room.poll(1)
    room.board.take("api", failed(room.clock), 0)
    room.act(room.attach(), "scale")
    (on,) = room.actions.on
    assert (on.detail, on.values) == ("1 → 4", {"n": "1"})


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_figures_in_digits(value: float) -> None:
    text = digits(value)
    assert text == "" or abs(float(text) - value) <= 1e-9 * abs(value)


def test_figures_that_are_whole_have_no_point() -> None:
    assert [digits(v) for v in (None, 4.0, 0.5, 1234567.5, 12345678.0)] == [
        *("", "4", "0.5", "1234567.5", "12345678"),
    ]


def test_kept_on_purpose_switched_off_by_hand_each_with_a_reason(rooms: Rooms) -> None:
    room = rooms(scale=action(**SCALE))
    ana, bob = room.attach(), room.attach("bob")
    incident = room.declare()
    room.act(ana, "scale", incident=incident)
    assert not room.keep(bob, "workers", reason=" ").ok
    assert not room.keep(bob, "another").ok
    kept = room.keep(bob, "workers", once="k1")
    assert kept.ok
    (on,) = room.actions.on
    assert (on.kept, on.keeper) == ("for the weekend", "bob")
    room.restart()
    (on,) = room.actions.on
    assert on.kept == "for the weekend"
    off = room.keep(bob, "workers", once="k2", off=True, reason="by kubectl")
    assert off.ok
    assert room.actions.on == ()
    # The answer was lost, and it is sent again.
    again = room.keep(bob, "workers", once="k2", off=True, reason="by kubectl")
    assert again.ok
    assert again.entry == off.entry
    assert len(room.acts()) == 4


def test_an_incident_is_not_resolved_while_something_is_on_and_not_kept(rooms: Rooms) -> None:
    room = rooms(scale=action(**SCALE))
    room.poll(1)
    ana, incident = room.attach(), room.declare()
    room.act(ana, "scale", incident=incident)

    def unmet() -> list[str]:
        answer = room.resolve(incident, only_ask=True)
        return [one.words for one in answer.conditions if not one.met and "still on" in one.name]

    assert unmet() == ["still on: workers 1 → 4"]
    assert not room.resolve(incident).ok
    room.keep(ana, "workers")
    assert unmet() == []


def test_people_are_reminded_once_in_each_incident_whatever_is_started_anew(rooms: Rooms) -> None:
    room = rooms(scale=action(ttl="300s", **SCALE))
    room.poll(1)
    ana, first = room.attach(), room.declare("one")
    room.act(ana, "scale", incident=first)

    def nags(incident: str) -> list[str]:
        return [body.text for body in room.bodies(incident) if isinstance(body, Nag)]

    room.tick_of_time(299)
    assert nags(first) == []
    seq = room.actions.seq
    for _ in range(3):
        room.tick_of_time(1)
    said = ["workers (1 → 4) is still on, longer than was meant: Flush the cache"]
    assert nags(first) == said
    assert room.actions.seq == seq + 1  # consoles are told once
    second = room.declare("two")
    for _ in range(2):
        room.tick_of_time()
        room.restart()
        room.tick_of_time()
    assert (nags(first), nags(second)) == (said, said)
    room.act(ana, "scale", values={"n": "8"}, incident=second)
    room.tick_of_time(301)
    assert len(nags(second)) == 2  # it has another time since, and is overdue again
    room.keep(ana, "workers")
    third = room.declare("three")
    room.tick_of_time(5000)
    assert nags(third) == []


# --- what came of it ----------------------------------------------------------------------------

MOVES = {"expect": [{"signal": "api.latency_p95", "moves": "down", "within": "60s"}]}


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ([90, 80, 70], "HELPED"),
        ([400] * 12, "NO EFFECT"),
        ([900] * 6, "WORSE"),
        ([float("nan")] * 12, "CAN'T TELL"),
    ],
)
def test_a_verdict_follows(rooms: Rooms, figures: list[float], verdict: str) -> None:
    room = rooms(flush=action(**MOVES))
    for _ in range(12):
        room.poll(400)
    ana, incident = room.attach(), room.declare()
    plan = room.plan(ana, incident=incident)
    assert plan.expects == ("api.latency_p95 falls within 60 s",)
    room.confirm(ana, plan)
    assert room.actions.busy
    for figure in figures:
        assert len(room.acts()) == 2
        room.poll(figure)
        room.tick_of_time(0)
    judged = room.acts()[-1]
    assert isinstance(judged, ActionVerdict)
    assert judged.verdict == verdict
    (run,) = room.acting(ana).runs
    assert (run.verdict, run.watching) == (verdict, "")
    (seen,) = room.live(incident).runs
    assert seen.verdict == verdict
    assert not room.actions.busy


def test_nobody_asks_after_what_was_not_done(rooms: Rooms) -> None:
    room = rooms(flush=action(**MOVES))
    room.poll(400)
    room.hand().results = [Result("failed", "exit 1")]
    room.act(room.attach())
    room.tick_of_time(500)
    assert len(room.acts()) == 2
    assert not room.actions.busy


@given(
    moves=st.lists(
        st.sampled_from(
            ["plan ana", "plan bob", "run ana", "run bob", "again", "gone", "end", "late"]
        ),
        max_size=30,
    )
)
@examples(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_whatever_is_done_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory, moves: list[str]
) -> None:
    """Each run was planned by who ran it, is begun and ended once, and never two at a time."""
    room = ActionRoom(tmp_path_factory.mktemp("room"), flush=action())
    try:
        consoles = {name: room.attach(name) for name in ("ana", "bob")}
        plans: dict[str, Any] = {}
        wanted, last = 0, None
        hand = room.hand()
        for move in moves:
            what, _, name = move.partition(" ")
            if what == "plan":
                plans[name] = room.plan(consoles[name])
                hand.hold = hand.hold or asyncio.Event()
            elif what == "run" and name in plans:
                blocked = plans[name].blocked or room.actions.running
                last = RunAction(ref=1, once=room.once(), digest=plans.pop(name).digest)
                answer = room.ask(consoles[name], last)
                wanted += answer.ok
                assert answer.ok != bool(blocked)
            elif what == "again" and last is not None:
                room.ask(room.attach(), last)
            elif what == "gone":
                room.actions.gone(consoles["ana"])
                plans.pop("ana", None)
            elif what == "late":
                room.clock.pass_(61)
                plans.clear()
            elif what == "end" and hand.hold is not None:
                hand.hold.set()
                hand.hold = None
            room.idle()
            assert hand.runs == wanted
            assert len(room.actions.running) <= 1
        if hand.hold is not None:
            hand.hold.set()
        room.idle()
        assert room.outcomes() == ["succeeded"] * wanted
    finally:
        room.close()
