"""What a poll costs the server: which commands, over how many connections, and that the length
of a queue changes nothing of it. TRAPS 12."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.live.held import Shifted, figures
from tests.live.redis.queues import EVERY_KIND, filled, lengthened
from tests.live.redis.servers import Server
from tests.live.redis.watching import queue, seen, watching
from tests.waiting import until_async
from warroom.sources.redis import RedisSource

FORBIDDEN = {
    *("keys", "scan", "monitor", "smembers", "hgetall", "sort", "eval", "evalsha", "fcall"),
    *("hkeys", "hvals", "lset", "del", "set", "expire", "multi", "exec", "subscribe", "debug"),
}
MILLION = 1_000_000


def calls(app: Any) -> dict[str, int]:
    """How often each command was called, but for those of the tests themselves."""
    told = app.info("commandstats")
    own = {"info", "config|resetstat", "config", "client"}
    names = {name.removeprefix("cmdstat_"): each["calls"] for name, each in told.items()}
    return {name: count for name, count in names.items() if name not in own}


async def _poll(server: Server, source: RedisSource) -> tuple[dict[str, int], int]:
    """The commands of one poll, and the bytes of its answers."""
    with server.client() as app:
        await source.sample()
        app.config_resetstat()
        sample = await source.sample()
        sent = app.info("stats")["total_net_output_bytes"]
        assert seen(sample).blind == ()
        for each in EVERY_KIND:
            assert queue(sample, each["name"]).depth is not None, each
        return calls(app), sent


@pytest.mark.long
async def test_a_million_jobs_cost_no_more_than_ten(another: Callable[..., Server]) -> None:
    server = another(7)
    server.start()
    filled(server)
    async with watching(server.url, *EVERY_KIND) as source:
        short, few = await _poll(server, source)
        await asyncio.to_thread(lengthened, server, MILLION)
        long, many = await _poll(server, source)
        sample = await source.sample()
    for each in EVERY_KIND:
        found = queue(sample, each["name"])
        assert (found.depth or 0) + (found.delayed or 0) > MILLION, each
    # A slow PING is repeated, whatever the queues.
    assert long | {"ping": 1} == short | {"ping": 1}
    # What is longer are the numbers themselves.
    assert many < few + 500
    assert not FORBIDDEN & {name.partition("|")[0] for name in short}


@pytest.mark.trap(
    12,
    "polls of every kind of queue, counted by INFO commandstats",
    "one named connection; no KEYS, MONITOR, SMEMBERS or whole list",
)
async def test_one_connection_with_a_name_that_does_nothing_else(unshared: Server) -> None:
    clock = Shifted()
    with unshared.client() as app:
        filled(unshared)
        app.config_resetstat()
        async with watching(unshared.url, *EVERY_KIND, clock=clock) as source:
            for _ in range(3):
                await source.sample()
                clock.ahead += 61
            (ours,) = [each for each in app.client_list() if each["name"] == "warroom"]
            assert ours["db"] == "0"
            told = app.info("commandstats")
            assert told["cmdstat_ping"]["calls"] >= 3
            assert not FORBIDDEN & {name.removeprefix("cmdstat_") for name in told}
            assert app.info("errorstats") == {}
        await until_async(lambda: "warroom" not in [each["name"] for each in app.client_list()])


async def test_a_source_without_queues_asks_next_to_nothing(server: Server) -> None:
    async with watching(server.url) as source:
        await source.sample()
        sample = await source.sample()
    assert figures(sample)["commands"] in (4, 5)  # a slow PING is repeated
    assert "commands a poll: INFO 2, PING " in seen(sample).load
