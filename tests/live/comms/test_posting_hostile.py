"""What servers do to a request over HTTP that nobody wishes for."""

import asyncio
import json

import pytest

from tests.live.bad_server import Script, bad_server, black_hole
from tests.live.comms.receiving import CANARY, Begun, outgoing, sender
from tests.live.comms.test_posting import KINDS, OK, PATHS, made
from tests.waiting import until_async
from warroom.connect.network import Network
from warroom.errors import ProbeError


def replaced(one, network):
    return type(one)(one.receiver, one.settings, network, one.secrets)


@pytest.mark.parametrize(
    ("status", "state"),
    [("200 OK", "sent"), ("400 Bad", "failed"), ("503 Busy", "waiting"), ("502 Bad", "unknown")],
)
async def test_a_status_counts_though_its_answer_never_ends(tmp_path, status, state):
    async with bad_server() as server:
        raw = f"HTTP/1.1 {status}\r\nContent-Length: 9\r\n\r\nthe".encode()
        server.says("/api", raw, then="silence")
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"), 'deadline = "1s"')
        outcome = await one.send(outgoing(), Begun())
        assert outcome.state == state
        assert "the" in outcome.text


@KINDS
@pytest.mark.parametrize("status", [200, 400, 429, 500])
async def test_a_secret_that_an_answer_repeats_is_not_told(tmp_path, kind, status):
    async with bad_server() as server:
        path = PATHS[kind]
        said = f"Cannot POST {path} with {CANARY}".encode()
        server.says(
            path, b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(said), said)
        )
        one, _ = made(tmp_path, kind, server.url("").rstrip("/"))
        outcome = await one.send(outgoing(), Begun())
        assert CANARY not in outcome.text
        assert "Cannot POST" in outcome.text


async def test_an_address_that_is_silent_leaves_time_for_the_next(tmp_path):
    async with bad_server() as server:
        server.says("/api", OK)
        with black_hole("127.0.0.2", server.port):
            one, _ = made(tmp_path, "http", f"http://shop.test:{server.port}", 'deadline = "2s"')
            network = Network(lambda _: ("127.0.0.2", "127.0.0.1"))
            begun = Begun()
            outcome = await replaced(one, network).send(outgoing(), begun)
            assert (outcome.state, begun.count, len(server.heard)) == ("sent", 1, 1)


@pytest.mark.parametrize("token", [f"{CANARY} ", f"{CANARY}\nX: y", "ü" + CANARY])
async def test_a_token_that_is_no_header_is_known_not_to_be_sent(tmp_path, token):
    async with bad_server() as server:
        server.says("/api", OK)
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"))
        (tmp_path / "token").write_text(token)
        begun = Begun()
        outcome = await one.send(outgoing(), begun)
        assert (outcome.state, begun.count, server.heard) == ("waiting", 0, [])
        assert CANARY not in outcome.text


@pytest.mark.parametrize(
    "url",
    ["https://?", "https:///x", "https://a b/", "https://x:99999/", "https://x:y/", "https://[::1/",
     "https://" + "a" * 300 + ".test/", "https://xn--/", "https://..//", "http://\udcff/"],
)  # fmt: skip
async def test_an_address_that_is_none_is_waited_for(tmp_path, url):
    one, _ = made(tmp_path, "slack", "http://127.0.0.1:1")
    (tmp_path / "hook").write_bytes((url + CANARY).encode("utf-8", "surrogateescape"))
    begun = Begun()
    outcome = await one.send(outgoing(), begun)
    assert (outcome.state, begun.count) == ("waiting", 0)
    assert CANARY not in outcome.text


@KINDS
@pytest.mark.parametrize("error", [TimeoutError, OSError, ProbeError("set-up", "no"), ValueError])
async def test_whatever_the_door_says_comes_out(tmp_path, kind, error):
    async with bad_server() as server:
        one, _ = made(tmp_path, kind, server.url("").rstrip("/"))
        with pytest.raises(error if isinstance(error, type) else type(error)):
            await one.send(outgoing(), Begun(error))
        assert server.heard == []


async def test_a_handshake_that_is_not_answered_leaves_no_connection_behind(tmp_path):
    async with bad_server() as server:
        server.greeting = Script(b"", then="silence")
        table = f'kind = "http"\nurl = "https://127.0.0.1:{server.port}"\ndeadline = "1s"'
        one, _ = sender(tmp_path, table)
        outcome = await one.send(outgoing(), Begun())
        assert (outcome.state, server.connections) == ("waiting", 1)
        await until_async(lambda: not server.writers)


async def test_a_template_that_takes_its_time_stops_nobody(tmp_path):
    body = "body = '''" + "{{ text | wordwrap(1) | length }}" * 60 + "'''"
    one, _ = made(tmp_path, "http", "http://127.0.0.1:1", body)
    loop = asyncio.get_running_loop()
    sending = asyncio.create_task(one.send(outgoing(text="a b " * 4000), Begun()))
    began = last = loop.time()
    longest = 0.0
    while not sending.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, loop.time() - last), loop.time()
    assert (await sending).state in ("failed", "waiting")
    assert longest < (last - began) / 2


async def test_a_body_that_is_no_text_is_known_not_to_be_sent(tmp_path):
    one, _ = made(tmp_path, "http", "http://127.0.0.1:1", """body = '{{ "\\ud800" }}'""")
    outcome = await one.send(outgoing(), Begun())
    assert outcome.state == "failed"
    assert "receivers.it.body" in outcome.text


async def test_no_crowd_is_called_by_a_bare_word(tmp_path):
    async with bad_server() as server:
        server.says(PATHS["slack"], OK)
        one, _ = made(tmp_path, "slack", server.url("").rstrip("/"))
        text = "@channel (@Here) @**all** @everyone ana@all.example @ana @allison"
        await one.send(outgoing(text=text), Begun())
        said = json.loads(server.heard[0].body)["text"]
        parted = "@~channel (@~Here) @~**all** @~everyone ana@all.example @ana @allison"
        assert said == parted.replace("~", "\u200b")


async def test_what_stands_in_clear_is_not_shown_either(tmp_path):
    async with bad_server() as server:
        said = f"no key {CANARY}".encode()
        server.says("/api", b"HTTP/1.1 403 X\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said))
        base = server.url("").rstrip("/")
        table = f"""kind = "http"
url = "{base}/api"
body = '''{{"api_key": "{CANARY}", "text": {{{{ text | tojson }}}}}}'''
"""
        one, _ = sender(tmp_path, table)
        outcome = await one.send(outgoing(), Begun())
        assert json.loads(server.heard[0].body)["api_key"] == CANARY
        assert CANARY not in outcome.text + one.preview(outgoing())


async def test_no_tls_is_called_so(tmp_path):
    async with bad_server() as server:
        server.greeting = Script(b"HTTP/1.1 400 no\r\n\r\n")
        table = f'kind = "http"\nurl = "https://127.0.0.1:{server.port}"'
        outcome = await sender(tmp_path, table)[0].send(outgoing(), Begun())
        assert outcome.state == "waiting"
        assert "no TLS (wrong version number) by 127.0.0.1" in outcome.text
