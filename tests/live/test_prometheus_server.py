"""A Prometheus server as it may answer, well and badly; Prometheus itself is in _real."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.live.bad_server import BadServer, answer, bad_server
from tests.live.probing import loop_watched
from tests.live.scraping import once, scraping, seen, value
from tests.unit.fakes import FakeClock
from warroom.errors import ProbeError
from warroom.measure.snapshot import Part
from warroom.sources.base import Sample

PATH = "/prom/api/v1/query"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC).timestamp()
ONE = {"f": {"query": "up"}}
BY = {"f": {"query": "up", "by": "job"}}


def vector(*series: tuple[dict[str, str], str], **more: Any) -> bytes:
    result = [{"metric": labels, "value": [NOW, value]} for labels, value in series]
    data = {"resultType": "vector", "result": result}
    return json.dumps({"status": "success", "data": data, **more}).encode()


def refusal(error: str, **more: Any) -> bytes:
    return json.dumps({"status": "error", "errorType": "bad_data", "error": error, **more}).encode()


def at(server: BadServer) -> str:
    return server.url("/prom")


async def asked(body: bytes, figures: dict[str, Any] = ONE, **how: Any) -> Sample:
    async with bad_server() as server:
        server.says(PATH, answer(body, **how))
        return await once(server=at(server), figures=figures, clock=FakeClock())


async def refused(body: bytes, **how: Any) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await asked(body, **how)
    return caught.value


async def test_one_query_a_figure_on_one_connection_at_the_servers_own_time() -> None:
    long = "up + " * 900 + "up"
    figures = {"a": {"query": 'up{job="é & b"}'}, "b": {"query": "sum(up)"}, "c": {"query": long}}
    async with bad_server() as server:
        server.says(PATH, answer(vector(({}, "1"))))
        sample = await once(server=at(server) + "/", figures=figures, clock=FakeClock())
    assert [heard.method for heard in server.heard] == ["GET", "GET", "POST"]
    assert [heard.connection for heard in server.heard] == [1, 1, 2]
    forms = [parse_qs(heard.target.partition("?")[2]) for heard in server.heard[:2]]
    forms.append(parse_qs(server.heard[2].body.decode()))
    assert [form["query"] for form in forms] == [[figure["query"]] for figure in figures.values()]
    assert all(set(form) == {"query", "timeout"} for form in forms)
    assert seen(sample).evaluated_at == datetime.fromtimestamp(NOW, UTC)
    assert (seen(sample).format, seen(sample).url) == ("query", at(server))
    assert [value(sample, name) for name in figures] == [1, 1, 1]
    assert seen(sample).notes == ()


async def test_parts_by_a_label() -> None:
    found = await asked(vector(({"job": "a"}, "1"), ({"job": "b"}, "NaN"), ({}, "7.5")), BY)
    (breakdown,) = seen(found).breakdowns
    assert breakdown.parts == (Part("(no job)", 7.5), Part("a", 1.0), Part("b", None))
    assert found.signals[0].of == "(no job)"
    assert seen(found).notes == ("f of b is NaN: nothing to measure",)
    twice = await asked(vector(({"job": "a", "i": "1"}, "1"), ({"job": "a", "i": "2"}, "2")), BY)
    assert seen(twice).blind == ("f: several series have the same job; aggregate by (job)",)


@pytest.mark.parametrize(
    ("body", "status", "blind"),
    [
        (vector(({"a": "1"}, "1"), ({"a": "2"}, "2")), 200, "f: the query gives 2 series"),
        (vector(), 200, "f: the query gives nothing"),
        (vector(({}, "+Inf")), 200, "f is +Inf"),
        (refusal("parse \x1b[2Jerror"), 400, "f: the server says: parse ␛[2Jerror"),
        (refusal("too many samples"), 422, "f: the server says: too many samples"),
        (b'{"status":"success","data":{"resultType":"string","result":[1,"a"]}}', 200, "a string"),
        (b" " * (2 << 20), 200, "f: body over 1 MiB; aggregate the query"),
    ],
)
async def test_a_figure_that_is_not_known_says_why(body: bytes, status: int, blind: str) -> None:
    found = await asked(body, status=status)
    assert value(found, "f") is None
    assert blind in seen(found).blind[0]


async def test_one_bad_query_costs_no_other_figure() -> None:
    figures = {"f": {"query": "("}, "g": {"query": "up"}}
    async with bad_server() as server:
        server.says(PATH, answer(refusal("no"), status=400))
        async with scraping(server=at(server), figures=figures) as source:
            sample = await source.sample()
            assert len(seen(sample).blind) == 2
            server.says(PATH, answer(vector(({}, "3"))))
            assert value(await source.sample(), "g") == 3


@pytest.mark.parametrize(
    ("body", "how", "said"),
    [
        (b"<html>", {"kind": "text/html"}, "the answer is not Prometheus' JSON"),
        (b"{}", {}, "the answer is not Prometheus' JSON"),
        (b"[" * 100_000, {}, "the answer is not Prometheus' JSON"),
        (b'{"status":1}', {}, "the answer is not Prometheus' JSON"),
        (b"nope", {"status": 400}, "status 400 without a reason"),
        (refusal("timed out"), {"status": 503}, "status 503 Service Unavailable, not 200"),
        (b"", {"status": 404}, "status 404 Not Found, not 200"),
        (b"", {"status": 302}, "status 302 Found, not 200"),
        (vector(({}, "many")), {}, "a result is not as Prometheus gives it"),
        (vector(({}, "1")).replace(b"1772", b'"x'), {}, "is not"),
        (vector(({}, "1")).replace(b"1772366400.0", b"1e300"), {}, "is not as Prometheus gives it"),
    ],
)
async def test_what_no_prometheus_says_is_not_seen(body: bytes, how: Any, said: str) -> None:
    error = await refused(body, **how)
    assert (error.phase, said in str(error)) == ("answer", True), error


async def test_all_queries_share_one_deadline() -> None:
    """Each takes less than the deadline (the server pauses a second after it), all do not."""
    figures = {name: {"query": name} for name in ("a", "b", "c", "d")}
    slow = answer(vector(({}, "1")))
    async with bad_server() as server:
        server.says(PATH, slow, drip_from=len(slow) - 1)
        with pytest.raises(ProbeError, match=r"no (complete )?answer within 1\.5 s") as caught:
            async with loop_watched(), asyncio.timeout(1.9):
                await once(server=at(server), figures=figures, timeout="1500ms")
        assert len(server.heard) < 4
    assert caught.value.phase == "first byte"
    assert re.match("[bcd]: no answer", str(caught.value))


@pytest.mark.parametrize(("seconds", "notes"), [(9, ()), (60, 1), (-60, 1)])
async def test_a_clock_that_differs_is_noted(seconds: float, notes: Any) -> None:
    clock = FakeClock()
    clock.step(seconds)
    async with bad_server() as server:
        server.says(PATH, answer(vector(({}, "1"))))
        sample = await once(server=at(server), figures=ONE, clock=clock)
    way = "behind" if seconds > 0 else "ahead of"
    expected = (f"the server's clock is 60 s {way} ours",) if notes else ()
    assert seen(sample).notes == expected
    assert seen(sample).evaluated_at == clock.now() - timedelta(seconds=seconds)


async def test_warnings_are_notes() -> None:
    found = await asked(vector(({}, "1"), warnings=["slow\x1b[2J"], infos=["odd name"]))
    assert value(found, "f") == 1
    assert seen(found).notes == ("f: slow␛[2J", "f: odd name")


async def test_null_is_no_warning() -> None:
    found = await asked(vector(({}, "1"), warnings=None, infos=None, error=None))
    assert value(found, "f") == 1
    assert seen(found).notes == ()


@pytest.mark.long
async def test_fifty_large_answers_hold_up_nobody() -> None:
    series = [({"job": f"/things/{i:04}"}, "NaN" if i % 2 else "1") for i in range(4_900)]
    figures = {f"f{i}": {"query": "up", "by": "job"} for i in range(50)}
    async with bad_server() as server:
        server.says(PATH, answer(vector(*series)))
        async with loop_watched():
            sample = await once(server=at(server), figures=figures, timeout="10s", interval="10s")
    assert len(seen(sample).breakdowns) == 50
    assert "122,495 more of that kind" in seen(sample).notes


async def test_absent_and_times() -> None:
    figures = {"f": {"query": "up", "absent": 5, "times": 100}}
    assert value(await asked(vector(), figures), "f") == 5
    assert value(await asked(vector(({}, "0.25")), figures), "f") == 25


async def test_a_refused_secret_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROM_TOKEN", "hunter2-old")
    async with bad_server() as server:
        server.says(PATH, answer(status=401))
        async with scraping(server=at(server), figures=ONE, bearer={"env": "PROM_TOKEN"}) as source:
            with pytest.raises(ProbeError, match="401 Unauthorized"):
                await source.sample()
            monkeypatch.setenv("PROM_TOKEN", "new")
            server.says(PATH, answer(vector(({}, "1"))))
            await source.sample()
    assert server.heard[1].headers["authorization"] == "Bearer new"
    assert source.look_again() is None
