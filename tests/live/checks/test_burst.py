"""A burst against a real server, and against one that does what no server should."""

import asyncio

import pytest

from tests.live.bad_server import BadServer, answer, bad_server
from tests.live.checks.running import CANARY, Checking
from warroom.errors import ProbeError


def burst(url: str, more: str = "", count: int = 3, gap: str = "100ms") -> str:
    return f'kind = "burst"\nurl = "{url}"\ncount = {count}\ngap = "{gap}"\n{more}'


async def test_each_request_has_a_connection_of_its_own_and_its_phases(tmp_path):
    async with bad_server() as bad:
        url = bad.says("/", answer(b"hello"))
        found = await Checking(tmp_path, burst(url)).run()
        assert found.ok
        assert found.text.startswith("3 of 3 answered: 200 ×3; median ")
        assert bad.connections == 3
    head, *lines = found.lines
    assert head == f"GET {url}"
    assert [line.split()[:2] for line in lines] == [["1", "200"], ["2", "200"], ["3", "200"]]
    assert all("connect" in line and "first byte" in line and "total" in line for line in lines)


async def test_the_gap_is_from_start_to_start(tmp_path):
    async with bad_server() as bad:
        checking = Checking(tmp_path, burst(bad.says("/", answer()), gap="300ms"))
        await checking.run()
    assert 0.6 <= checking.took < 2


async def test_what_fails_is_counted_by_its_phase(tmp_path):
    async with bad_server() as bad:
        bad.says("/", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", then="close")
        found = await Checking(tmp_path, burst(bad.url("/"), count=2)).run()
        assert found.ok is False
        assert "failed in body ×2" in found.text
        bad.says("/", b"", then="reset")
        found = await Checking(tmp_path, burst(bad.url("/"), count=2)).run()
        assert found.text == "0 of 2 answered; failed in first byte ×2"
        url = bad.url("/")
    found = await Checking(tmp_path, burst(url, count=2)).run()
    assert found.text == "0 of 2 answered; failed in connect ×2"


async def test_another_status_is_not_good_unless_it_is_expected(tmp_path):
    async with bad_server() as bad:
        url = bad.says("/", answer(status=503))
        found = await Checking(tmp_path, burst(url, count=1)).run()
        assert (found.ok, found.text[:24]) == (False, "1 of 1 answered: 503 ×1;")
        assert (await Checking(tmp_path, burst(url, "expect = 503", count=1)).run()).ok
        moved = bad.says("/m", answer(b"", ("Location", "/"), status=302))
        found = await Checking(tmp_path, burst(moved, count=1)).run()
        assert found.ok is False
        assert bad.targets()[-1] == "/m"  # and it is not gone after


@pytest.mark.parametrize("how", ["drip", "silence", "endless", "bomb"])
async def test_a_hostile_one_costs_no_more_than_the_deadline(tmp_path, how):
    async with bad_server() as bad:
        match how:
            case "drip":
                url = bad.says("/", answer(b"x" * 500), drip_from=10)
            case "silence":
                url = bad.says("/", b"", then="silence")
            case "endless":
                head = b"HTTP/1.1 200 OK\r\n\r\n"
                url = bad.says("/", head, endless=b"x" * 65_536)
            case _:
                head = b"HTTP/1.1 200 OK\r\nX: "
                url = bad.says("/", head, endless=b"y" * 65_536)
        checking = Checking(tmp_path, burst(url, 'deadline = "1s"', count=9))
        async with asyncio.timeout(5):
            found = await checking.run()
        assert checking.took < 2
        assert len(found.lines) <= 10
        if how in ("drip", "silence"):
            assert "not sent within 1.0 s" in found.text


async def test_secrets_travel_and_are_told_nobody(tmp_path):
    more = (
        'bearer = { file = "token" }\n'
        '[checks.it.headers]\nX-Key = { file = "token" }\nX-Plain = "seen"\n'
    )
    async with bad_server() as bad:
        bad.says("/", answer(b"", ("X-Echo", CANARY)))
        table = burst(f"{bad.url('/')}?key={CANARY}", more, count=1)
        found = await Checking(tmp_path, table, token=CANARY).run()
        (heard,) = bad.heard
        assert heard.headers["authorization"] == f"Bearer {CANARY}"
        assert (heard.headers["x-key"], heard.headers["x-plain"]) == (CANARY, "seen")
    assert CANARY not in repr(found)
    assert "key=***" in found.lines[0]


async def test_a_secret_that_is_not_there_is_said_and_nothing_is_sent(tmp_path):
    async with bad_server() as bad:
        table = burst(bad.says("/", answer()), 'bearer = { file = "nowhere" }')
        with pytest.raises(ProbeError, match="nowhere"):
            await Checking(tmp_path, table).run()
        assert BadServer.targets(bad) == []
