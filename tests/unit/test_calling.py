"""Each worsening calls once; a hiccup does not; a lasting silence does."""

from tests.ui import boards
from warroom.console.calling import Caller
from warroom.console.state import RoomState
from warroom.severity import UNSEEN
from warroom.wire import Board


class Listener:
    """A caller that hears one source go through levels, a second each."""

    def __init__(self):
        self.caller = Caller()
        self.now = 0.0

    def hears(self, view, passed=1.0):
        self.now += passed
        state = RoomState().taking(boards.welcome(), self.now)
        state = state.taking(Board(room=boards.room(), sources=(view,)), self.now)
        return self.caller.hear(state, self.now) is not None


def at(level):
    return boards.up("api") if level == "OK" else boards.down("api", level=level)


def called(*levels):
    listener = Listener()
    return [listener.hears(at(level)) for level in levels]


def test_a_worsening_calls_once_and_the_first_sight_does_not():
    assert called("SEV1", "SEV1") == [False, False]
    assert called("OK", "SEV3", "SEV3", "SEV1", "SEV1") == [False, True, False, True, False]
    assert called("OK", "SEV1", "SEV3", "OK", "SEV3") == [False, True, False, False, True]


def test_losing_sight_for_a_moment_neither_calls_nor_makes_one_forget():
    listener = Listener()
    dark = boards.unseen("api", age=2.0)
    assert not listener.hears(at("OK"))
    assert not listener.hears(dark)
    assert listener.hears(at("SEV3"))
    assert not listener.hears(dark)
    assert not listener.hears(at("SEV3"))


def test_a_silence_that_lasts_calls_once():
    listener = Listener()
    assert not listener.hears(at("OK"))
    assert not listener.hears(boards.unseen("api", age=14.0))
    assert listener.hears(boards.unseen("api", age=16.0))
    assert not listener.hears(boards.unseen("api", age=60.0))
    assert not listener.hears(at("OK"))
    assert listener.hears(boards.unseen("api", age=16.0))


def test_what_was_never_seen_does_not_call():
    listener = Listener()
    view = boards.unseen("api", age=None, snapshot=None)
    assert view.level == UNSEEN
    assert not any(listener.hears(view, 60) for _ in range(5))


def test_an_acknowledged_red_does_not_call_and_an_unacknowledged_one_does_again():
    listener = Listener()
    seen = boards.down("api", acknowledged=boards.acknowledged())
    assert [listener.hears(view) for view in (at("OK"), seen)] == [False, False]
    assert not listener.hears(at("SEV1"))
    assert [listener.hears(view) for view in (at("OK"), at("SEV1"))] == [False, True]
