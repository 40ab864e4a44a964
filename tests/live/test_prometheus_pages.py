"""Metrics pages over HTTP: whole ones are read, and half a page counts for nothing."""

import asyncio
import gzip
import threading
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from tests.live.bad_server import answer, bad_server, bomb, chunked, refused_port
from tests.live.certificates import Authority
from tests.live.probing import loop_watched, until
from tests.live.scraping import OPENMETRICS, TEXT, failure, once, page, scraping, seen, value
from tests.unit.fakes import FakeClock
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.engine.clean import clean, clean_signals
from warroom.engine.poll import look
from warroom.engine.vantage import Vantage
from warroom.errors import ProbeError
from warroom.sources.prometheus import scrape

RATES = {
    "errors": {"ratio": 'hits_total{code=~"5.."}', "of": "hits_total", "unit": "%"},
    "hits": {"rate": "hits_total", "unit": "hits"},
    "p50": {"quantile": 0.5, "histogram": "took_seconds", "unit": "ms"},
}


def registry() -> tuple[CollectorRegistry, Counter, Histogram, Gauge]:
    registry = CollectorRegistry()
    return (
        registry,
        Counter("hits", "Hits.", ["code"], registry=registry),
        Histogram("took_seconds", "How long.", registry=registry, buckets=(0.1, 1)),
        Gauge("depth", "How deep.", registry=registry),
    )


@pytest.mark.parametrize("form", ["text", "openmetrics"])
async def test_the_client_librarys_own_pages(form: str) -> None:
    pages, hits, took, depth = registry()
    kind = OPENMETRICS if form == "openmetrics" else TEXT
    generate = generate_openmetrics if form == "openmetrics" else generate_latest
    clock = FakeClock()
    async with (
        bad_server() as server,
        scraping(
            page(server, ""), figures={**RATES, "depth": {"gauge": "depth"}}, clock=clock
        ) as source,
    ):
        hits.labels("200").inc(5)
        depth.set(7)
        page(server, generate(pages), kind=kind)
        first = await source.sample()
        assert seen(first).blind == ("rates need a second scrape",)
        assert seen(first).format == form
        assert value(first, "depth") == 7
        assert source.look_again() == 2
        trace = {"trace_id": "a b # {c"} if form == "openmetrics" else None
        hits.labels("200").inc(3, trace)
        hits.labels("500").inc(1)
        took.observe(0.05, trace)
        page(server, generate(pages), kind=kind)
        clock.pass_(10)
        sample = await source.sample()
    assert source.look_again() is None
    assert (seen(sample).blind, seen(sample).notes) == ((), ())
    assert seen(sample).spans == pytest.approx(10, abs=0.5)
    assert value(sample, "errors") == 25
    assert value(sample, "hits") == pytest.approx(0.4, rel=0.05)
    assert value(sample, "p50") == pytest.approx(50)
    assert value(sample, "unanswered") == 0
    assert (value(sample, "scrape_time") or 0) >= 0
    accepted = server.heard[0].headers["accept"]
    assert accepted.index("text/plain;version=0.0.4,") < accepted.index("openmetrics")
    assert "gzip" in server.heard[0].headers["accept-encoding"]


@pytest.mark.parametrize(
    ("body", "how", "phase", "said", "hint"),
    [
        ("depth 1\n", {"status": 500}, "answer", "status 500 Internal Server Error, not 200", ""),
        ("depth 1\n", {"status": 404}, "answer", "status 404 Not Found, not 200", "is the path"),
        ("depth 1\n", {"status": 401}, "answer", "status 401 Unauthorized, not 200", "bearer"),
        ("depth 1\n", {"kind": "text/html"}, "answer", "text/html, no metrics page", "check url"),
        ("{}", {"kind": "application/json"}, "answer", "application/json, no metrics", "check url"),
        ("<html>\n", {}, "answer", "the page is HTML", "check url"),
        ("", {}, "body", "the page is empty", ""),
        ("depth 1\ndep", {}, "body", "the page is cut off: line 2 does not end", "written whole?"),
        ("depth 1\n# EOF", {}, "body", "line 2 does not end", "ends every line with a line feed"),
        ("# x\n", {"kind": OPENMETRICS}, "body", "# EOF is missing", "written whole?"),
        ("depth 1\n# E", {"kind": OPENMETRICS}, "body", "line 2 does not end", "whole?"),
        ("depth 1\n# EOF\n\nx", {"kind": OPENMETRICS}, "body", "does not end", "whole?"),
        ("a 1\ndepth one\n", {}, "body", "line 2 cannot be read", "no text format"),
        ("depth 1 1 1\n" * 20, {"max": "100B"}, "body", "body over 100 bytes", "raise max_bytes"),
    ],
)
async def test_what_is_no_whole_page_is_not_seen(
    body: str, how: dict[str, str], phase: str, said: str, hint: str
) -> None:
    settings = {"max_bytes": how.pop("max")} if "max" in how else {}
    async with bad_server() as server:
        error = await failure(page(server, body, **how), **settings)
    assert (error.phase, said in str(error)) == (phase, True), error
    assert hint in error.hint


@pytest.mark.parametrize("end", ["# EOF", "# EOF\n"])
async def test_openmetrics_may_end_without_a_line_feed(end: str) -> None:
    async with bad_server() as server:
        sample = await once(page(server, f"depth 1\n{end}", kind=OPENMETRICS))
    assert value(sample, "depth") == 1
    assert seen(sample).lines == 2


async def test_a_redirect_is_named_and_not_followed() -> None:
    async with bad_server() as server:
        url = page(server, "", ("Location", "/elsewhere?token=hunter2"), status=302)
        error = await failure(url)
        assert server.targets() == ["/metrics"]
    assert "(a redirect to /elsewhere?token=***)" in str(error)


@pytest.mark.trap(15, "half a metrics page", "counts as none")
async def test_what_was_half_a_page_leaves_no_trace_in_the_rates() -> None:
    clock = FakeClock()
    figures = {"hits": {"rate": "hits"}}
    async with (
        bad_server() as server,
        scraping(page(server, "hits 10\n"), figures=figures, clock=clock) as source,
    ):
        await source.sample()
        for broken in ("hits 5000\nhi", "hits 5000\nhits x\n"):
            page(server, broken)
            clock.pass_(5)
            with pytest.raises(ProbeError) as caught:
                await source.sample()
            assert caught.value.phase == "body"
            known = source.after_failure(caught.value)
        assert {signal.name: signal.value for signal in known} == {
            "app.hits": None,
            "app.unanswered": 2.0,
            "app.scrape_time": None,
        }
        page(server, "hits 30\n")
        clock.pass_(10)
        sample = await source.sample()
    assert value(sample, "hits") == pytest.approx(1.0, rel=0.05)
    assert value(sample, "unanswered") == 0


async def test_polls_asked_for_at_once_make_no_rate() -> None:
    clock = FakeClock()
    async with (
        bad_server() as server,
        scraping(page(server, "hits 10\n"), figures={"hits": {"rate": "hits"}}, clock=clock) as own,
    ):
        for more in range(3):
            page(server, f"hits {10 + more}\n")
            sample = await own.sample()
            assert seen(sample).blind == ("rates need a second scrape",)
            clock.pass_(0.01)
        clock.pass_(5)
        assert value(await own.sample(), "hits") == pytest.approx(0.4, rel=0.05)


async def test_silence_counts_only_after_an_answer() -> None:
    async with scraping(f"http://127.0.0.1:{refused_port()}/") as source:
        with pytest.raises(ProbeError, match="refused") as caught:
            await source.sample()
        assert {s.value for s in source.after_failure(caught.value)} == {None}


@pytest.mark.trap(15, "429 with Retry-After", "left alone for so long")
async def test_too_many_requests_are_heeded() -> None:
    async with bad_server() as server:
        url = page(server, "", ("Retry-After", "40"), status=429)
        async with scraping(url) as source:
            clock = SystemClock()
            poll = await look(source, 2.0, clock, lambda text: text, Vantage(clock))
        assert (poll.seen, poll.retry_after) == (None, 40)
        error = await failure(page(server, "", ("Retry-After", "30"), status=429))
        assert error.retry_after == 30
        assert "left alone for 30 s" in str(error)
        assert (
            await failure(page(server, "", ("Retry-After", "30"), status=503))
        ).retry_after is None


async def test_an_old_timestamp_is_judged_by_the_pages_own_clock() -> None:
    then = datetime(2020, 1, 1, tzinfo=UTC)
    stamp = int((then - timedelta(minutes=4)).timestamp() * 1000)
    async with bad_server() as server:
        body = f"depth 3 {stamp}\n"
        dated = await once(page(server, body, ("Date", format_datetime(then, usegmt=True))))
        late = format_datetime(then + timedelta(minutes=2), usegmt=True)
        stale = await once(page(server, body, ("Date", late)))
        undated = await once(page(server, body))
    assert value(dated, "depth") == 3
    for sample in (stale, undated):
        assert value(sample, "depth") is None
        assert seen(sample).blind == ("the samples of depth are over 5 min old",)


HOSTILE = '[b]\\"\x1b[2J\u202e[/][@click=app.quit]\\n' + "x" * 60_000


async def test_hostile_labels_come_out_visible_and_short() -> None:
    figures = {"depth": {"gauge": "depth", "by": "queue"}}
    async with bad_server() as server:
        body = f'depth{{queue="{HOSTILE}"}} 3\nother{{a="{"y" * (1 << 20)}"}} 1\ndepth 1\n'
        sample = await once(page(server, body), figures=figures)
    told = clean(seen(sample), lambda text: text)
    (breakdown,) = told.breakdowns
    assert breakdown.parts[0].label.startswith('[b]"␛[2J\\u202e[/][@click=app.quit]␊xxx')
    assert len(breakdown.parts[0].label) < 320  # what is made visible takes more room
    assert breakdown.parts[1].label == "(no queue)"
    (worst, *_) = clean_signals(sample.signals, lambda text: text)
    assert len(worst.of) < 320


async def test_the_same_series_twice_is_noted() -> None:
    async with bad_server() as server:
        sample = await once(page(server, "depth 1\ndepth 2\n"))
    assert value(sample, "depth") == 1
    assert seen(sample).notes == ("depth has the same series twice; the first counts",)


def large(lines: int) -> bytes:
    """A page of so many lines, about 80 bytes each, and a few that are wanted."""
    block = "".join(
        f'noise_{i % 100}_total{{pod="shop-{i:05}",path="/api/things/{i % 50}",code="200"}} {i}\n'
        for i in range(10_000)
    )
    return (block * (lines // 10_000)).encode() + b'hits_total{code="500"} 3\ndepth 5\n'


@pytest.mark.trap(15, "a metrics page of 400,000 lines", "read without holding up the loop")
@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_a_page_of_400_000_lines_holds_up_nobody(coding: str) -> None:
    body = large(400_000)
    assert len(body) > 25_000_000
    async with bad_server() as server:
        sent = gzip.compress(body, 1) if coding else body
        url = page(server, sent, *([("Content-Encoding", coding)] if coding else []))
        async with (
            scraping(url, figures={**RATES, "depth": {"gauge": "depth"}}, timeout="15s") as source,
            loop_watched(),
        ):
            sample = await source.sample()
    assert value(sample, "depth") == 5
    assert seen(sample).lines == 400_002
    assert seen(sample).size == len(body)


async def test_a_bomb_is_never_inflated() -> None:
    async with bad_server() as server:
        url = page(server, bomb(), ("Content-Encoding", "gzip"))
        tracemalloc.start()
        try:
            async with loop_watched():
                error = await failure(url, max_bytes="8MiB")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (error.phase, str(error), error.hint) == ("body", "body over 8 MiB", "raise max_bytes")
    assert peak < 16 << 20


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(gzip.compress(b"depth 1\n" * 999)[:-9], id="cut"),
        pytest.param(b"\x1f\x8bnonsense", id="nonsense"),
    ],
)
async def test_a_broken_coding_is_no_page(packed: bytes) -> None:
    async with bad_server() as server:
        error = await failure(page(server, packed, ("Content-Encoding", "gzip")))
    assert error.phase == "body"
    assert "gzip" in str(error)


async def test_a_connection_that_ends_early_is_no_page() -> None:
    async with bad_server() as server:
        whole = answer(b"depth 1\n" * 100, kind=TEXT)
        error = await failure(server.says("/metrics", whole[:-8], then="close"))
        assert error.phase == "body"
        assert "cut short" in str(error)
        dripping = server.says("/metrics", whole, drip_from=len(whole) - 5)
        async with loop_watched():
            error = await failure(dripping, timeout="300ms")
        assert (error.phase, "no complete answer within 300 ms" in str(error)) == ("body", True)


async def test_an_endless_page_stops_at_the_cap() -> None:
    async with bad_server() as server:
        head = chunked(b"", ("Content-Type", TEXT))
        url = server.says("/metrics", head, endless=b"4\r\nx 1\n\r\n" * 4000)
        async with loop_watched():
            error = await failure(url, max_bytes="128KiB", timeout="15s")
    assert str(error) == "body over 128 KiB"


EXEMPLARS = [
    'depth{a="' + " # {" * 16_000 + '"} 1',
    'depth{a="' + '\\" # {' * 10_000 + '"} 1',
    'depth{a="' + "\\\\" * 30_000 + '"} 1 # {b="c"} 2',
    'depth{a="b"} 1' + ' # {a="b"} 1' * 5_000,
]


@pytest.mark.parametrize("line", EXEMPLARS)
async def test_an_exemplar_is_looked_for_in_one_walk(line: str) -> None:
    async with bad_server() as server:
        sample = await once(page(server, f"{line}\n"), timeout="1s")
    assert value(sample, "depth") == 1


def reading() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "read metrics"]


async def test_a_poll_that_is_cancelled_leaves_no_thread_working() -> None:
    body = b"".join(b'depth{i="%d"} 1\n' % i for i in range(90_000))
    async with bad_server() as server, scraping(page(server, body), timeout="15s") as source:
        poll = asyncio.create_task(source.sample())
        await until(lambda: bool(reading()))
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await until(lambda: not reading(), 1.0)
        page(server, "depth 4\n")
        assert value(await source.sample(), "depth") == 4


async def test_a_page_that_takes_too_long_to_read_ends_at_the_deadline() -> None:
    body = b"".join(b'depth{i="%d",j="k"} 1\n' % i for i in range(90_000))
    async with bad_server() as server:
        error = await failure(page(server, body), timeout="500ms")
    assert error.phase in ("answer", "body")
    assert "within" in str(error)
    await until(lambda: not reading(), 1.0)


async def test_no_page_is_read_beside_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a line takes: the next polls wait for it, and start no thread."""
    free = threading.Event()
    monkeypatch.setattr(scrape, "read_page", lambda *_, **__: free.wait(10))
    async with (
        bad_server() as server,
        scraping(page(server, "depth 1\n"), timeout="300ms") as source,
    ):
        for said in ("was not read within", *("the last page is still being read",) * 3):
            with pytest.raises(ProbeError, match=said) as caught:
                await source.sample()
            assert caught.value.phase == "answer"
        assert len(reading()) == 1
        free.set()
        monkeypatch.undo()
        await until(lambda: not reading(), 1.0)
        assert value(await source.sample(), "depth") == 1


@pytest.mark.long
async def test_fifty_breakdowns_hold_up_nobody() -> None:
    figures = {f"f{i}": {"gauge": "depth", "by": "path"} for i in range(50)}
    body = "".join(f'depth{{path="/things/{i:05}"}} {i}\n' for i in range(4_900))
    async with bad_server() as server:
        url = page(server, body)
        async with scraping(url, figures=figures, timeout="15s") as source, loop_watched() as lag:
            for _ in range(3):
                sample = await source.sample()
    assert lag.work < 0.05
    assert value(sample, "f49") == 4_899
    told = seen(sample).breakdowns[0]
    assert [part.label for part in told.parts[:2]] == ["/things/04899", "/things/04898"]
    assert (len(told.parts), told.others) == (50, 4_850)


async def test_credentials_are_sent_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "hunter2-correct-horse")
    masker = Masker()
    async with bad_server() as server:
        url = page(server, "depth 1\n", status=401)
        async with scraping(url, bearer={"env": "SHOP_TOKEN"}, masker=masker) as source:
            with pytest.raises(ProbeError) as caught:
                await source.sample()
            assert "hunter2" not in caught.value.explain() + repr(source.__dict__)
            monkeypatch.setenv("SHOP_TOKEN", "rotated")
            page(server, "depth 1\n")
            assert value(await source.sample(), "depth") == 1
    tokens = [heard.headers["authorization"] for heard in server.heard]
    assert tokens == ["Bearer hunter2-correct-horse", "Bearer rotated"]
    assert "hunter2" not in masker.mask("hunter2-correct-horse")


async def test_tls_and_a_pinned_address(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("shop.example")
    async with bad_server(pair.server()) as server:
        page(server, "depth 1\n")
        url = server.url("/metrics", host="shop.example")
        sample = await once(url, ca_file=authority.file, address="127.0.0.1")
        assert value(sample, "depth") == 1
        assert server.names == ["shop.example"]
        error = await failure(url, address="127.0.0.1")
        assert error.phase == "tls"
