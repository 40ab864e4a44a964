"""An error tracker over HTTP: its figures are true, and one that is not seen has no "no errors"."""

import inspect
import json
import sys
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.live.bad_server import Script, answer, black_hole
from tests.live.error_tracker import TOKEN, TOKEN_AT, Tracker, error_tracker, tracking
from tests.live.held import failure, figures, truth, whose
from tests.live.probing import loop_watched
from warroom.config.masker import Masker
from warroom.engine.inspect import inspect as asked_of
from warroom.engine.levels import state_of
from warroom.engine.poll import look
from warroom.engine.vantage import Vantage
from warroom.errors import ProbeError
from warroom.measure.tracker import Issue, SentrySeen
from warroom.sources.base import Sample
from warroom.sources.sentry import SentrySettings, SentrySource

HTML = answer(b"<!doctype html><title>Sign in</title>", kind="text/html")


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_TOKEN", TOKEN)


def seen(sample: Sample) -> SentrySeen:
    assert isinstance(sample.seen, SentrySeen)
    return sample.seen


def issues(sample: Sample) -> dict[str, Issue]:
    return {issue.key: issue for issue in seen(sample).issues}


def a_minute(tracker: Tracker, **counts: int) -> None:
    """Six times ten seconds, in each of which so many events come (``e7=2``: of issue 7)."""
    for _ in range(6):
        for issue, times in counts.items():
            tracker.error(int(issue[1:]), times)
        tracker.clock.pass_(10)


@truth("events_per_minute", "worst_issue_per_minute", "issues_unresolved")
async def test_events_per_minute_are_those_that_came() -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        a_minute(tracker, e1=3, e2=1)
        tracker.clock.pass_(10)  # until the tracker has counted them
        first = await source.sample()
        assert figures(first)["events_per_minute"] == 24
        assert figures(first)["issues_unresolved"] == 2
        assert figures(first)["worst_issue_per_minute"] is None  # one look tells no rate
        a_minute(tracker, e1=5)
        second = await source.sample()
    came = [event for event in tracker.events if event.issue == 1]
    assert [issue.per_minute for issue in seen(second).issues] == [30, 0]
    assert figures(second)["worst_issue_per_minute"] == 30
    assert whose(second, "worst_issue_per_minute") == "Error1: it failed"
    assert issues(second)["issue:1"].events == len(came)
    assert seen(second).faults == ()


async def test_the_last_seconds_are_not_counted_before_the_tracker_has_counted_them() -> None:
    """Events of the last moments are on their way yet: less than a minute's would be shown."""
    async with error_tracker() as tracker, tracking(tracker) as source:
        a_minute(tracker, e1=2)
        a_minute(tracker, e1=2)
        kept, tracker.events = tracker.events, tracker.events[:-2]
        assert figures(await source.sample())["events_per_minute"] == 12
        tracker.events = kept
        assert figures(await source.sample())["events_per_minute"] == 12


@truth("issues_new", "issues_regressed")
async def test_new_and_come_back_within_the_time_configured() -> None:
    async with error_tracker() as tracker, tracking(tracker, new_within="10min") as source:
        tracker.error(1, 500, ago=86400)
        tracker.error(2, ago=599)
        tracker.error(3, ago=601)
        tracker.error(4, ago=86400)
        tracker.error(4, ago=5, substatus="regressed")
        tracker.error(5, ago=86400)
        tracker.error(5, ago=4000, substatus="regressed")
        found = await source.sample()
    assert figures(found)["issues_new"] == 1
    assert figures(found)["issues_regressed"] == 1
    told = issues(found)
    assert {key for key, issue in told.items() if issue.is_new} == {"issue:2"}
    assert {key for key, issue in told.items() if issue.regressed} == {"issue:4"}
    assert {issue.key for issue in seen(found).issues[:2]} == {"issue:2", "issue:4"}


async def test_a_tracker_without_counts_of_its_own_is_reckoned_from_its_issues() -> None:
    async with error_tracker(plain=True) as tracker, tracking(tracker) as source:
        tracker.error(1, 7, ago=3000)
        first = await source.sample()
        assert figures(first)["events_per_minute"] is None
        assert figures(first)["issues_regressed"] is None
        assert source.look_again() == 5  # two looks make a rate
        notes = " ".join(seen(first).notes)
        assert "needs project:read, was answered with status 404" in notes
        assert "does not say which issues have come back" in notes
        a_minute(tracker, e1=1, e2=2)
        second = await source.sample()
        assert figures(second)["events_per_minute"] == 18  # also those of the one that is new
        assert seen(second).load == "1 request a poll"
        assert source.look_again() is None
        tracker.clock.pass_(60)
        assert figures(await source.sample())["events_per_minute"] == 0
        tracker.clock.pass_(1000)  # it may have learnt it
        await source.sample()
    assert sum("/stats/" in target for target in tracker.targets()) == 2


async def test_an_issue_that_nobody_knows_how_fast_it_comes_makes_the_whole_not_known() -> None:
    async with error_tracker(plain=True) as tracker, tracking(tracker) as source:
        tracker.error(1, ago=5000)
        await source.sample()
        tracker.clock.pass_(60)
        tracker.error(2, ago=9000)
        tracker.error(2, 40)  # archived until now, say: it was not there a minute ago
        found = await source.sample()
        assert figures(found)["events_per_minute"] is None
        assert issues(found)["issue:2"].per_minute is None
        tracker.clock.pass_(60)
        tracker.error(2, 4)
        assert figures(await source.sample())["events_per_minute"] == 4


async def test_an_environment_is_counted_by_itself() -> None:
    async with error_tracker() as tracker:
        async with tracking(tracker, environment="production") as source:
            tracker.error(1, 3, environment="production")
            tracker.error(2, 3, environment="staging")
            await source.sample()
            tracker.clock.pass_(60)
            tracker.error(1, 5, environment="production")
            tracker.error(1, 50, environment="staging")
            found = await source.sample()
        assert figures(found)["events_per_minute"] == 5
        assert seen(found).project == "acme/web in production"
        assert not any("/stats/" in target for target in tracker.targets())
        async with tracking(tracker, environment="prodction") as source:
            notes = seen(await source.sample()).notes
    assert notes == ("no issue in environment prodction: a wrong name looks the same",)


async def test_only_as_many_pages_as_tell_what_is_new() -> None:
    async with error_tracker() as tracker, tracking(tracker, most=10) as source:
        for number in range(150):
            tracker.error(number, ago=10 + number)
        found = await source.sample()
        assert figures(found)["issues_new"] == 150
        assert figures(found)["issues_unresolved"] == 150
        assert len(seen(found).issues) == 10
        assert seen(found).hidden == 140
        assert seen(found).load == "3 requests a poll"
        assert (seen(found).more, seen(found).notes) == (False, ())
        for number in range(150, 260):
            tracker.error(number, ago=200 + number)
        found = await source.sample()
        assert figures(found)["issues_new"] == 200
        assert figures(found)["issues_unresolved"] is None
        assert any(note.startswith("at least 200 unresolved") for note in seen(found).notes)
        assert any(note.startswith("at least so many are new") for note in seen(found).notes)
        assert tracker.connections == 1
        tracker.clock.pass_(7200)  # a long tail, of which little is active
        tracker.error(3)
        found = await source.sample()
        assert (figures(found)["issues_new"], figures(found)["issues_unresolved"]) == (0, None)
        assert seen(found).load == "2 requests a poll"
        assert seen(found).more
        assert not any("are new or have come back" in note for note in seen(found).notes)
        assert "statsPeriod=&" in tracker.heard[0].target  # which would be most of the answer
    assert {heard.headers["host"] for heard in tracker.heard} == {f"127.0.0.1:{tracker.port}"}


REFUSALS: list[tuple[bytes, str, str]] = [
    (answer(status=401), "status 401 Unauthorized", "the token is not taken"),
    (answer(status=403), "status 403", "grant the token event:read and project:read"),
    (answer(status=404), "status 404", "organization acme with project web"),
    (answer(status=500), "status 500", ""),
    (answer(status=400), "status 400", ""),
    (answer(b"", ("Location", "http://x.example/?t=s"), status=302), "t=***", "as url"),
    (HTML, "no list of issues", "is url the address"),
    (answer(b'[{"id": "1", "title": "T'), "no list of issues", ""),
    (answer(b'{"detail": "nothing"}'), "no list of issues", ""),
    (answer(b'[{"title": "T"}]'), "no list of issues", ""),
    (answer(b'[{"id": "../../x"}]'), "no id that can be read", ""),
    (answer(b"[" * 100_000), "no list of issues", ""),
    (answer(b" " * (3 << 20)), "body over 2 MiB", ""),
    (answer(b"[]")[:-1], "cut short", ""),
    (answer(json.dumps([{"id": 1}] * 1_001).encode()), "1,001 issues came", ""),
]


@pytest.mark.parametrize(("raw", "words", "hint"), REFUSALS, ids=[r[1] for r in REFUSALS])
async def test_what_is_no_answer_is_not_no_errors(raw: bytes, words: str, hint: str) -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        tracker.instead["issues"] = Script(raw, then="close")
        error = await failure(source)
    assert words in str(error)
    assert hint in error.hint


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Script(answer(status=401)), "status 401"),
        (Script(answer(status=502)), "status 502"),
        (Script(answer(b"{}", ("Retry-After", "42"), status=429)), "left alone for 42 s"),
        (Script(HTML), "no list of counts"),
        (Script(answer(b'[["a", 1]]')), "no list of counts"),
        (Script(answer(b" " * (65 << 10))), "body over 64 KiB"),
        (Script(b"", then="silence"), "no answer within 300 ms"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_issues_are_seen_where_their_events_are_not_counted(
    script: Script, words: str
) -> None:
    """A tracker that is flooded answers of its counts last."""
    async with error_tracker() as tracker, tracking(tracker, timeout="300ms") as source:
        tracker.error(1, 3)
        tracker.instead["stats"] = script
        found = await source.sample()
    assert figures(found)["events_per_minute"] is None
    assert (figures(found)["issues_new"], figures(found)["unanswered"]) == (1, 0)
    (blind,) = seen(found).blind
    assert blind.startswith("events per minute: ")
    assert words in blind
    assert state_of(found.seen, None) == "CAN'T SEE"
    assert found.retry_after == (42 if "42" in words else None)


async def test_a_token_without_the_scope_is_named() -> None:
    async with error_tracker(scopes=frozenset({"project:read"})) as tracker:
        async with tracking(tracker) as source:
            error = await failure(source)
        assert "grant the token event:read and project:read, and access to acme/web" in error.hint
        tracker.scopes = frozenset({"event:read"})
        async with tracking(tracker) as source:
            found = await source.sample()
    assert figures(found)["issues_unresolved"] == 0
    assert "needs project:read, was answered with status 403" in " ".join(seen(found).notes)


@pytest.mark.parametrize(
    ("header", "pause", "words"),
    [
        (("Retry-After", "42"), 42, "42 s"),
        (("X-Sentry-Rate-Limit-Reset", "in 30"), 30, "30 s"),
        (("X-Sentry-Rate-Limit-Reset", "9999999999"), 600, "10 min"),
    ],
)
async def test_it_is_left_alone_as_it_asks(
    header: tuple[str, str], pause: float, words: str
) -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        starts = int((tracker.clock.now() + timedelta(seconds=30)).timestamp())
        name, value = header[0], header[1].replace("in 30", str(starts))
        tracker.instead["issues"] = Script(answer(b"{}", (name, value), status=429))
        error = await failure(source)
    assert error.retry_after == pause
    assert f"to be left alone for {words}" in str(error)


async def test_one_that_is_silent_or_slow_or_gone_is_not_seen_within_the_deadline() -> None:
    async with error_tracker() as tracker:
        async with tracking(tracker, timeout="300ms") as source:
            tracker.instead["issues"] = Script(b"", then="silence")
            assert (await failure(source)).phase == "first byte"
            tracker.instead["issues"] = Script(answer(b"[]"), drip_from=10)
            assert "no complete answer within 300 ms" in str(await failure(source))
        with black_hole() as port:
            url = f"http://127.0.0.1:{port}"
            async with tracking(tracker, url=url, timeout="300ms") as source:
                assert (await failure(source)).phase == "connect"


async def test_the_deadline_is_one_for_all_that_is_asked() -> None:
    """Each of the two answers comes in time, the second one too late for the poll."""
    async with error_tracker() as tracker, tracking(tracker, timeout="2500ms") as source:
        for where in ("issues", "stats"):
            raw = answer(b"[]")  # its last byte a second later, the next answer another one
            tracker.instead[where] = Script(raw, drip_from=len(raw) - 2)
        (blind,) = seen(await source.sample()).blind
        assert blind.startswith("events per minute: no complete answer within 2.5 s")


@truth("unanswered")
async def test_polls_without_an_answer_are_counted_once_it_has_answered() -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        tracker.instead["issues"] = Script(answer(status=503))
        error = await failure(source)
        assert {signal.value for signal in source.after_failure(error)} == {None}
        tracker.instead.clear()
        assert figures(await source.sample())["unanswered"] == 0
        tracker.instead["issues"] = Script(answer(status=503))
        for polls in (1, 2):
            told = source.after_failure(await failure(source))
            known = {signal.name: signal.value for signal in told}
            assert known.pop("errors.unanswered") == polls
            assert set(known.values()) == {None}


@pytest.mark.parametrize(
    ("count", "events"),
    [("12", 12), (12, 12), (12.0, 12), (None, None), ("many", None), (-1, None), (True, None)],
)
async def test_a_count_may_be_a_text_a_number_or_nothing(count: Any, events: int | None) -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        tracker.error(1, count=count, userCount=count, firstSeen="soon", lastSeen=None)
        (issue,) = seen(await source.sample()).issues
    assert (issue.events, issue.users, issue.first_seen, issue.last_seen) == (
        *(events, events, None, None),
    )


async def test_a_count_that_falls_is_no_negative_rate() -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        tracker.error(1, count="50", firstSeen="2026-01-01T00:00:00Z")
        await source.sample()
        tracker.clock.pass_(60)
        tracker.error(1, count="20")
        (issue,) = seen(await source.sample()).issues
    assert issue.per_minute is None


async def test_a_large_answer_does_not_hold_up_the_loop() -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        row = {"id": 1, "title": "x" * 200, "metadata": [[]] * 2_000}
        tracker.instead["issues"] = Script(answer(json.dumps([row] * 240).encode()))
        async with loop_watched():
            found = await source.sample()
        assert len(seen(found).issues) == 1
        for where, part in (("issues", {"id": 1}), ("latest", {})):
            body = b"[" + b",".join([json.dumps(part).encode()] * 190_000) + b"]"
            tracker.instead[where] = Script(answer(body))
            async with loop_watched():
                with pytest.raises(ProbeError, match="too much"):
                    await (source.sample() if where == "issues" else source.inspect("issue:1"))


async def test_hostile_text_is_shown_and_obeyed_by_nobody() -> None:
    hostile = "\x1b[2J[@click=app.quit]x[/]\u202e\x00" + "y" * 5000
    async with error_tracker() as tracker, tracking(tracker) as source:
        tracker.error(1, title=hostile, culprit=hostile, level=hostile, permalink=hostile)
        poll = await look(source, 5.0, tracker.clock, str, Vantage(tracker.clock))
    assert poll.failure is None
    (issue,) = poll.seen.issues  # type: ignore[union-attr]
    for text in (issue.title, issue.culprit, issue.level, issue.url):
        assert text.startswith("␛[2J[@click=app.quit]x[/]\\u202e␀y")
        assert len(text) < 310
    assert "\x1b" not in whose(Sample(poll.seen, poll.signals), "worst_issue_per_minute")  # type: ignore[arg-type]


async def test_the_token_is_sent_to_the_tracker_and_shown_nowhere() -> None:
    masker = Masker()
    async with error_tracker() as tracker, tracking(tracker, masker=masker) as source:
        tracker.error(1, title=f"denied for {TOKEN}", culprit=f"Bearer {TOKEN}")
        poll = await look(source, 5.0, tracker.clock, masker.mask, Vantage(tracker.clock))
        told = await asked_of(source, "issue:1", 5.0, masker.mask)
        tracker.instead["issues"] = Script(
            answer(b"", ("Location", f"http://{TOKEN}.example/"), status=307)
        )
        failed = await look(source, 5.0, tracker.clock, masker.mask, Vantage(tracker.clock))
    assert tracker.heard[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert failed.failure is not None
    for shown in (repr(poll), repr(failed), told, repr(vars(source)), " ".join(sys.argv)):
        assert TOKEN not in shown
    assert not any(TOKEN in heard.target for heard in tracker.heard)


@pytest.mark.parametrize("field", ["title", "message", "value"])
async def test_half_a_secret_is_not_shown_where_an_event_is_cut(field: str) -> None:
    """Any secret of the room's: an error says with which password it could not connect."""
    masker = Masker()
    async with error_tracker() as tracker, tracking(tracker, masker=masker) as source:
        await source.sample()  # the secret is known from then on
        for offset in (*range(340, 400, 5), *range(940, 1_000, 5)):
            text = f"no access for {'x' * offset}&{TOKEN}"
            told: dict[str, Any] = {field: text}
            if field == "value":
                told = {"entries": [{"type": "exception", "data": {"values": [told]}}]}
            tracker.instead["latest"] = Script(answer(json.dumps(told).encode()))
            shown = await asked_of(source, "issue:1", 5.0, masker.mask)
            assert TOKEN[:6] not in shown, offset


async def test_more_of_an_issue_is_what_was_raised_and_where() -> None:
    async with error_tracker() as tracker, tracking(tracker) as source:
        tracker.error(7)
        told = (await source.inspect("issue:7")).splitlines()
        assert told == [
            "title         Error7: it failed",
            "event         abc123",
            "at            2026-03-01T12:00:00Z",
            "release       1.43.0",
            "environment   production",
            "",
            "Error7: it failed",
            "badly",
            "  app/place.py:13 in place",
            "  app/orders.py:12 in orders",
            "  app/serve.py:11 in serve",
            "  app/main.py:10 in main",
        ]
        tracker.instead["latest"] = Script(answer(b"[]"))
        with pytest.raises(ProbeError, match="no event"):
            await source.inspect("issue:7")
        tracker.instead["latest"] = Script(answer(status=404))
        with pytest.raises(ProbeError, match="status 404"):
            await source.inspect("issue:7")
        for key in ("issue:../../0/", "issue:", "session:1"):
            count = len(tracker.heard)
            with pytest.raises(ProbeError, match="issues"):
                await source.inspect(key)
            assert len(tracker.heard) == count


@pytest.mark.parametrize(("ahead", "way"), [(-3_600, "behind"), (59, ""), (3_600, "ahead of")])
async def test_that_two_clocks_differ_is_said(ahead: int, way: str) -> None:
    """Else an error of just now would be an hour old, and one of an hour ago just now."""
    async with error_tracker() as tracker, tracking(tracker) as source:
        told = tracker.clock.now() - timedelta(seconds=ahead)
        date = ("Date", format_datetime(told, usegmt=True))
        tracker.instead["issues"] = Script(answer(b"[]", date))
        notes = seen(await source.sample()).notes
    words = f"our clock is 1 h 00 {way} the tracker's, and times ago are by ours"
    assert notes == ((words,) if way else ())


@pytest.mark.parametrize("end", ["", "/", "/api/0", "/api/0/projects/acme/web/"])
def test_an_address_as_it_stands_in_a_runbook(end: str) -> None:
    known = {"kind": "sentry", "organization": "acme", "project": "web", "bearer": TOKEN_AT}
    settings = SentrySettings.model_validate(known | {"url": f"https://t.example/eu{end}"})
    assert settings.url == "https://t.example/eu"
    for wrong in ("?a=b", "#issues"):
        with pytest.raises(ValidationError, match="nothing may follow the path"):
            SentrySettings.model_validate(known | {"url": f"https://t.example/{wrong}"})


def test_a_token_is_not_written_into_the_file() -> None:
    known = {"kind": "sentry", "organization": "acme", "project": "web", "bearer": TOKEN_AT}
    assert SentrySettings.model_validate(known).interval == 30
    for wrong in (
        {"bearer": TOKEN},
        {"bearer": None},
        {"url": f"https://{TOKEN}@tracker.example"},
        {"project": "a/b"},
        {"interval": "500ms"},
    ):
        with pytest.raises(ValidationError) as refused:
            SentrySettings.model_validate(known | wrong)
        assert TOKEN not in str(refused.value.errors(include_input=False))


def test_every_figure_has_a_ground_truth() -> None:
    known = {"kind": "sentry", "organization": "acme", "project": "web", "bearer": TOKEN_AT}
    settings = SentrySettings.model_validate(known)
    declared = {n.removeprefix("errors.") for n in SentrySource.signals("errors", settings)}
    tests = inspect.getmembers(sys.modules[__name__], inspect.isfunction)
    assert declared == {name for _, test in tests for name in getattr(test, "shows", ())}
