"""What the watch saw, as entries: each once, bounded, whatever the clock does."""

from datetime import UTC, datetime, timedelta

from warroom.engine.observer import MOST, SPAN, Observer
from warroom.incident.entries import Observed
from warroom.measure.change import Change
from warroom.measure.past import Noticed, Onset, Past, Step

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ZERO = NOON - timedelta(seconds=100)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def step(seconds: float, before: str, level: str, cause: str = "", source: str = "api") -> Step:
    return Step(source=source, at=at(seconds), before=before, level=level, cause=cause)


def told(observer: Observer, past: Past, now: float = 0.0) -> list[str]:
    return [sighting.body.text for sighting in observer.news(past, ZERO, now)]


def test_everything_is_told_once_and_in_the_order_it_happened() -> None:
    observer = Observer()
    deployed = Noticed("shop", Change(at(-30), "v1.43.0 runs", "version"))
    onset = Onset(source="api", signal="api.errors", rule="error rate", level="SEV2", at=at(1))
    past = Past(onsets=(onset,), changes=(deployed,), levels=(step(5, "OK", "SEV2", "5 % fail"),))
    assert told(observer, past) == [
        "shop: v1.43.0 runs",
        "first bad poll: error rate (api.errors)",
        "api OK → SEV2: 5 % fail",
    ]
    assert told(observer, past) == []
    over = Onset(
        source="api", signal="api.errors", rule="error rate", level="SEV2", at=at(1), until=at(60)
    )
    well = Past(onsets=(over,), levels=(*past.levels, step(60, "SEV2", "OK")))
    assert told(observer, well) == ["api SEV2 → OK", "over: error rate (api.errors)"]


def test_that_a_source_is_well_at_the_first_look_is_no_news() -> None:
    past = Past(levels=(step(0, "CAN'T SEE", "OK"), step(0, "CAN'T SEE", "SEV1", "down", "db")))
    observer = Observer()
    assert told(observer, past) == ["db CAN'T SEE → SEV1: down"]
    before = observer.before(past, ZERO)
    assert [s.body.text for s in before] == ["db CAN'T SEE → SEV1: down"]


def test_one_that_was_dark_for_longer_than_the_past_is_told_when_it_is_seen() -> None:
    observer = Observer()
    told(observer, Past(levels=(step(0, "CAN'T SEE", "OK"),)))
    told(observer, Past(levels=(step(60, "OK", "CAN'T SEE"),)))
    told(observer, Past(), 1900.0)  # half an hour later nothing of it is left
    assert told(observer, Past(levels=(step(2400, "CAN'T SEE", "OK"),)), 2400.0) == [
        "api CAN'T SEE → OK"
    ]


def test_changes_on_and_on_are_bounded_and_hide_no_level() -> None:
    observer = Observer()
    changes = tuple(Noticed("shop", Change(at(n), f"setting {n}")) for n in range(3 * MOST))
    texts = told(observer, Past(changes=changes, levels=(step(99, "OK", "SEV1", source="shop"),)))
    assert len(texts) == MOST + 2
    assert texts[-2] == "shop changes on and on: no more of it is written until it calms down"
    assert texts[-1] == "shop OK → SEV1"


def test_a_clock_that_is_set_tells_nothing_twice() -> None:
    observer = Observer()
    assert len(told(observer, Past(levels=(step(0, "OK", "SEV1"),)))) == 1
    hour = timedelta(hours=1)
    moved = Past(levels=(Step(source="api", at=NOON + hour, before="OK", level="SEV1"),))
    assert observer.news(moved, ZERO + hour, 1.0) == ()


def test_what_flaps_is_written_so_often_and_then_that_it_flaps_and_where_it_came_to_rest() -> None:
    observer, steps, texts = Observer(), [], []
    for n in range(4 * MOST):
        steps.append(step(n, *(("OK", "SEV2") if n % 2 else ("SEV2", "OK"))))
        texts += told(observer, Past(levels=tuple(steps)), float(n))
    assert len(texts) == MOST + 1
    assert texts[-1] == "api goes to and fro: no more of it is written until it calms down"
    assert observer.flapping == {"api"}
    assert observer.calmed({"api": "SEV2"}, at(100), 4.0 * MOST) == ()
    (calm,) = observer.calmed({"api": "SEV2"}, at(500), 4.0 * MOST + SPAN)
    assert calm.body == Observed(
        what="flapping", source="api", text="api has calmed down: SEV2", level="SEV2"
    )
    assert observer.flapping == frozenset()
    steps.append(step(600, "SEV2", "OK"))
    assert told(observer, Past(levels=tuple(steps)), 600.0) == ["api SEV2 → OK"]


def test_one_that_flaps_silences_no_other() -> None:
    observer = Observer()
    flaps = tuple(step(n, "OK", "SEV2") for n in range(3 * MOST))
    other = step(3.0 * MOST, "OK", "SEV1", source="db")
    texts = told(observer, Past(levels=(*flaps, other)))
    assert texts[-1] == "db OK → SEV1"
