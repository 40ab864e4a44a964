"""The board: states, levels, causes, ages, acknowledgements, by a clock that is told."""

import math
from datetime import timedelta

import pytest

from tests.unit.fakes import FakeClock, answered, config, failed, rule, seen, settings
from warroom.engine.board import Board, News
from warroom.engine.clean import clean_signals
from warroom.engine.poll import Poll
from warroom.errors import EngineError
from warroom.incident.actor import Actor
from warroom.measure.rule import Rule
from warroom.measure.snapshot import CUT_OFF, Signal
from warroom.wire import SourceView

ADA = Actor(name="ada", uid=7, attested=True)
DECLARED = {"api.latency_p95": "ms", "api.up": ""}


class Scene:
    """One board with one source ``api``, and what is done to it."""

    def __init__(self, *rules: Rule, **options: object) -> None:
        self.clock = FakeClock()
        self.board = Board(config(*rules, api=settings(**options)), self.clock)
        self.board.configure(config(*rules, api=settings(**options)), {"api": DECLARED}, set())

    @property
    def view(self) -> SourceView:
        return self.board.views()[0]

    def latency(self, value: float | None) -> SourceView:
        self.clock.pass_(5)
        self.board.take("api", seen(self.clock, Signal("api.latency_p95", value, "ms")), 0)
        return self.view

    def fail(self, reason: str = "refused", *signals: Signal) -> SourceView:
        self.clock.pass_(5)
        self.board.take("api", failed(self.clock, reason, *signals), 0)
        return self.view


SLOW = rule(SEV1="> 5000", SEV2="> 2000")


def test_before_anything_was_seen_it_cannot_be_seen() -> None:
    scene = Scene(SLOW)
    assert (scene.view.state, scene.view.level) == ("CAN'T SEE", "CAN'T SEE")
    assert scene.view.cause == "not seen yet"
    assert scene.view.age is None
    assert scene.board.room().worst == "CAN'T SEE"


def test_a_room_without_sources_is_not_ok() -> None:
    board = Board(config(), FakeClock())
    assert board.room().worst == "CAN'T SEE"
    assert board.room().cause == "nothing is being looked at"


def test_it_rises_with_its_cause_and_clears() -> None:
    scene = Scene(SLOW)
    assert scene.latency(100).level == "OK"
    first = scene.latency(2400)
    assert (first.level, first.pending) == ("OK", "1 of 2 polls to SEV2")
    second = scene.latency(2400)
    assert (second.level, second.state, second.pending) == ("SEV2", "UP", "")
    assert second.cause == "api slow: latency_p95 2.4 s, over 2.0 s"
    assert second.signals[0].level == "SEV2"
    since = second.since
    assert since == scene.clock.now()
    better = scene.latency(100)
    assert (better.level, better.pending) == ("SEV2", "1 of 2 polls to OK")
    assert better.since == since
    assert better.cause == "api slow: latency_p95 2.4 s, over 2.0 s"
    assert scene.latency(100).level == "OK"


def test_the_limit_that_is_said_is_that_of_the_level_that_is_on() -> None:
    scene = Scene(SLOW)
    scene.latency(2400)
    scene.latency(2400)
    worse = scene.latency(6000)
    assert (worse.level, worse.pending) == ("SEV2", "1 of 2 polls to SEV1")
    assert worse.cause == "api slow: latency_p95 6.0 s, over 2.0 s"
    worst = scene.latency(6000)
    assert (worst.level, worst.cause) == ("SEV1", "api slow: latency_p95 6.0 s, over 5.0 s")


def test_a_red_that_goes_dark_stays_red() -> None:
    scene = Scene(SLOW)
    scene.latency(2400)
    scene.latency(2400)
    for _ in range(5):
        view = scene.fail("no route to host")
    assert (view.state, view.level) == ("CAN'T SEE", "SEV2")
    assert view.cause.endswith("now it cannot be seen: no route to host")
    assert view.age == 25.0
    assert view.snapshot is not None
    assert view.snapshot.value("api.latency_p95") == 2400
    assert view.signals[0].value is None


def test_a_small_red_that_goes_dark_cannot_be_seen() -> None:
    scene = Scene(rule(SEV3="> 2000"))
    scene.latency(2400)
    scene.latency(2400)
    assert scene.fail("no route").level == "CAN'T SEE"
    assert scene.latency(2400).level == "SEV3"


@pytest.mark.parametrize("dark_first", [False, True])
def test_what_is_bad_at_first_sight_is_not_called_ok(dark_first: bool) -> None:
    scene = Scene(SLOW)
    if dark_first:
        scene.latency(100)
        scene.fail()
    view = scene.latency(2400)
    assert (view.state, view.level, view.pending) == ("UP", "CAN'T SEE", "1 of 2 polls to SEV2")
    assert view.cause.startswith("just seen, not judged yet: api slow: latency_p95 2.4 s")
    assert scene.latency(100).level == "OK"
    assert scene.latency(2400).level == "OK"
    assert scene.latency(2400).level == "SEV2"


def test_what_is_known_of_a_failure_is_judged() -> None:
    down = rule("api is down", "api.up", SEV1="< 1")
    scene = Scene(down)
    up = Signal("api.up", 0.0)
    assert scene.fail("connection refused", up).level == "CAN'T SEE"
    view = scene.fail("connection refused", up)
    assert (view.level, view.cause) == ("SEV1", "api is down: connection refused")


def test_the_faults_are_the_cause_of_a_down() -> None:
    scene = Scene(rule("api is down", "api.up", SEV1="< 1"))
    for _ in range(2):
        scene.clock.pass_(5)
        poll = seen(scene.clock, Signal("api.up", 0.0), faults=("503, expected 2xx", "slow"))
        scene.board.take("api", poll, 0)
    assert scene.view.state == "DOWN"
    assert scene.view.cause == "api is down: 503, expected 2xx; slow"


def test_maintenance_is_its_own_level_and_starts_the_rules_anew() -> None:
    scene = Scene(SLOW)
    scene.latency(2400)
    scene.latency(2400)
    scene.clock.pass_(5)
    scene.board.take("api", seen(scene.clock, maintenance=True, faults=("closed",)), 0)
    assert (scene.view.state, scene.view.level) == ("MAINTENANCE", "MAINTENANCE")
    assert scene.board.room().worst == "MAINTENANCE"
    assert scene.latency(2400).level == "OK"
    assert scene.latency(2400).level == "SEV2"


@pytest.mark.trap(14, "a figure that is NaN", "not zero")
@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_nan_is_not_zero_and_a_gap_is_a_gap(unknown: float | None) -> None:
    scene = Scene(rule(SEV2="< 10"))
    scene.latency(100)
    for _ in range(3):
        (signal,) = clean_signals((Signal("api.latency_p95", unknown, "ms"),), str)
        view = scene.latency(signal.value)
    assert view.level == "OK"
    assert view.trend == (100, None, None, None)
    assert view.signals[0].value is None


def test_a_failed_poll_is_a_gap_in_the_trend() -> None:
    scene = Scene(SLOW)
    scene.latency(100)
    scene.fail()
    scene.latency(50)
    assert scene.view.trend == (100, None, 50)
    assert scene.view.trend_unit == "ms"
    assert (scene.view.polls, scene.view.failures) == (3, 1)


def test_the_history_is_bounded() -> None:
    scene = Scene(SLOW)
    for value in range(300):
        scene.latency(value)
    assert len(scene.view.trend) == 120
    assert scene.view.trend[-1] == 299


@pytest.mark.trap(14, "the machine's clock set", "no negative age")
def test_a_clock_that_is_set_makes_no_negative_age_and_moves_since_with_it() -> None:
    scene = Scene(SLOW)
    scene.latency(100)
    before = scene.view.since
    assert before is not None
    scene.clock.step(-3600)
    scene.board.check()
    scene.clock.pass_(2)
    assert scene.view.age == 2.0
    since = scene.view.since
    assert since is not None
    assert abs(before - since - timedelta(hours=1)) < timedelta(seconds=1)
    assert since <= scene.clock.now()
    scene.clock.step(7200)
    scene.board.check()
    assert scene.view.age == 2.0


def test_the_same_moment_has_the_same_time_however_often_it_is_asked() -> None:
    scene = Scene(SLOW)
    scene.latency(100)
    first = scene.view.since
    scene.clock.pass_(3.5678)
    scene.clock.step(0.4)  # drift, not a clock that was set
    scene.board.check()
    assert scene.view.since == first


def test_a_poller_that_is_stuck_leaves_no_good_news_standing() -> None:
    scene = Scene(SLOW)
    scene.latency(100)
    scene.clock.pass_(14)
    scene.board.check()
    assert scene.view.level == "OK"
    scene.clock.pass_(2)
    scene.board.check()
    assert (scene.view.state, scene.view.level) == ("CAN'T SEE", "CAN'T SEE")
    assert scene.view.cause == "no poll has finished for 10 s"
    scene.clock.pass_(10)
    scene.board.check()
    assert scene.view.cause == "no poll has finished for 20 s"
    assert scene.latency(100).level == "OK"


def test_only_what_changed_is_told() -> None:
    scene = Scene(SLOW)
    heard: list[News] = []
    scene.board.tell(heard.append)
    scene.latency(100)
    scene.latency(100)
    scene.board.check()
    api = frozenset({"api"})
    assert heard == [News(api, room=True, past=True), News(api)]
    scene.board.take("gone", seen(scene.clock), 0)
    assert len(heard) == 2


def test_an_acknowledgement_ends_when_it_clears_worsens_or_expires() -> None:
    scene = Scene(SLOW)
    scene.latency(100)
    with pytest.raises(EngineError, match="nothing to acknowledge"):
        scene.board.acknowledge("api", ADA, "OK", "known", 60)
    for end in ("clears", "worsens", "expires"):
        scene.latency(2400)
        scene.latency(2400)
        scene.board.acknowledge("api", ADA, "SEV2", "known", 60)
        held = scene.view.acknowledged
        assert held is not None
        assert (held.by, held.level) == ("ada", "SEV2")
        assert scene.view.level == "SEV2"
        assert scene.board.room().worst == "SEV2"
        assert scene.latency(2500).acknowledged == held
        if end == "expires":
            scene.clock.pass_(60)
            scene.board.check()
            assert scene.view.acknowledged is None
        value = 9000 if end == "worsens" else 100
        scene.latency(value)
        assert scene.latency(value).acknowledged is None
        scene.latency(100)
        scene.latency(100)
        assert scene.view.level == "OK"


def test_what_has_worsened_since_it_was_shown_is_not_acknowledged() -> None:
    scene = Scene(SLOW)
    scene.latency(100)
    scene.latency(9000)
    scene.latency(9000)
    with pytest.raises(EngineError, match="api is SEV1 by now, you saw SEV2: look again"):
        scene.board.acknowledge("api", ADA, "SEV2", "known", 60)
    assert scene.view.acknowledged is None
    scene.board.acknowledge("api", ADA, "SEV1", "known", 60)


def test_a_wish_to_be_left_alone_does_not_keep_a_second_bad_answer_away() -> None:
    scene = Scene(SLOW)
    scene.latency(100)

    def limited(latency: float) -> float:
        scene.clock.pass_(5)
        signal = Signal("api.latency_p95", latency, "ms")
        return scene.board.take("api", seen(scene.clock, signal, retry_after=300.0), 0)

    assert limited(2400) == 0.0
    assert limited(2400) == 60.0
    assert limited(9000) == 0.0  # counts from SEV2 towards SEV1
    assert limited(2400) == 60.0


def test_a_pause_the_source_asked_for_is_not_called_silence() -> None:
    scene = Scene(SLOW)
    until = scene.clock.now() + timedelta(seconds=60)
    signal = Signal("api.latency_p95", 100.0, "ms")
    scene.board.take("api", seen(scene.clock, signal, retry_after=300.0), 0)
    scene.clock.pass_(20)
    scene.board.check()
    words = f"left alone until {until:%H:%M:%SZ}, as it asked"
    assert (scene.view.state, scene.view.cause) == ("CAN'T SEE", words)
    scene.clock.pass_(60)
    scene.board.check()
    assert scene.view.cause == "no poll has finished for 1 min"


def test_what_was_said_of_the_environment_goes_when_it_cannot_be_seen() -> None:
    for said, proof in (("production", "proven"), ("staging", "mismatch")):
        scene = Scene()
        scene.board.take("api", answered(scene.clock, said), 0)
        assert scene.board.room().proof == proof
        scene.fail()
        assert scene.board.room().proof == "configured"
        assert scene.board.room().environment_seen == ""


def test_the_environment_is_proven_by_a_connection_or_contradicted() -> None:
    for said, proof in (("", "configured"), ("PRODUCTION", "proven"), ("staging", "mismatch")):
        scene = Scene()
        scene.board.take("api", answered(scene.clock, said), 0)
        room = scene.board.room()
        assert (room.proof, room.environment_seen) == (proof, said)


def test_the_worst_source_is_the_first_of_the_worst() -> None:
    clock = FakeClock()
    sources = {name: settings() for name in ("a", "b", "c")}
    rules = tuple(rule(f"{n} bad", f"{n}.x", polls=1, SEV2="> 1") for n in sources)
    made = config(*rules, **sources)
    board = Board(made, clock)
    board.configure(made, {name: {f"{name}.x": ""} for name in sources}, set())
    for name in ("c", "a", "b"):
        clock.pass_(1)
        value = 0.0 if name == "b" else 5.0
        board.take(name, seen(clock, Signal(f"{name}.x", value)), 0)
    room = board.room()
    assert (room.worst, room.worst_source, room.cause) == ("SEV2", "c", "c bad: x 5, over 1")


def test_a_source_asked_only_on_request_does_not_darken_the_room() -> None:
    clock = FakeClock()
    made = config(api=settings(), mail=settings(on_request=True))
    board = Board(made, clock)
    board.configure(made, {"api": {}, "mail": {}}, set())
    board.take("api", seen(clock), 0)
    assert board.room().worst == "OK"
    mail = board.views(frozenset({"mail"}))[0]
    assert (mail.state, mail.level) == ("CAN'T SEE", "OK")
    board.take("mail", failed(clock, "mail server refused"), 0)
    assert board.room().worst == "CAN'T SEE"


def test_a_look_on_request_never_makes_a_room_well() -> None:
    clock = FakeClock()
    made = config(rule("slow", "mail.x", polls=1, SEV1="> 1"), mail=settings(on_request=True))
    board = Board(made, clock)
    board.configure(made, {"mail": {}}, set())
    for poll, worst in ((None, "CAN'T SEE"), (0.0, "CAN'T SEE"), (5.0, "SEV1")):
        if poll is not None:
            board.take("mail", seen(clock, Signal("mail.x", poll)), 0)
        assert board.room().worst == worst
        if worst != "SEV1":
            assert board.room().cause == "nothing is looked at by itself"


@pytest.mark.parametrize("asked", [True, False])
def test_what_was_asked_for_stands_again_when_a_room_is_not_cut_off_any_more(asked: bool) -> None:
    clock = FakeClock()
    made = config(api=settings(), mail=settings(on_request=True))
    board = Board(made, clock)
    board.configure(made, {"api": {}, "mail": {"mail.x": ""}}, set())
    board.take("api", seen(clock), 0)
    if asked:
        board.take("mail", seen(clock, Signal("mail.x", 3.0)), 0)
    before = board.views(frozenset({"mail"}))[0]
    board.cut_off("none of 2 canaries answers")
    cut = Poll(taken_at=clock.now(), took=0.1, failure=CUT_OFF)
    board.take("api", cut, 0)
    board.take("mail", cut, 0)  # somebody asked for it meanwhile
    assert board.room().cause == "this room is cut off"
    clock.pass_(5)
    board.cut_off("")
    board.take("api", seen(clock), 0)
    after = board.views(frozenset({"mail"}))[0]
    assert (after.state, after.level, after.cause) == (before.state, before.level, before.cause)
    assert (after.failure, after.signals[0].value) == (None, 3.0 if asked else None)
    assert (board.room().worst, board.room().cause) == ("OK", "")


@pytest.mark.parametrize("figure", [0.0, 5.0])
def test_an_old_look_on_request_says_nothing_of_now(figure: float) -> None:
    clock = FakeClock()
    slow = rule("slow", "mail.x", polls=1, SEV1="> 1")
    made = config(slow, mail=settings(on_request=True))
    board = Board(made, clock)
    board.configure(made, {"mail": {"mail.x": ""}}, set())
    board.take("mail", seen(clock, Signal("mail.x", figure)), 0)
    clock.pass_(599)
    board.check()
    assert board.views()[0].level == ("SEV1" if figure else "OK")
    clock.pass_(2)
    board.check()
    view = board.views()[0]
    assert (view.state, view.level) == ("CAN'T SEE", "OK")
    assert view.cause == "asked only on request, last 10 min ago"
    clock.pass_(300)
    board.check()
    assert board.views()[0].cause == "asked only on request, last 15 min ago"
    board.take("mail", seen(clock, Signal("mail.x", 0.0)), 0)
    assert (board.views()[0].state, board.views()[0].cause) == ("UP", "")


def test_a_hold_in_seconds_is_counted_in_seconds() -> None:
    scene = Scene(rule(SEV2="> 2000", polls=1, seconds=12))
    scene.latency(100)
    scene.latency(2400)
    assert scene.latency(2400).pending == "5 of 12 s to SEV2"
    scene.latency(2400)
    assert scene.latency(2400).level == "SEV2"


def test_a_red_that_is_only_called_otherwise_stays_red() -> None:
    scene = Scene(SLOW)
    scene.latency(2400)
    assert scene.latency(2400).level == "SEV2"
    renamed = rule("interface slow", SEV1="> 5000", SEV2="> 2000")
    units = {"api": {"api.latency_p95": "ms"}}
    scene.board.configure(config(renamed, api=settings(title="interface")), units, {"api"})
    assert scene.view.title == "interface"
    assert scene.view.level == "SEV2"


def test_what_is_seen_in_part_is_not_well_and_its_figures_are_judged() -> None:
    scene = Scene(SLOW)
    for latency in (3000.0, 3000.0):
        scene.clock.pass_(5)
        signal = Signal("api.latency_p95", latency, "ms", "/pay")
        poll = seen(scene.clock, signal, blind=("there is no series up",))
        scene.board.take("api", poll, 0)
        assert scene.view.state == "CAN'T SEE"
    assert scene.view.level == "SEV2"
    assert scene.view.cause == "api slow: latency_p95 3.0 s (/pay), over 2.0 s"
    for _ in range(2):
        scene.clock.pass_(5)
        poll = seen(scene.clock, Signal("api.latency_p95", 10.0, "ms"), blind=("no series up",))
        scene.board.take("api", poll, 0)
    assert (scene.view.state, scene.view.level) == ("CAN'T SEE", "CAN'T SEE")
    assert scene.view.cause == "no series up"
    scene.latency(10.0)
    assert (scene.view.state, scene.view.level) == ("UP", "OK")


def test_every_declared_figure_has_its_past_and_the_lines_of_its_rules() -> None:
    scene = Scene(SLOW)
    scene.latency(123.456789)
    scene.fail()
    main, up = scene.view.signals
    assert main.trend == (123.46, None)
    assert up.trend == (None, None)
    assert [(limit.level, limit.threshold.words()) for limit in main.limits] == [
        ("SEV1", "over 5000"),
        ("SEV2", "over 2000"),
    ]
    assert up.limits == ()


def changed(scene: Scene, **options: object) -> None:
    """A reload with other options for the one source there is."""
    with_options = config(SLOW, api=settings(**options))
    scene.board.configure(with_options, {"api": DECLARED}, set())


def test_a_changed_source_keeps_its_red_until_good_figures_clear_it() -> None:
    scene = Scene(SLOW)
    for _ in range(2):
        scene.latency(6000)
    scene.board.acknowledge("api", ADA, "SEV1", "on it", 600)
    changed(scene, timeout="4s")
    assert (scene.view.state, scene.view.level) == ("CAN'T SEE", "SEV1")
    assert scene.view.acknowledged is not None
    assert scene.view.signals[0].trend == (6000, 6000)
    for value in (None, None, None, 10.0):
        assert scene.latency(value).level == "SEV1"
    assert scene.latency(10.0).level == "OK"


def test_a_changed_source_that_was_well_is_looked_at_anew() -> None:
    scene = Scene(SLOW)
    scene.latency(10)
    changed(scene, timeout="4s")
    assert scene.view.level == "CAN'T SEE"
    assert scene.view.age is None
    assert scene.latency(10).level == "OK"
