"""Connections kept, renewed and given up; what is sent again and what never is."""

import asyncio
import socket
import threading
from datetime import UTC, datetime

import pytest

from tests.live.bad_server import answer, bad_server, black_hole
from tests.live.probing import failure, loop_watched, once, probing, until, value
from warroom.connect.network import Network
from warroom.errors import ProbeError
from warroom.measure.snapshot import HttpSeen
from warroom.sources.base import Sample
from warroom.sources.http import HttpSource


class Hands:
    """A clock whose monotonic hand a test moves on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead


class Names:
    """A resolver's look-up that can hang or fail, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.released = threading.Event()
        self.released.set()
        self.error: OSError | None = None

    def __call__(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        self.released.wait(5)
        if self.error is not None:
            raise self.error
        return ("127.0.0.1",)


def _status(sample: Sample) -> int | None:
    assert isinstance(sample.seen, HttpSeen)
    return sample.seen.status


async def test_a_connection_is_reused_and_renewed_after_a_minute() -> None:
    clock = Hands()
    async with bad_server() as server:
        url = server.says("/", answer())
        async with probing(url, clock=clock) as source:
            for _ in range(3):
                await source.sample()
            assert server.connections == 1
            clock.ahead = 61.0
            await source.sample()
            assert server.connections == 2


async def test_fresh_opens_one_connection_for_each_poll() -> None:
    async with bad_server() as server, probing(server.says("/", answer()), fresh=True) as source:
        for _ in range(3):
            await source.sample()
        assert server.connections == 3
        await until(lambda: not server.writers)


async def test_a_server_that_closes_between_polls_is_no_failure() -> None:
    async with bad_server() as server:
        url = server.says("/", answer(), then="close")
        async with probing(url) as source:
            for _ in range(5):
                assert _status(await source.sample()) == 200
        assert server.connections == 5
        assert len(server.heard) == 5


@pytest.mark.parametrize("then", ["close", "reset"])
async def test_a_connection_lost_while_asking_is_asked_for_once_more(then: str) -> None:
    """The server takes the second request on the reused connection and closes on it."""
    async with bad_server() as server:
        url = server.says("/", answer())
        async with probing(url) as source:
            await source.sample()
            server.says("/", b"", then=then)
            error = None
            try:
                await source.sample()
            except ProbeError as caught:
                error = caught
            assert error is not None
            assert error.phase == "first byte"
        assert [heard.connection for heard in server.heard] == [1, 1, 2]


async def test_part_of_an_answer_is_never_asked_for_again() -> None:
    async with bad_server() as server:
        url = server.says("/", answer())
        async with probing(url) as source:
            await source.sample()
            server.says("/", b"HTTP/1.1 200", then="close")
            with pytest.raises(ProbeError, match="in the midst of its answer's head"):
                await source.sample()
        assert [heard.connection for heard in server.heard] == [1, 1]


@pytest.mark.parametrize("then", ["close", "reset", "silence"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_may_change_something_is_never_sent_twice(method: str, then: str) -> None:
    async with bad_server() as server:
        url = server.says("/", answer())
        async with probing(url, method=method, body="mail", timeout="200ms") as source:
            await source.sample()
            server.says("/", b"", then=then)
            with pytest.raises(ProbeError):
                await source.sample()
        assert [(h.method, h.body) for h in server.heard] == [(method, b"mail")] * 2
        assert [heard.connection for heard in server.heard] == [1, 2]


@pytest.mark.trap(11, "name servers that hang", "an open connection still reports")
async def test_names_that_hang_leave_an_open_connection_reporting() -> None:
    names, clock = Names(), Hands()
    async with bad_server() as server:
        server.says("/", answer())
        url = server.url("/", host="shop.example")
        async with probing(url, network=Network(names), clock=clock) as source:
            await source.sample()
            names.released.clear()
            for _ in range(4):
                clock.ahead += 61.0
                async with loop_watched():
                    assert _status(await source.sample()) == 200
            assert server.connections == 1
            assert names.asked == ["shop.example"] * 2  # one thread, joined ever after
            names.released.set()
            await until(lambda: not source.context.network.resolver._in_flight)
            assert _status(await source.sample()) == 200
            assert server.connections == 2
            assert len(names.asked) == 2  # the answer that came late was used


async def test_names_that_fail_leave_an_open_connection_reporting() -> None:
    names, clock = Names(), Hands()
    async with bad_server() as server:
        server.says("/", answer())
        url = server.url("/", host="shop.example")
        async with probing(url, network=Network(names), clock=clock) as source:
            await source.sample()
            names.error = socket.gaierror(socket.EAI_AGAIN, "try again")
            for _ in range(6):
                clock.ahead += 61.0
                assert _status(await source.sample()) == 200
            assert server.connections == 1
            server.says("/", answer(), then="close")
            await source.sample()
            with pytest.raises(ProbeError, match="the name server does not answer"):
                await source.sample()


async def test_hanging_names_cost_one_thread_and_end_at_the_deadline() -> None:
    names = Names()
    names.released.clear()
    network = Network(names)
    async with loop_watched():
        errors = await asyncio.gather(
            *(failure("http://shop.example/", network=network, timeout="200ms") for _ in range(9))
        )
    assert {error.phase for error in errors} == {"dns"}
    assert {str(error) for error in errors} == {"no answer from DNS within 200 ms"}
    assert names.asked == ["shop.example"]
    hanging = [t for t in threading.enumerate() if t.name == "resolve shop.example"]
    assert len(hanging) == 1
    assert hanging[0].daemon
    names.released.set()
    await until(lambda: not hanging[0].is_alive())


async def test_a_name_that_is_not_there_says_so() -> None:
    names = Names()
    names.error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    error = await failure("http://shop.example/", network=Network(names))
    assert (error.phase, str(error)) == ("dns", "cannot resolve shop.example: no such name")


async def test_the_next_address_is_tried_within_the_deadline() -> None:
    async with bad_server() as server:
        server.says("/", answer())
        url = server.url("/", host="shop.example")
        with black_hole("127.0.0.9", server.port):
            network = Network(lambda _: ("127.0.0.9", "127.0.0.1"))
            assert _status(await once(url, network=network, timeout="400ms")) == 200
            network = Network(lambda _: ("127.0.0.8", "127.0.0.9"))
            error = await failure(url, network=network, timeout="300ms")
    refused = f"connection refused by 127.0.0.8:{server.port}; no connection within 300 ms"
    late = f"no connection to 127.0.0.9:{server.port} within 300 ms"
    assert error.phase == "connect"
    assert str(error) == late or str(error).startswith(refused[:-10])


async def test_one_black_hole_among_twenty_costs_the_others_nothing() -> None:
    async with bad_server() as server:
        url = server.says("/", answer())
        network = Network()
        with black_hole() as hole:
            loop = asyncio.get_running_loop()

            async def timed(address: str) -> tuple[bool, float]:
                begun = loop.time()
                try:
                    async with probing(address, network=network, timeout="600ms") as source:
                        for _ in range(5):
                            await source.sample()
                except ProbeError:
                    return False, loop.time() - begun
                return True, loop.time() - begun

            async with loop_watched():
                results = await asyncio.gather(
                    timed(f"http://127.0.0.1:{hole}/"), *(timed(url) for _ in range(19))
                )
    assert [answered for answered, _ in results] == [False] + [True] * 19
    assert max(took for answered, took in results if answered) < 0.5
    assert len(server.heard) == 95


async def test_a_cancelled_poll_leaves_nothing_and_the_next_one_works() -> None:
    async with bad_server() as server:
        paths = {
            "head": server.says("/head", b"HTTP/1.1 2", then="silence"),
            "body": server.says("/body", answer(b"12345")[:-1], then="silence"),
            "silent": server.says("/silent", b"", then="silence"),
        }
        before = asyncio.all_tasks()
        for count, url in enumerate(paths.values(), 1):
            async with probing(url) as source:
                poll = asyncio.create_task(source.sample())
                await until(lambda count=count: len(server.heard) == 2 * count - 1)  # type: ignore[misc]
                poll.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await poll
                left = [task.get_coro() for task in asyncio.all_tasks() - before]
                assert [coro for coro in left if "BadServer.serve" not in repr(coro)] == []
                await until(lambda: not server.writers)
                server.says(url.removeprefix(server.url("")), answer())
                assert _status(await source.sample()) == 200


async def test_unanswered_counts_only_what_concerns_the_target() -> None:
    async with bad_server() as server, probing(server.url("/"), timeout="200ms") as source:

        async def poll() -> float | None:
            try:
                return value(await source.sample(), "unanswered")
            except ProbeError as error:
                signals = source.after_failure(error)
            return next(s.value for s in signals if s.name == "api.unanswered")

        server.says("/", b"", then="close")
        assert [await poll(), await poll()] == [None, None]  # never answered: not to blame
        server.says("/", answer())
        assert await poll() == 0
        server.says("/", b"", then="close")
        assert [await poll(), await poll()] == [1, 2]
        assert _unanswered(source, ProbeError("dns", "x")) is None
        assert _unanswered(source, ProbeError("set-up", "x")) is None
        assert _unanswered(source, ProbeError("deadline", "x")) == 3
        server.says("/", answer(status=500))
        assert await poll() == 0
        server.says("/", b"", then="close")
        assert await poll() == 1


async def test_a_dead_target_is_not_available() -> None:
    """Once it has answered; what does not concern it counts neither way."""
    async with bad_server() as server, probing(server.url("/"), timeout="200ms") as source:

        def availability(phase: str) -> float | None:
            signals = source.after_failure(ProbeError(phase, "x"))
            return next(s.value for s in signals if s.name == "api.availability")

        assert [availability("connect"), availability("dns")] == [None, None]
        server.says("/", answer())
        assert value(await source.sample(), "availability") == 100
        assert [availability("dns"), availability("set-up")] == [100, 100]
        assert [availability("connect"), availability("deadline")] == [50, pytest.approx(100 / 3)]
        assert value(await source.sample(), "availability") == 50


def _unanswered(source: HttpSource, error: ProbeError) -> float | None:
    signals = {signal.name: signal.value for signal in source.after_failure(error)}
    assert signals["api.up"] is None
    return signals["api.unanswered"]
