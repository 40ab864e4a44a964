"""The last half hour: which trouble came first, what changed, by a clock that is told."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from panels import marks
from tests.unit.fakes import FakeClock, config, failed, rule, seen, settings
from warroom.cli.status import past_lines
from warroom.config.masker import Masker
from warroom.config.settings import VantageSettings
from warroom.engine.board import Board, News
from warroom.engine.ending import Ending
from warroom.engine.engine import Engine, Loaded
from warroom.measure.change import Change
from warroom.measure.history import columns
from warroom.measure.past import Mark, Noticed, Onset, Past
from warroom.measure.snapshot import Signal

DECLARED = {
    "db": {"db.connections_used": "%"},
    "api": {"api.latency_p95": "ms", "api.unanswered": "polls"},
}
RULES = (
    rule("connections", "db.connections_used", SEV1="> 95", SEV3="> 85"),
    rule("api slow", "api.latency_p95", SEV2="> 2000"),
    rule("api unanswered", "api.unanswered", polls=1, SEV1=">= 3"),
)


class Scene:
    """A database and what stands in front of it, looked at every 5 s."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        made = config(*RULES, db=settings(), api=settings())
        self.board = Board(made, self.clock)
        self.board.configure(made, DECLARED, set())

    def poll(
        self, *, used: float = 20, latency: float = 100, changes: tuple[Change, ...] = ()
    ) -> None:
        """Five seconds later both are asked."""
        self.clock.pass_(5)
        used_now = Signal("db.connections_used", used, "%")
        latency_now = Signal("api.latency_p95", latency, "ms")
        self.board.take("db", seen(self.clock, used_now, changes=changes), 0)
        self.board.take("api", seen(self.clock, latency_now, Signal("api.unanswered", 0)), 0)

    @property
    def past(self) -> Past:
        return self.board.past()


def red(scene: Scene) -> Onset | None:
    """The first figure of those that are still bad."""
    return next((o for o in scene.past.onsets if o.until is None and o.signal), None)


def calm(scene: Scene) -> bool:
    return all(onset.until is not None for onset in scene.past.onsets)


def names(onsets: tuple[Onset, ...]) -> list[str]:
    return [onset.rule or f"{onset.source} unseen" for onset in onsets]


def test_onsets_come_in_the_order_of_their_first_bad_poll() -> None:
    scene = Scene()
    scene.poll()
    scene.poll(used=90)
    first = scene.clock.now()
    assert scene.past.onsets == ()  # one bad poll is no level yet
    scene.poll(used=90, latency=3000)
    scene.poll(used=99, latency=3000)
    scene.poll(used=99, latency=3000)
    assert names(scene.past.onsets) == ["connections", "api slow"]
    connections, slow = scene.past.onsets
    assert (connections.at, connections.level) == (first, "SEV1")  # the worst it came to
    assert slow.at == first + timedelta(seconds=5)
    assert red(scene) == connections


def test_what_is_over_stays_for_half_an_hour_and_what_comes_back_soon_is_the_same() -> None:
    scene = Scene()
    scene.poll()
    for _ in range(2):
        scene.poll(used=90)
    (began,) = scene.past.onsets
    for _ in range(2):
        scene.poll()
    (over,) = scene.past.onsets
    assert (over.at, over.until) == (began.at, scene.clock.now())
    assert red(scene) is None
    assert calm(scene)
    for _ in range(2):
        scene.poll(used=90)
    (again,) = scene.past.onsets
    assert (again.at, again.until) == (began.at, None)
    for _ in range(2):
        scene.poll()
    for _ in range(61):
        scene.poll()
    for _ in range(2):
        scene.poll(used=90)
    assert len(scene.past.onsets) == 2  # five minutes later it is another one
    for _ in range(2):
        scene.poll()
    scene.clock.pass_(1801)
    scene.board.check()
    assert [onset.rule for onset in scene.past.onsets] == ["", ""]  # nobody has polled since


def test_a_source_that_goes_dark_is_a_trouble_from_its_second_failure_on() -> None:
    scene = Scene()
    scene.poll()
    scene.clock.pass_(5)
    scene.board.take("db", failed(scene.clock), 0)
    assert scene.past.onsets == ()
    began = scene.clock.now() - timedelta(milliseconds=10)
    scene.clock.pass_(5)
    scene.board.take("db", failed(scene.clock), 0)
    (dark,) = scene.past.onsets
    assert (dark.source, dark.signal, dark.level, dark.at) == ("db", "", "CAN'T SEE", began)
    assert red(scene) is None  # what is not seen is not called bad
    assert not calm(scene)
    scene.poll()
    assert scene.past.onsets[0].until is not None


def test_a_rule_on_silence_begins_with_the_first_silent_poll() -> None:
    scene = Scene()
    scene.poll()
    began = scene.clock.now() + timedelta(seconds=5) - timedelta(milliseconds=10)
    for count in (1, 2, 3):
        scene.clock.pass_(5)
        silent = Signal("api.unanswered", count, "polls")
        scene.board.take("api", failed(scene.clock, "refused", silent), 0)
    onset = next(o for o in scene.past.onsets if o.until is None)
    assert (onset.rule, onset.at) == ("api unanswered", began)


def test_a_change_is_taken_up_once_and_a_deployment_is_a_mark_for_everybody() -> None:
    scene = Scene()
    scene.poll()
    scene.poll()
    heard: list[News] = []
    scene.board.tell(heard.append)
    deployed = Change(scene.clock.now() + timedelta(seconds=1), "deploy 3f2c", "deployment")
    scene.poll(changes=(deployed,))
    scene.poll(changes=(deployed,))
    assert scene.past.changes == (Noticed("db", deployed),)
    both = frozenset({"db", "api"})
    assert [news for news in heard if news.past] == [News(both, past=True)]
    db, api = scene.board.views()
    assert db.marks == api.marks == (Mark(3, "deploy 3f2c"),)  # the first poll after it
    setting = Change(scene.clock.now(), "max_connections 100 → 20")
    scene.poll(changes=(deployed, setting))
    assert [noticed.change for noticed in scene.past.changes] == [deployed, setting]
    assert len(scene.board.views()[0].marks) == 1
    scene.clock.pass_(1801)
    scene.board.check()
    assert scene.past.changes == ()
    scene.board.take("db", failed(scene.clock), 0)
    scene.poll(changes=(deployed, setting))  # it still says so, and it is no news
    assert scene.past.changes == ()


def test_a_source_that_flaps_does_not_push_out_what_another_noticed() -> None:
    scene = Scene()
    deployed = Change(scene.clock.now(), "deploy 3f2c", "deployment")
    scene.board.take("api", seen(scene.clock, changes=(deployed,)), 0)
    for number in range(500):
        scene.clock.pass_(2)
        other = Change(scene.clock.now(), f"answers {number}", "answers")
        used = Signal("db.connections_used", 99 if number // 2 % 2 else 1)
        scene.board.take("db", seen(scene.clock, used, changes=(other,)), 0)
    found = [noticed.change for noticed in scene.past.changes]
    assert found[0] == deployed
    assert [change.what for change in found[-2:]] == ["answers 498", "answers 499"]
    assert len(found) == 200
    assert scene.past.levels[0].source == "api"
    assert scene.board.views()[0].marks == ()  # it is before what is kept of db


@pytest.mark.parametrize("before", [7, 130])
def test_a_mark_stays_in_its_place_when_a_reload_changes_its_source(before: int) -> None:
    scene = Scene()
    for _ in range(before):
        scene.poll(latency=1)
    deployed = Change(scene.clock.now() + timedelta(seconds=1), "deploy 3f2c", "deployment")
    for _ in range(3):
        scene.poll(latency=2, changes=(deployed,))
    made = config(*RULES, db=settings(), api=settings(timeout="4s"))
    scene.board.configure(made, DECLARED, {"db"})
    for _ in range(2):
        scene.poll(latency=2)
        api = scene.board.views()[1]
        trend = next(s.trend for s in api.signals if s.name == "api.latency_p95")
        (mark,) = api.marks
        assert trend[mark.poll - api.polls - 2 :][:2] == (1.0, 2.0)
        for per in range(1, 7):
            (back,) = marks.from_right(api, per)
            found = columns(trend, api.polls, per)
            assert [column.value for column in found[-1 - back :]] == [2.0] * (back + 1)
            assert {column.value for column in found[: -1 - back]} <= {1.0}


def test_a_past_at_another_pace_is_let_go_of() -> None:
    scene = Scene()
    scene.poll()
    made = config(*RULES, db=settings(), api=settings(interval="60s"))
    scene.board.configure(made, DECLARED, {"db"})
    scene.poll()
    db, api = scene.board.views()
    assert [len(signal.trend) for signal in (*db.signals, *api.signals)] == [2, 1, 1]


def test_a_deployment_before_all_that_is_kept_is_no_mark() -> None:
    scene = Scene()
    long_ago = Change(scene.clock.now() - timedelta(minutes=20), "deploy 1a", "deployment")
    scene.poll(changes=(long_ago,))
    assert scene.past.changes[0].change == long_ago
    assert scene.board.views()[1].marks == ()


def test_every_level_is_kept_with_its_cause() -> None:
    scene = Scene()
    scene.poll()
    for _ in range(2):
        scene.poll(used=90)
    steps = [(s.source, s.before, s.level) for s in scene.past.levels]
    assert steps == [("db", "CAN'T SEE", "OK"), ("api", "CAN'T SEE", "OK"), ("db", "OK", "SEV3")]
    assert scene.past.levels[-1].cause.startswith("connections: ")


def test_a_room_that_is_cut_off_calls_nothing_down() -> None:
    scene = Scene()
    scene.poll()
    for _ in range(2):
        scene.poll(used=99)
    scene.board.cut_off("none of 2 canaries answers (a; b)")
    room = scene.board.room()
    assert (room.cut_off, room.worst) == ("none of 2 canaries answers (a; b)", "SEV1")
    db, api = scene.board.views()
    assert (db.state, db.level) == ("CAN'T SEE", "SEV1")  # a red that goes dark stays red
    assert "cut off" not in db.cause  # the room says so
    assert (api.state, api.level, api.cause) == ("CAN'T SEE", "CAN'T SEE", "this room is cut off")
    assert names(scene.past.onsets) == ["connections", " unseen"]
    scene.board.cut_off("")
    scene.poll()
    scene.poll()
    assert scene.board.room().worst == "OK"
    assert calm(scene)


def test_what_waits_for_canaries_is_not_seen_and_no_trouble_of_its_own() -> None:
    made = config(*RULES, db=settings(), api=settings())
    made.vantage = VantageSettings(canaries=("192.0.2.1:443", "198.51.100.1:443"), timeout="2s")  # type: ignore[arg-type]
    scene = Scene()
    scene.board.configure(made, DECLARED, {"db", "api"})
    scene.poll()
    scene.clock.pass_(15.5)  # two intervals and the deadline, and a little
    scene.board.check()
    assert {view.state for view in scene.board.views()} == {"CAN'T SEE"}
    assert calm(scene)
    scene.board.cut_off("none of 2 canaries answers")
    scene.board.cut_off("")
    assert [onset.source for onset in scene.past.onsets] == [""]
    scene.poll()
    scene.clock.pass_(19.5)  # it cannot be the canaries any more
    scene.board.check()
    assert sorted(o.source for o in scene.past.onsets if o.until is None) == ["api", "db"]


async def test_an_engine_that_stood_still_itself_blames_no_source_for_it() -> None:
    clock, paths = (
        FakeClock(),
        SimpleNamespace(
            config=Path("/etc/room.toml"), journal=Path("/nowhere/journal.db"), group=None
        ),
    )
    made = config(*RULES, db=settings(), api=settings())
    loaded, masker, ending = Loaded(made, {}), Masker(), Ending()
    engine = Engine(paths, loaded, clock, masker, ending)  # type: ignore[arg-type]
    board = engine._board
    board.configure(made, DECLARED, set())
    for name in ("db", "api"):
        board.take(name, seen(clock), 0)
    clock.pass_(60)
    engine.check()
    assert {view.state for view in board.views()} == {"UP"}
    assert engine.status().past.onsets == ()
    assert {source.age_s for source in engine.status().sources} == {60.0}
    for _ in range(16):  # it goes on, and the sources' polls do not
        clock.pass_(1)
        engine.check()
    assert {view.state for view in board.views()} == {"CAN'T SEE"}


def test_a_red_whose_limit_a_reload_changes_is_red_by_the_new_one_at_once() -> None:
    scene = Scene()
    for _ in range(3):
        scene.poll(used=99)
    (began,) = scene.past.onsets
    for limit, level in (("> 90", "SEV2"), ("> 99.5", "OK")):
        made = config(rule("full", "db.connections_used", SEV2=limit), *RULES[1:])
        made.sources = {"db": settings(), "api": settings()}
        scene.board.configure(made, DECLARED, {"db", "api"})
        assert scene.board.views()[0].level == level
        (onset,) = scene.past.onsets
        assert (onset.at, onset.until is None) == (began.at, level != "OK")
        assert onset.rule == "full"
        if level != "OK":
            assert scene.board.views()[0].cause == "full: connections_used 99 %, over 90 %"


def test_status_says_the_day_of_what_is_not_of_today() -> None:
    scene = Scene()
    for _ in range(3):
        scene.poll(used=99)
    began = scene.past.onsets[0].at
    (line,) = past_lines(scene.past, scene.clock.now())
    assert line == f"onset    {began:%H:%M:%S}Z  connections, SEV1"
    (line,) = past_lines(scene.past, scene.clock.now() + timedelta(days=3))
    assert line == f"onset    {began:%Y-%m-%d %H:%M:%S}Z  connections, SEV1"


def test_a_source_that_is_no_longer_watched_is_no_trouble_any_more() -> None:
    scene = Scene()
    scene.poll()
    for _ in range(2):
        scene.poll(used=90)
    scene.board.configure(config(RULES[1], api=settings()), {"api": DECLARED["api"]}, {"api"})
    assert calm(scene)
