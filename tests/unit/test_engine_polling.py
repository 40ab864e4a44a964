"""When a source is polled, and that it can do no harm whatever it does."""

import asyncio
import itertools
import logging
import math
import os
import stat
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.fakes import settings
from tests.waiting import until_async
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.config.secrets import Secret
from warroom.engine.clean import clean
from warroom.engine.log import KEPT, PrivateLog
from warroom.engine.poll import Poll, look
from warroom.engine.poller import Poller, make_and_look
from warroom.engine.schedule import LONGEST_PAUSE, Schedule, granted
from warroom.engine.vantage import Vantage
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.snapshot import GenericSeen, Signal, Table
from warroom.sources.base import Sample


def _half() -> float:
    return 0.5


def test_ticks_are_fixed_however_long_a_poll_takes() -> None:
    schedule = Schedule(5.0, 100.0, _half)
    schedule.begin(100.0)
    schedule.end(103.0, failed=False)
    assert (schedule.due, schedule.skipped) == (105.0, 0)
    schedule.begin(105.2)
    schedule.end(109.9, failed=False)
    assert (schedule.due, schedule.skipped) == (110.0, 0)


def test_ticks_missed_by_a_slow_poll_are_counted_and_not_made_up_for() -> None:
    schedule = Schedule(5.0, 100.0, _half)
    schedule.begin(100.0)
    schedule.end(112.0, failed=False)
    assert (schedule.due, schedule.skipped) == (115.0, 2)


def test_a_process_that_stood_still_counts_what_it_missed() -> None:
    schedule = Schedule(5.0, 100.0, _half)
    schedule.begin(131.0)
    assert schedule.skipped == 6
    schedule.end(131.5, failed=False)
    assert schedule.due == 135.0


def test_it_backs_off_while_it_fails_and_comes_back_at_once() -> None:
    schedule = Schedule(5.0, 0.0, lambda: 0.0)
    now, pauses = 0.0, []
    for _ in range(8):
        schedule.begin(now)
        schedule.end(now, failed=True)
        pauses.append(schedule.due - now)
        now = schedule.due
    assert pauses == pytest.approx([5, 7.5, 10, 10, 10, 10, 10, 10])
    schedule.begin(now)
    schedule.end(now, failed=False)
    assert schedule.due - now == 5.0
    assert schedule.skipped == 0


@example(15.906234275611997, [(31.812468551223994, False, 0.0)] * 2)
@given(
    st.floats(0.1, 300.0),
    st.lists(st.tuples(st.floats(0, 20), st.booleans(), st.floats(0, 1)), max_size=30),
)
def test_the_next_poll_is_never_in_the_past_nor_too_far_off(
    interval: float, polls: list[tuple[float, bool, float]]
) -> None:
    jitter = [0.0]
    schedule = Schedule(interval, 0.0, lambda: jitter[0])
    skipped = 0
    for took, failing, chance in polls:
        jitter[0] = chance
        began = schedule.due
        schedule.begin(began)
        schedule.end(began + took, failed=failing)
        assert schedule.due > began + took
        assert schedule.due <= began + took + max(interval, LONGEST_PAUSE) + 1e-6
        assert schedule.skipped >= skipped
        skipped = schedule.skipped


@pytest.mark.parametrize(
    ("asked", "given_"), [(45.0, 45.0), (9999.0, 60.0), (1.0, 5.0), (-1, 5), (math.nan, 5)]
)
def test_a_system_that_asks_to_be_left_alone_is(asked: float, given_: float) -> None:
    schedule = Schedule(5.0, 0.0, _half)
    schedule.begin(0.0)
    schedule.end(0.0, failed=False)
    schedule.leave_alone(0.0, granted(asked))
    assert schedule.due == given_


class Odd:
    """A source that does what its one function does."""

    name = "odd"

    def __init__(self, does: Callable[[], Any]) -> None:
        self._does = does
        self.running = self.most = self.calls = 0
        self.closed = False

    async def sample(self) -> Any:
        self.calls += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            result = self._does()
            return await result if asyncio.iscoroutine(result) else result
        finally:
            self.running -= 1

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return (Signal("odd.up", 0.0),)

    async def close(self) -> None:
        self.closed = True


async def _look(does: Callable[[], Any], deadline: float = 0.05) -> Poll:
    clock = SystemClock()
    return await look(Odd(does), deadline, clock, lambda text: text, Vantage(clock))  # type: ignore[arg-type]


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("does", "phase", "words"),
    [
        (lambda: _raise(ProbeError("tls", "bad\x1b[2J cert")), "tls", "bad␛[2J cert"),
        (lambda: _raise(ZeroDivisionError("x")), "error", "ZeroDivisionError: x"),
        (lambda: _raise(SystemExit(3)), "error", "the source tried to end the engine"),
        (lambda: _raise(asyncio.CancelledError()), "deadline", "it gave up"),
        (lambda: _raise(StopAsyncIteration()), "error", "StopAsyncIteration: "),
        (lambda: 42, "error", "the source gave a int, not a Sample"),
        (lambda: asyncio.sleep(60), "deadline", "no answer within 50 ms"),
    ],
)
async def test_whatever_a_source_does_becomes_words(
    does: Callable[[], Any], phase: str, words: str
) -> None:
    poll = await _look(does)
    assert poll.failure is not None
    assert (poll.failure.phase, poll.failure.reason) == (phase, words)
    assert poll.signals == (Signal("odd.up", 0.0),)


GOOD = (Signal("odd.up", 1.0),)
AT = datetime(2026, 3, 1, 12, 0)  # noqa: DTZ001 - of no zone, as a plugin may give it


@pytest.mark.parametrize(
    ("seen", "signals", "place"),
    [
        ({"tables": (Table("t", ("n",), ((1203,),)),)}, GOOD, "[0].tables[0].rows[0][0]"),  # type: ignore[arg-type]
        ({"faults": "disk full"}, GOOD, "[0].faults"),
        ({"changes": (Change(AT, "deploy", "deployment"),)}, GOOD, "[0].changes[0].at"),
        ({"maintenance": "no"}, GOOD, "[0].maintenance"),
        ({}, (Signal("odd.up", "1"),), "[1][0].value"),  # type: ignore[arg-type]
        ({}, (Signal("odd.up", 10**400),), "[1][0].value"),
        ({"notes": (b"x",)}, GOOD, ""),
    ],
)
async def test_what_no_console_could_read_is_not_seen(
    seen: dict[str, Any], signals: tuple[Signal, ...], place: str
) -> None:
    poll = await _look(lambda: Sample(GenericSeen(**seen), signals))
    assert poll.seen is None
    assert poll.failure is not None
    assert "cannot be shown" in poll.failure.reason
    assert place in poll.failure.reason
    assert msgspec.json.decode(msgspec.json.encode(poll.signals), type=tuple[Signal, ...])


async def test_more_than_a_console_could_take_is_not_seen() -> None:
    table = Table("t", ("a", "b"), tuple(("x" * 300,) * 10 for _ in range(500)))
    poll = await _look(lambda: Sample(GenericSeen(tables=(table,)), GOOD))
    assert poll.failure is not None
    assert poll.failure.reason == "the source gave 1.4 MiB, more than 1 MiB"


async def test_lists_of_a_plugin_are_as_safe_as_tuples() -> None:
    hostile: Any = GenericSeen(faults=["\x1b[2J"], tables=[Table("t", ["a"], [["\x9b"]])])  # type: ignore[arg-type]
    poll = await _look(lambda: Sample(hostile, [Signal("odd.up\x1b", 1.0)]))  # type: ignore[arg-type]
    assert poll.seen == GenericSeen(faults=("␛[2J",), tables=(Table("t", ("a",), (("\\u009b",),)),))
    assert poll.signals == (Signal("odd.up␛", 1.0),)


async def test_figures_of_a_failure_that_are_none_are_left_out() -> None:
    odd: Any = Odd(lambda: _raise(ProbeError("tls", "bad")))
    for wrong in (("up", 0), (Signal("odd.up", "0"),), None):  # type: ignore[arg-type]
        odd.after_failure = lambda error, wrong=wrong: wrong
        clock = SystemClock()
        poll = await look(odd, 0.05, clock, lambda text: text, Vantage(clock))
        assert poll.failure is not None
        assert (poll.failure.reason, poll.signals) == ("bad", ())


async def test_what_cannot_be_judged_is_not_left_standing_as_it_was() -> None:
    polls: list[Poll] = []

    def report(poll: Poll, skipped: int) -> float:
        if poll.failure is None:
            raise ZeroDivisionError("a rule")
        polls.append(poll)
        return 0.0

    clock, source = SystemClock(), Odd(lambda: Sample(GenericSeen()))
    made: Any = lambda: source  # noqa: E731
    vantage = Vantage(clock)
    poller = Poller(settings(interval="100ms"), made, clock, lambda text: text, report, vantage)
    poller.start("odd")
    await until_async(lambda: bool(polls))
    assert polls[0].failure is not None
    assert polls[0].failure.reason == "what it gave could not be judged: ZeroDivisionError: a rule"
    await poller.close()


@pytest.mark.parametrize("result", [None, SystemExit(3), ZeroDivisionError()])
async def test_a_source_whose_close_is_wrong_is_let_go_of(result: BaseException | None) -> None:
    odd: Any = Odd(lambda: Sample(GenericSeen()))
    odd.close = lambda: _raise(result) if result is not None else None
    odd.look_again = lambda: "soon"
    clock = SystemClock()
    poll = await make_and_look(lambda: odd, settings(), clock, lambda text: text, Vantage(clock))
    assert poll.failure is None


def _poller(
    source: Odd, polls: list[tuple[Poll, int]], interval: str = "100ms", **more: Any
) -> Poller:
    return Poller(
        settings(interval=interval, **more),
        lambda: source,  # type: ignore[arg-type,return-value]
        SystemClock(),
        lambda text: text,
        lambda poll, skipped: polls.append((poll, skipped)) or 0.0,  # type: ignore[func-returns-value]
        Vantage(SystemClock()),
    )


@pytest.mark.trap(
    13, "a source slower than its interval", "never two at once, those left out are counted"
)
async def test_polls_never_overlap_and_slow_ones_are_counted() -> None:
    source = Odd(lambda: _slow(0.25))
    polls: list[tuple[Poll, int]] = []
    poller = _poller(source, polls, timeout="5s")
    poller.start("odd")
    await until_async(lambda: len(polls) >= 2)
    await poller.close()
    assert source.most == 1
    assert [skipped for _, skipped in polls[:2]] == [2, 4]
    assert source.closed


async def _slow(seconds: float) -> Sample:
    await asyncio.sleep(seconds)
    return Sample(GenericSeen())


async def test_a_source_that_cannot_be_cancelled_is_left_behind_and_not_polled_beside() -> None:
    may_end = asyncio.Event()

    async def cling() -> Sample:
        while not may_end.is_set():
            try:
                await may_end.wait()
            except asyncio.CancelledError:
                continue
        return Sample(GenericSeen())

    source = Odd(cling)
    polls: list[tuple[Poll, int]] = []
    poller = _poller(source, polls)
    poller.start("odd")
    await until_async(lambda: len(polls) >= 3)
    assert source.calls == 1
    reasons = [poll.failure.reason for poll, _ in polls if poll.failure]
    assert reasons[:2] == ["no answer within 100 ms", "the last poll does not end"]
    may_end.set()
    await until_async(lambda: source.calls > 1)
    await until_async(lambda: polls[-1][0].failure is None)
    await poller.close()


async def test_a_source_that_cannot_be_made_is_tried_again() -> None:
    attempts = itertools.count()
    source = Odd(lambda: Sample(GenericSeen()))

    def make() -> Any:
        if next(attempts) == 0:
            raise ProbeError("set-up", "the vault is sealed")
        return source

    polls: list[Poll] = []
    poller = Poller(
        settings(interval="100ms"),
        make,
        SystemClock(),
        lambda text: text,
        lambda poll, skipped: polls.append(poll) or 0.0,  # type: ignore[func-returns-value]
        Vantage(SystemClock()),
    )
    poller.start("odd")
    await until_async(lambda: len(polls) >= 2)
    await poller.close()
    assert polls[0].failure is not None
    assert polls[0].failure.reason == "the vault is sealed"
    assert polls[1].failure is None


async def test_a_probe_shares_the_poll_that_is_under_way() -> None:
    source = Odd(lambda: _slow(0.05))
    polls: list[tuple[Poll, int]] = []
    poller = _poller(source, polls, on_request=True)
    poller.start("odd")
    first, second = await asyncio.gather(poller.probe(), poller.probe())
    assert first is second
    assert source.calls == 1
    await poller.probe()
    assert source.calls == 2
    await poller.close()


def test_floods_and_outside_text_are_bounded_and_safe() -> None:
    table = Table("t\x1b", ("a",), tuple(("x\u202e" * 1000,) for _ in range(100_000)))
    seen = clean(
        GenericSeen(faults=("\x00",), tables=(table,), text="one\ntwo\x9b" + "\nx" * 10_000),
        lambda text: text.replace("one", "***"),
    )
    assert seen.faults == ("␀",)
    assert len(seen.tables[0].rows) == 500
    assert "\u202e" not in seen.tables[0].rows[0][0]
    assert seen.tables[0].title == "t␛"
    assert seen.text.startswith("***\ntwo\\u009b\n")
    assert seen.text.count("\n") < 500


def test_the_log_rotates_stays_private_and_has_no_secret(tmp_path: Path) -> None:
    masker = Masker()
    masker.add(Secret("correct-horse"))
    log = PrivateLog(tmp_path / "engine.log", masker.mask)
    log.maxBytes = 2000
    before = os.umask(0)
    try:
        for index in range(400):
            try:
                raise ValueError(f"correct-horse {index}\x1b[2J")
            except ValueError:
                record = logging.LogRecord("x", 30, "", 0, "got %s", ("correct-horse",), None)
                record.exc_info = sys.exc_info()
                log.emit(record)
    finally:
        os.umask(before)
        log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == KEPT + 1
    for file in files:
        text = file.read_text()
        assert "correct-horse" not in text
        assert "\x1b" not in text
        assert "Traceback" in text
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
