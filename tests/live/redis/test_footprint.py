"""What a poll costs the server: which commands, over how many connections, and that the length
of a queue changes nothing of it. TRAPS 12."""

from typing import Any

from tests.live.redis.queues import EVERY_KIND, filled
from tests.live.redis.servers import Server
from tests.live.redis.watching import Shifted, figures, queue, seen, watching

FORBIDDEN = {
    *("keys", "scan", "monitor", "smembers", "hgetall", "sort", "eval", "evalsha", "fcall"),
    *("hkeys", "hvals", "lset", "del", "set", "expire", "multi", "exec", "subscribe", "debug"),
}
SOME, MANY = 200, 50_000
"""Both more than the first ones that a layout looks at one by one."""


def calls(app: Any) -> dict[str, int]:
    """How often each command was called, but for those of the tests themselves."""
    told = app.info("commandstats")
    own = {"info", "config|resetstat", "config", "flushall", "client"}
    names = {name.removeprefix("cmdstat_"): each["calls"] for name, each in told.items()}
    return {name: count for name, count in names.items() if name not in own}


async def _poll(server: Server, jobs: int) -> tuple[dict[str, int], int]:
    """The commands of one poll, and the bytes of its answers."""
    with server.client() as app:
        app.flushall()
        filled(server, jobs)
        async with watching(server.url, *EVERY_KIND) as source:
            await source.sample()
            app.config_resetstat()
            sample = await source.sample()
            sent = app.info("stats")["total_net_output_bytes"]
            assert seen(sample).blind == ()
            for each in EVERY_KIND:
                assert queue(sample, each["name"]).depth is not None, each
            return calls(app), sent


async def test_a_long_queue_costs_no_more_than_a_short_one(redis7: Server) -> None:
    short, few = await _poll(redis7, SOME)
    long, many = await _poll(redis7, MANY)
    # A slow PING is repeated, whatever the queues.
    assert long | {"ping": 1} == short | {"ping": 1}
    # What is longer are the numbers themselves.
    assert many < few + 500
    assert not FORBIDDEN & {name.partition("|")[0] for name in short}


async def test_one_connection_with_a_name_that_does_nothing_else(server: Server) -> None:
    clock = Shifted()
    with server.client() as app:
        filled(server)
        app.config_resetstat()
        async with watching(server.url, *EVERY_KIND, clock=clock) as source:
            for _ in range(3):
                await source.sample()
                clock.ahead += 61
            (ours,) = [each for each in app.client_list() if each["name"] == "warroom"]
            assert ours["db"] == "0"
            told = app.info("commandstats")
            assert told["cmdstat_ping"]["calls"] >= 3
            assert not FORBIDDEN & {name.removeprefix("cmdstat_") for name in told}
            assert app.info("errorstats") == {}
        await polled_away(app)


async def test_a_source_without_queues_asks_next_to_nothing(server: Server) -> None:
    async with watching(server.url) as source:
        await source.sample()
        sample = await source.sample()
    assert figures(sample)["commands"] in (4, 5)  # a slow PING is repeated
    assert "commands a poll: INFO 2, PING " in seen(sample).load


async def polled_away(app: Any) -> None:
    from tests.waiting import until_async

    await until_async(lambda: all(each["name"] != "warroom" for each in app.client_list()))
