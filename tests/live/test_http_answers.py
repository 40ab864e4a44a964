"""Answers: as expected, not as expected, in maintenance; figures taken from them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.live.bad_server import answer, bad_server
from tests.live.probing import once, probing, seen, value
from warroom.measure.snapshot import HttpSeen
from warroom.sources.http import HttpSource

BODY = (
    b'{"status": "ok", "version": "1.4.2", "env": "production",'
    b' "checks": {"memory": 71.5, "disk": null}}'
)


async def test_an_answer_as_expected_is_up_with_every_phase_and_figure() -> None:
    async with bad_server() as server:
        url = server.says("/health", answer(BODY, ("X-RateLimit-Remaining", "87, 100;w=60")))
        sample = await once(
            url.replace("127.0.0.1", "localhost"),
            expect=["status == ok", "checks.memory < 90"],
            figures={"memory": {"path": "checks.memory", "unit": "%"}, "none": "checks.disk"},
            header_figures={"remaining": "x-ratelimit-remaining"},
            environment="env",
        )
        peer = f"127.0.0.1:{server.port}"
    assert isinstance(sample.seen, HttpSeen)
    assert sample.seen.faults == ()
    assert (sample.seen.status, sample.seen.method, sample.seen.size) == (200, "GET", len(BODY))
    assert (sample.seen.version, sample.seen.environment) == ("1.4.2", "production")
    assert sample.seen.address == peer
    phases = sample.seen.phases
    assert phases.tls is None
    for part in (phases.dns, phases.connect, phases.first_byte):
        assert part is not None
        assert 0 <= part < (phases.total or 0)
    assert sample.signals[0].name == "api.latency"
    assert value(sample, "latency") == pytest.approx((phases.total or 0) * 1000)
    assert (value(sample, "up"), value(sample, "status")) == (1, 200)
    assert (value(sample, "availability"), value(sample, "unanswered")) == (100, 0)
    assert (value(sample, "memory"), value(sample, "none")) == (71.5, None)
    assert value(sample, "remaining") == 87
    assert [s.unit for s in sample.signals if s.name == "api.memory"] == ["%"]


@pytest.mark.parametrize(
    ("raw", "settings", "fault"),
    [
        (answer(status=503), {}, "status 503 Service Unavailable, not 2xx"),
        (answer(status=204), {"expect_status": 200}, "status 204 No Content, not 200"),
        (answer(status=299), {"expect_status": ["200-204", 302]}, "status 299, not 200-204 or 302"),
        (
            answer(BODY),
            {"expect": ["checks.memory < 70"]},
            "checks.memory is 71.5, not under 70",
        ),
        (answer(b"<html>", kind="text/html"), {"expect": ["a == 1"]}, "body is not JSON: "),
        (answer(b'{"a": NaN}'), {"figures": {"a": "a"}}, "invalid character (byte 6)"),
        (answer(b""), {"expect": ["a == 1"]}, "body is empty, JSON is needed"),
        (answer(b"[" * 9000), {"expect": ["a == 1"]}, "nested too deeply"),
        (
            answer(b"[" + b"1," * 400_000 + b"1]"),
            {"expect": ["a == 1"]},
            "more than 300,000 values",
        ),
        (answer(b"x" * 2000, kind="text/plain"), {"max_bytes": "1KiB"}, "body over 1 KiB"),
        (
            answer(b"x", ("Content-Encoding", "br")),
            {},
            "body coded as br, which was not asked for",
        ),
        (
            answer(
                b"", ("Location", "http://user:hunter2@other.example/?token=hunter2"), status=302
            ),
            {},
            "status 302 Found, not 2xx (a redirect to http://user:***@other.example/?token=***)",
        ),
    ],
    ids=range(12),
)
async def test_an_answer_not_as_expected_is_down_in_words(
    raw: bytes, settings: dict[str, object], fault: str
) -> None:
    async with bad_server() as server:
        sample = await once(server.says("/health", raw), **settings)
    assert isinstance(sample.seen, HttpSeen)
    assert len(sample.seen.faults) == 1
    assert fault in sample.seen.faults[0]
    assert value(sample, "up") == 0
    assert value(sample, "availability") == 0


async def test_maintenance_is_neither_up_nor_down() -> None:
    body = b'{"mode": "maintenance"}'
    async with bad_server() as server:
        url = server.says("/health", answer(body, ("Retry-After", "30"), status=503))
        sample = await once(url, maintenance="mode == maintenance", expect=["mode == live"])
        url = server.says("/health", answer(b'{"mode": "live"}', status=503))
        other = await once(url, maintenance="mode == maintenance")
    assert isinstance(sample.seen, HttpSeen)
    assert (sample.seen.maintenance, sample.seen.faults) == (True, ())
    assert (value(sample, "up"), value(sample, "availability")) == (None, None)
    assert sample.retry_after is None
    assert isinstance(other.seen, HttpSeen)
    assert (other.seen.maintenance, value(other, "up")) == (False, 0)


async def test_an_outage_page_does_not_blind_the_watch() -> None:
    async with bad_server() as server:
        url = server.says("/", answer(b"", ("Retry-After", "600"), status=503))
        sample = await once(url, header_figures={"wait": "Retry-After"})
    assert (sample.retry_after, value(sample, "wait")) == (None, 600)


async def test_retry_after_in_seconds_and_as_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    async with bad_server() as server:
        url = server.says("/n", answer(b"", ("Retry-After", "7200"), status=429))
        number = await once(url, header_figures={"wait": "Retry-After"})
        url = server.says("/d", answer(b"", ("Retry-After", date), status=429))
        dated = await once(url)
        url = server.says("/x", answer(b"", ("Retry-After", "-1e999"), status=429))
        nonsense = await once(url)
    assert number.retry_after == 600
    assert value(number, "wait") == 7200
    assert dated.retry_after == pytest.approx(90, abs=5)
    assert nonsense.retry_after is None


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (b"true", "n is true, not a number"),
        (b'"12"', "n is text, not a number"),
        (b"[1]", "n is a list, not a number"),
        (b"{}", "n is an object, not a number"),
        (b"1" * 400, "n is too large a number"),
        (b'0, "n": {"m": 1}', "n is an object, not a number"),
    ],
)
async def test_a_figure_that_is_no_number_is_a_fault(held: bytes, words: str) -> None:
    async with bad_server() as server:
        url = server.says("/health", answer(b'{"n": ' + held + b"}"))
        sample = await once(url, figures={"n": "n"})
    assert isinstance(sample.seen, HttpSeen)
    assert sample.seen.faults == (words,)
    assert (value(sample, "n"), value(sample, "up")) == (None, 0)


@pytest.mark.parametrize(("held", "figure"), [(b"null", None), (b"1e308", 1e308), (b"-0", 0)])
async def test_null_is_a_figure_that_is_not_known(held: bytes, figure: float | None) -> None:
    async with bad_server() as server:
        url = server.says("/health", answer(b'{"n": ' + held + b"}"))
        sample = await once(url, figures={"n": "n"})
    assert (value(sample, "n"), value(sample, "up")) == (figure, 1)


async def test_a_figure_that_is_missing_is_one_fault_however_often_it_is_asked_for() -> None:
    wanted = {"figures": {"memory": "memory", "again": "memory"}, "expect": ["memory < 90"]}
    async with bad_server() as server:
        url = server.says("/health", answer(b'{"status": "ok"}'))
        missing = await seen(url, figures={"memory": "memory"})
        asserted = await seen(url, **wanted)
        text = await seen(server.says("/t", answer(b'{"memory": "90"}')), **wanted)
    assert missing.faults == asserted.faults == ("memory is missing in the answer",)
    assert text.faults == ("memory is 90, not a number",)


async def test_a_header_that_gives_no_figure_is_a_fault_of_a_good_answer_only() -> None:
    wanted = {"header_figures": {"left": "X-Left", "wait": "Retry-After"}}
    async with bad_server() as server:
        missing = await seen(server.says("/", answer(BODY)), **wanted)
        text = await seen(server.says("/", answer(BODY, ("X-Left", "few"))), **wanted)
        error = await seen(server.says("/", answer(status=500)), **wanted)
    assert missing.faults == ("the header X-Left is missing",)
    assert text.faults == ("the header X-Left is text, not a number",)
    assert error.faults == ("status 500 Internal Server Error, not 2xx",)


async def test_an_error_page_and_maintenance_need_no_figures() -> None:
    wanted = {"figures": {"memory": "memory"}, "header_figures": {"left": "X-Left"}}
    async with bad_server() as server:
        error = await seen(server.says("/", answer(b'{"a": 1}', status=500)), **wanted)
        url = server.says("/", answer(b'{"planned": true}'))
        planned = await seen(url, maintenance="planned == true", **wanted)
    assert error.faults == ("status 500 Internal Server Error, not 2xx",)
    assert (planned.maintenance, planned.faults) == (True, ())


async def test_head_has_no_body_and_the_connection_stays() -> None:
    async with bad_server() as server:
        head = answer(b"x" * 10).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        async with probing(server.says("/health", head), method="HEAD") as source:
            for _ in range(3):
                sample = await source.sample()
                assert isinstance(sample.seen, HttpSeen)
                assert sample.seen.faults == ()
        assert server.connections == 1


async def test_a_redirect_is_followed_only_when_asked_for() -> None:
    async with bad_server() as server:
        url = server.says("/old", answer(b"", ("Location", "/new"), status=301))
        server.says("/new", answer(BODY))
        followed = await seen(url, follow_redirects=True)
        assert (followed.status, followed.url) == (200, server.url("/new"))
        assert server.connections == 1
        assert (await seen(url)).status == 301
        posted = await seen(url, follow_redirects=True, method="POST", body="once")
    assert posted.faults == (
        "status 301 Moved Permanently, not 2xx",
        f"redirect of a POST to {server.url('/new')} refused",
    )
    assert server.targets() == ["/old", "/new", "/old", "/old"]


async def test_hostile_text_is_visible_and_moves_nothing() -> None:
    nasty = "[/][@click=app.quit]x\x1b[2J\u202e\u200b"
    body = '{"state": "' + nasty.replace("\x1b", "\\u001b") + '", "version": "\u202ev1"}'
    async with bad_server() as server:
        raw = answer(body.encode(), ("X-Odd", "\x1b]52;c;aGk=\x07"), status=200)
        url = server.says("/health", raw)
        found = await seen(url, expect=["state == fine"], header_figures={"odd": "X-Odd"})
        place = answer(b"", ("Location", "http://x/\x1b[2J[/]"), status=302)
        moved = await seen(server.says("/moved", place.replace(b"Whatever", b"\x9b2J")))
        loop = await seen(server.url("/moved"), follow_redirects=True)
    for text in (*found.faults, found.version, *moved.faults, *loop.faults):
        assert not any(ord(char) < 0x20 or char in "\x9b\u202e\u200b\x7f" for char in text)
    assert "[/][@click=app.quit]x␛[2J" in found.faults[0]


async def test_another_version_is_a_change_and_a_page_that_names_none_is_not() -> None:
    async with bad_server() as server:
        old = server.says("/health", answer(BODY))
        async with probing(old) as source:
            assert (await looked(source)).changes == ()
            server.says("/health", answer(b"oops", status=502))
            assert (await looked(source)).changes == ()
            server.says("/health", answer(BODY.replace(b"1.4.2", b"1.5.0")))
            (change,) = (await looked(source)).changes
            assert (change.what, change.kind) == ("version 1.4.2 → 1.5.0", "version")
            assert (await looked(source)).changes == (change,)


async def looked(source: HttpSource) -> HttpSeen:
    found = (await source.sample()).seen
    assert isinstance(found, HttpSeen)
    return found
