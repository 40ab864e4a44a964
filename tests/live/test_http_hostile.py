"""A server that drips, floods, bombs and lies: bounded in time, memory and the loop's turn."""

import tracemalloc

import pytest

from tests.live.bad_server import (
    Script,
    answer,
    bad_server,
    black_hole,
    bomb,
    chunked,
    refused_port,
)
from tests.live.probing import failure, loop_watched, probing, seen
from warroom.errors import ProbeError
from warroom.measure.snapshot import HttpSeen

OK = answer()
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.trap(15, "one byte a second", "ended at the deadline, the phase named")
@pytest.mark.parametrize(
    ("drip_from", "phase", "words"),
    [
        (1, "first byte", "no complete answer within 300 ms: 2 bytes of its head came"),
        (len(OK) - 1, "body", ""),
        (len(OK) - 2, "body", "no complete answer within 300 ms: 1 byte of its body came"),
    ],
    ids=["in the head", "all there", "in the body"],
)
async def test_a_byte_a_second_ends_at_the_deadline(drip_from: int, phase: str, words: str) -> None:
    async with bad_server() as server:
        url = server.says("/drip", OK, drip_from=drip_from)
        if not words:  # the last byte comes at once
            assert (await seen(url, timeout="300ms")).faults == ()
            return
        async with loop_watched():
            error = await failure(url, timeout="300ms")
    assert (error.phase, str(error)) == (phase, words)


async def test_silence_after_the_request_names_the_first_byte() -> None:
    async with bad_server() as server:
        url = server.says("/silent", b"", then="silence")
        error = await failure(url, timeout="300ms")
    assert error.phase == "first byte"
    assert str(error) == "no answer within 300 ms: connected, request sent, no first byte"


@pytest.mark.trap(15, "a body without an end", "stopped at the cap")
async def test_an_endless_body_stops_at_the_cap() -> None:
    async with bad_server() as server:
        head = HEAD + b"Content-Type: text/plain\r\n\r\n"
        url = server.says("/endless", head, endless=b"x" * 65536)
        async with loop_watched():
            found = await seen(url)
        assert found.faults == ("body over 1 MiB",)
        assert found.status == 200


@pytest.mark.trap(15, "endless tiny chunks", "the loop is held up by none of it")
async def test_endless_tiny_chunks_stop_at_the_cap_and_hold_up_nobody() -> None:
    async with bad_server() as server:
        url = server.says("/chunks", chunked(b""), endless=b"1\r\na\r\n" * 20_000)
        async with loop_watched():
            found = await seen(url, max_bytes="32KiB", timeout="10s")
    assert found.faults == ("body over 32 KiB",)


async def test_endless_interim_answers_end_at_the_deadline_and_hold_up_nobody() -> None:
    async with bad_server() as server:
        url = server.says("/hints", b"", endless=b"HTTP/1.1 103 x\r\n\r\n" * 4000)
        async with loop_watched():
            error = await failure(url, timeout="300ms")
    assert error.phase == "first byte"


async def test_a_bomb_is_never_inflated() -> None:
    packed = bomb()
    async with bad_server() as server:
        url = server.says("/bomb", answer(packed, ("Content-Encoding", "gzip")))
        tracemalloc.start()
        try:
            async with loop_watched():
                found = await seen(url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert found.faults == ("body over 1 MiB",)
    assert len(packed) < 1 << 20
    assert peak < 16 << 20


@pytest.mark.trap(15, "a gzip bomb", "never more unpacked than the cap")
async def test_a_bomb_that_comes_in_nothing_stops_too() -> None:
    """Empty gzip members inflate to nothing for ever: the cap is on what came as well."""
    member = bytes.fromhex("1f8b08000000000000ff03000000000000000000")
    async with bad_server() as server:
        head = HEAD + b"Content-Encoding: gzip\r\n\r\n"
        url = server.says("/empty", head, endless=member * 3000)
        async with loop_watched():
            found = await seen(url)
    assert found.faults == ("body over 1 MiB",)


async def test_five_megabytes_of_json_hold_up_nobody() -> None:
    record = b'{"name": "worker-17", "state": "running", "depth": 1234, "note": "' + b"n" * 60
    body = b"[" + b",".join([record + b'"}'] * 40_000) + b"]"
    assert len(body) > 5_000_000
    async with bad_server() as server:
        url = server.says("/big", answer(body))
        async with loop_watched():
            refused = await seen(url, expect=["0.depth < 9"])
            found = await seen(url, expect=["0.depth < 9"], max_bytes="8MiB")
    assert refused.faults == ("body over 1 MiB",)
    assert found.faults == ("0.depth is 1234, not under 9",)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_broken_and_cut_codings_are_faults(coding: str) -> None:
    async with bad_server() as server:
        raw = answer(b"\x1f\x8b\x08 nonsense", ("Content-Encoding", coding))
        broken = await seen(server.says("/broken", raw))
        cut = answer(bomb()[:40], ("Content-Encoding", "gzip"))
        short = await seen(server.says("/cut", cut), max_bytes="8MiB")
    assert broken.faults == (f"body is not valid {coding}",)
    assert short.faults == ("gzip body is cut short",)


FLOODS = {
    "many headers": HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\n",
    "a header line of 1 MB": HEAD + b"X-Long: " + b"y" * 1_000_000 + b"\r\n\r\n",
    "a status line of 1 MB": b"HTTP/1.1 200 " + b"y" * 1_000_000 + b"\r\n\r\n",
    "garbage": b"\x00\xff\x1b[2J garbage \r\n\r\n" * 3,
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    "a negative length": HEAD + b"Content-Length: -3\r\n\r\nabc",
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_what_is_not_http_is_no_answer(flood: str) -> None:
    async with bad_server() as server:
        url = server.says("/flood", FLOODS[flood], then="silence")
        async with loop_watched():
            error = await failure(url)
    assert error.phase == "first byte"
    assert "is not valid HTTP" in str(error)
    assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (HEAD + b"Content-Length: 100\r\n\r\nonly this", "answer cut short by"),
        (chunked(b"5\r\nab"), "answer cut short by"),
        (chunked(b"zz\r\nnot a size\r\n"), "is not valid HTTP"),
        (chunked(b"5\r\nabcdefgh\r\n0\r\n\r\n"), "is not valid HTTP"),
    ],
    ids=["short", "short-chunk", "no-chunk", "long-chunk"],
)
async def test_a_body_that_lies_about_its_length_is_no_answer(raw: bytes, words: str) -> None:
    async with bad_server() as server:
        error = await failure(server.says("/lie", raw, then="close"))
    assert error.phase == "body"
    assert words in str(error)


async def test_bytes_after_the_answer_are_not_the_next_answer() -> None:
    async with bad_server() as server:
        url = server.says("/smuggle", answer(b"1") + answer(b"2", status=500))
        async with probing(url) as source:
            for _ in range(3):
                sample = await source.sample()
                assert isinstance(sample.seen, HttpSeen)
                assert sample.seen.status == 200


async def test_a_reset_in_the_body_is_no_answer() -> None:
    async with bad_server() as server:
        raw = HEAD + b"Content-Length: 100\r\n\r\nonly this"
        error = await failure(server.says("/reset", raw, then="reset"))
    assert error.phase in ("first byte", "body")  # the reset may overtake the head
    assert str(error) == f"connection reset by 127.0.0.1:{server.port}"


@pytest.mark.parametrize("then", ["close", "reset"])
async def test_closing_right_after_accepting_is_no_answer(then: str) -> None:
    async with bad_server() as server:
        server.greeting = Script(b"", then)
        error = await failure(server.url("/any"))
    assert error.phase in ("send", "first byte")
    assert f"by 127.0.0.1:{server.port}" in str(error)


async def test_a_refused_port_says_so() -> None:
    port = refused_port()
    error = await failure(f"http://127.0.0.1:{port}/health")
    assert (error.phase, str(error)) == ("connect", f"connection refused by 127.0.0.1:{port}")
    error = await failure(f"http://localhost:{port}/health")
    assert str(error).startswith("connection refused by ")


async def test_a_black_hole_ends_at_the_deadline() -> None:
    with black_hole() as port:
        async with loop_watched():
            error = await failure(f"http://127.0.0.1:{port}/health", timeout="300ms")
    assert error.phase == "connect"
    assert str(error).startswith("no connection ")
    assert "within 300 ms" in str(error)


async def test_a_source_stays_usable_through_all_of_it() -> None:
    """The same source meets every trouble in turn, and is UP when the server is well again."""
    async with bad_server() as server, probing(server.url("/x"), timeout="300ms") as source:
        for raw in (*FLOODS.values(), chunked(b"zz\r\n"), b""):
            server.says("/x", raw, then="silence")
            with pytest.raises(ProbeError):
                await source.sample()
        server.says("/x", OK)
        found = (await source.sample()).seen
    assert isinstance(found, HttpSeen)
    assert (found.status, found.faults) == (200, ())
