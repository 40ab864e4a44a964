"""Clocks and zones: what is typed where clocks change, what is shown, and clocks that step."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.unit.incidents import Telling
from warroom.cli.moment import moment as shell_moment
from warroom.console.incident.times import read_time
from warroom.engine.stepping import Steps
from warroom.errors import UsageError
from warroom.incident.promise import read_next
from warroom.incident.scribe.grammar import hint, parse
from warroom.incident.scribe.times import leading_time
from warroom.incident.spans import left, seconds
from warroom.zone import IN_UTC, Zone, both, there, zone_named

BERLIN = Zone("Europe/Berlin", ZoneInfo("Europe/Berlin"))
YORK = Zone("America/New_York", ZoneInfo("America/New_York"))
KATHMANDU = Zone("Asia/Kathmandu", ZoneInfo("Asia/Kathmandu"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SUMMER = utc("2026-07-04 14:05")
SPRING = utc("2026-03-29 03:00")
"""Two hours after Berlin's clocks went from 02:00 to 03:00."""
AUTUMN = utc("2026-10-25 02:10")
"""An hour and ten minutes after they went from 03:00 back to 02:00."""


# --- what is typed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["0001-01-01 00:00", "0001-01-01 00:00+05:00", "9999-12-31 23:59-05:00", "24:00", "12:60"],
)
def test_what_is_no_time_or_none_that_can_be_reckoned_is_refused_in_words(text):
    assert isinstance(read_time(text, SUMMER, BERLIN, BERLIN), str)
    assert isinstance(read_next(text, SUMMER, BERLIN, BERLIN), str)
    with pytest.raises(UsageError):
        shell_moment(text, SUMMER, "--at")


def test_the_shell_refuses_local_where_nobody_knows_what_that_is(monkeypatch):
    monkeypatch.setenv("TZ", "CET-1CEST")
    with pytest.raises(UsageError, match="'CET-1CEST' is not known"):
        shell_moment("12:05local", SUMMER, "--at")
    assert shell_moment("12:05", SUMMER, "--at") == utc("2026-07-04 12:05")


@pytest.mark.parametrize("text", ["00010101T000000+0500", "19000101T000000Z"])
def test_the_shell_refuses_what_is_too_long_ago_however_it_is_written(text):
    with pytest.raises(UsageError, match="too long ago"):
        shell_moment(text, SUMMER, "--at")


@pytest.mark.parametrize(
    ("text", "now", "at"),
    [
        ("12:05", SUMMER, "2026-07-04 12:05"),
        ("12:05Z", SUMMER, "2026-07-04 12:05"),
        ("12:05local", SUMMER, "2026-07-04 10:05"),
        ("12:05 local", SUMMER, "2026-07-04 10:05"),
        ("12:05+05:30", SUMMER, "2026-07-04 06:35"),
        ("12:05-0400", SUMMER, "2026-07-03 16:05"),
        ("2026-07-01 00:30 local", SUMMER, "2026-06-30 22:30"),
        ("yesterday 23:50local", SUMMER, "2026-07-03 21:50"),
        # The hour that there is not: as if the clocks had not been put forward.
        ("02:30local", SPRING, "2026-03-29 01:30"),
        ("01:30local", SPRING, "2026-03-29 00:30"),
        ("03:30local", SPRING, "2026-03-29 01:30"),
        # The hour that there is twice: the later one that has been.
        ("02:05local", AUTUMN, "2026-10-25 01:05"),
        ("02:30local", utc("2026-10-25 01:10"), "2026-10-25 00:30"),
        ("02:30+02:00", AUTUMN, "2026-10-25 00:30"),
        ("02:30+01:00", AUTUMN, "2026-10-25 01:30"),
        # Across midnight, here and there.
        ("23:50", utc("2026-07-05 00:05"), "2026-07-04 23:50"),
        ("23:50local", utc("2026-07-04 22:05"), "2026-07-04 21:50"),
        ("00:05local", utc("2026-07-04 22:10"), "2026-07-04 22:05"),
    ],
)
def test_a_time_says_its_zone_and_the_clocks_may_change(text, now, at):
    found = leading_time(text, now, UTC, BERLIN.tz)
    assert found is not None
    assert (found[0], found[1]) == (len(text), utc(at))
    if "yesterday" not in text and now - utc(at) < timedelta(hours=12):
        assert read_time(text, now, IN_UTC, BERLIN) == utc(at)


@pytest.mark.parametrize(
    "text",
    ["12:05+99:00 x", "12:05+1 x", "12:05 local caches are cold", "12:05 localhost", "23:59:60 x"],
)
def test_what_stands_behind_a_time_is_no_zone_by_chance(text):
    """A leap second cannot be told: no clock here shows one, so it is no time but words."""
    found = leading_time(text, SUMMER, UTC, BERLIN.tz)
    assert found is None or text[: found[0]] == "12:05"


def test_the_scribe_says_both_before_it_is_written():
    telling = Telling()
    here = telling.context(now=SUMMER, local=BERLIN)
    assert hint("12:05 db is slow", here).endswith("Enter writes: note at 12:05Z (14:05 CEST)")
    assert hint("12:05local db is slow", here).endswith("note at 10:05Z (12:05 CEST)")
    there_shown = telling.context(now=SUMMER, zone=BERLIN.tz, local=BERLIN)
    assert hint("12:05 db is slow", there_shown).endswith("note at 10:05Z (12:05 CEST)")
    late = telling.context(now=utc("2026-07-05 00:05"), local=BERLIN)
    assert hint("23:50 x", late).endswith("at 2026-07-04 23:50Z (01:50 CEST)")
    assert parse("12:05local x", here).happened == utc("2026-07-04 10:05")


def test_the_shell_reads_utc_and_says_what_it_understands(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert shell_moment("12:05", SUMMER, "--at") == utc("2026-07-04 12:05")
    assert shell_moment("12:05 local", SUMMER, "--at") == utc("2026-07-04 10:05")
    with pytest.raises(UsageError, match="is no time"):
        shell_moment("2026-07-04T23:59:60Z", SUMMER, "--at")


# --- promises -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "now", "at"),
    [
        ("14:30", SUMMER, "2026-07-04 14:30"),
        ("16:30 local", SUMMER, "2026-07-04 14:30"),
        ("14:00", SUMMER, "2026-07-05 14:00"),
        # Over the change: a promise is a moment, and a span is so many minutes.
        ("03:10 local", utc("2026-03-29 00:50"), "2026-03-29 01:10"),
        ("02:30 local", utc("2026-03-29 00:50"), "2026-03-29 01:30"),
        ("02:30 local", utc("2026-10-25 00:10"), "2026-10-25 00:30"),
        ("02:30 local", utc("2026-10-25 00:40"), "2026-10-25 01:30"),
        ("30m", utc("2026-10-25 00:50"), "2026-10-25 01:20"),
    ],
)
def test_a_promise_is_a_moment_whatever_the_clocks_do(text, now, at):
    assert read_next(text, now, IN_UTC, BERLIN) == utc(at)


@pytest.mark.parametrize("now", [utc("2026-03-29 00:59"), utc("2026-10-25 00:59")])
def test_countdowns_do_not_jump_where_local_clocks_do(now):
    due = now + timedelta(minutes=30)
    for minute in range(30):
        at = (now + timedelta(minutes=minute)).astimezone(BERLIN.tz)
        assert left(due.astimezone(YORK.tz), at) == (30 - minute) * 60
        assert seconds(now.astimezone(BERLIN.tz), at) == minute * 60


def test_nothing_lasts_less_than_nothing_after_a_step_back():
    assert seconds(SUMMER, SUMMER - timedelta(hours=1)) == 0


# --- zones --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (IN_UTC, "14:05Z"),
        (BERLIN, "14:05Z (16:05 CEST)"),
        (YORK, "14:05Z (10:05 EDT)"),
        (KATHMANDU, "14:05Z (19:50 +05:45)"),
        (Zone("x", timezone(timedelta(hours=14))), "14:05Z (07-05 04:05 +14:00)"),
    ],
)
def test_both_are_told_and_each_by_its_name(zone, shown):
    assert both(SUMMER, zone, SUMMER) == shown


def test_the_hour_that_comes_twice_is_told_apart():
    first, second = utc("2026-10-25 00:30"), utc("2026-10-25 01:30")
    assert [there(at, BERLIN) for at in (first, second)] == ["02:30 CEST", "02:30 CET"]


@pytest.mark.parametrize(
    ("name", "environ", "found"),
    [
        ("UTC", {"TZ": "Europe/Berlin"}, "UTC"),
        ("Europe/Berlin", {}, "Europe/Berlin"),
        ("local", {"TZ": "Europe/Berlin"}, "Europe/Berlin"),
        ("local", {"TZ": ":America/New_York"}, "America/New_York"),
        ("local", {"TZ": ""}, "UTC"),
        ("local", {"TZ": "UTC0"}, "UTC"),
    ],
)
def test_which_zone_is_meant(name, environ, found):
    zone = zone_named(name, environ)
    assert (zone.name, zone.problem) == (found, "")


@pytest.mark.parametrize(
    "tz", ["Mars/Base", "../../etc/passwd", "CET-1CEST", "\x1b[2J", ":/dev/null"]
)
def test_a_zone_that_cannot_be_had_is_utc_and_says_so(tz):
    zone = zone_named("local", {"TZ": tz})
    assert zone.tz is UTC
    assert "times are UTC" in zone.problem


def test_without_the_systems_zones_it_is_utc():
    import zoneinfo

    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    try:
        zone = zone_named("Europe/Berlin", {})
    finally:
        zoneinfo.reset_tzpath()
    assert zone.utc
    assert "not known on this machine" in zone.problem


def test_a_machine_without_a_zone_is_in_utc(tmp_path):
    assert zone_named("local", {}, localtime=str(tmp_path / "none")) == IN_UTC
    (tmp_path / "odd").write_bytes(b"no zone")
    assert "tells no zone" in zone_named("local", {}, localtime=str(tmp_path / "odd")).problem


# --- clocks that step ---------------------------------------------------------------------


def looked(*looks):
    steps, said = Steps(), []
    for wall, monotonic, asleep in looks:
        said += steps.look(SUMMER + timedelta(seconds=wall), monotonic, asleep)
    return said


@pytest.mark.parametrize(("by", "told"), [(3600, "+3600"), (-3600, "-3600"), (2.5, "+2")])
def test_a_step_is_told_once(by, told):
    said = looked((0, 0, 0), (1, 1, 0), (2 + by, 2, 0), (3 + by, 3, 0), (90 + by, 90, 0))
    assert len(said) == 1
    assert f"clock stepped by {told} s" in said[0]


def test_a_clock_that_is_slewed_and_a_look_that_comes_late_are_no_step():
    assert looked(*((n * 1.0005, n, 0) for n in range(0, 9000, 60))) == []
    assert looked((0, 0, 0), (600, 600, 0)) == []


def test_a_machine_that_slept_is_no_step():
    (said,) = looked((0, 0, 0), (1, 1, 0), (7202, 2, 7200), (7203, 3, 7200))
    assert said == "this machine slept for 7200 s: nothing was watched meanwhile"
