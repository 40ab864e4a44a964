"""Messages over HTTP to real servers: once, or not at all, and what nobody knows is said."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.live.bad_server import bad_server
from tests.live.certificates import Authority
from tests.live.comms.receiving import CANARY, Begun, outgoing, sender
from tests.unit.test_shell_lines import EVIL as HOSTILE
from warroom.errors import JournalError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATHS = {"slack": f"/{CANARY}/hook", "http": "/api", "pager": "/v2/enqueue"}


def made(folder: Path, kind: str, base: str, more: str = ""):
    """The receiver of that kind at that server, and what was masked."""
    if kind == "slack":
        url = base + PATHS["slack"]
        return sender(folder, f'kind = "slack"\nurl = {{ file = "hook" }}\n{more}', hook=url)
    if kind == "http":
        table = f'kind = "http"\nurl = "{base}/api"\nbearer = {{ file = "token" }}\n{more}'
        return sender(folder, table, token=CANARY)
    table = f'kind = "pager"\nurl = "{base}/v2/enqueue"\nkey = {{ file = "key" }}\n{more}'
    return sender(folder, table, key=CANARY)


KINDS = pytest.mark.parametrize("kind", ["slack", "http", "pager"])


@KINDS
async def test_it_is_sent_once_and_taken(tmp_path, kind):
    async with bad_server() as server:
        server.says(PATHS[kind], OK)
        one, masked = made(tmp_path, kind, server.url("").rstrip("/"))
        begun = Begun()
        outcome = await one.send(outgoing(), begun)
        assert (outcome.state, outcome.text) == ("sent", "200 ok")
        assert (begun.count, len(server.heard)) == (1, 1)
        assert masked
        heard = server.heard[0]
        assert heard.method == "POST"
        if kind == "http":
            assert heard.headers["authorization"] == f"Bearer {CANARY}"
            assert json.loads(heard.body)["title"] == "Checkout fails"
        elif kind == "slack":
            assert json.loads(heard.body) == {"text": outgoing().text}
        else:
            event = json.loads(heard.body)
            assert event["routing_key"] == CANARY
            assert event["event_action"] == "trigger"
            assert event["dedup_key"] == "shop/INC-20261127-001"
            assert event["payload"]["severity"] == "critical"


@KINDS
async def test_cut_off_after_it_was_sent_nobody_knows_and_it_came_once(tmp_path, kind):
    """TRAPS 6: a proxy that takes the request, and goes away before the answer."""
    async with bad_server() as server:
        server.says(PATHS[kind], b"", then="reset")
        one, _ = made(tmp_path, kind, server.url("").rstrip("/"))
        outcome = await one.send(outgoing(), Begun())
        assert outcome.state == "unknown"
        assert "nobody knows" in outcome.text
        await asyncio.sleep(0)
        assert (len(server.heard), server.connections) == (1, 1)


@KINDS
async def test_silence_after_it_was_sent_ends_at_the_deadline(tmp_path, kind):
    async with bad_server() as server:
        server.says(PATHS[kind], b"", then="silence")
        one, _ = made(tmp_path, kind, server.url("").rstrip("/"), 'deadline = "1s"')
        outcome = await one.send(outgoing(), Begun())
        assert (outcome.state, len(server.heard)) == ("unknown", 1)
        assert "no answer within 1.0 s" in outcome.text


@KINDS
async def test_out_of_reach_nothing_was_sent(tmp_path, kind):
    async with bad_server() as server:
        base = server.url("").rstrip("/")
    one, _ = made(tmp_path, kind, base)
    begun = Begun()
    outcome = await one.send(outgoing(), begun)
    assert (outcome.state, begun.count) == ("waiting", 0)
    assert "nothing was sent" in outcome.text
    assert "refused" in outcome.text


async def test_what_may_not_begin_does_not_leave(tmp_path):
    async with bad_server() as server:
        server.says("/api", OK)
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"))
        with pytest.raises(JournalError, match="full"):
            await one.send(outgoing(), Begun(JournalError("the disk is full")))
        assert server.heard == []


@pytest.mark.parametrize(
    ("status", "head", "state", "again"),
    [
        ("204 No Content", "", "sent", None),
        ("302 Found", "Location: /elsewhere\r\n", "failed", None),
        ("400 Bad Request", "", "failed", None),
        ("401 Unauthorized", "", "failed", None),
        ("404 Not Found", "", "failed", None),
        ("429 Too Many Requests", "Retry-After: 17\r\n", "waiting", 17.0),
        ("503 Service Unavailable", "Retry-After: 999999\r\n", "waiting", 3600.0),
        ("503 Service Unavailable", "", "waiting", 60.0),
        ("500 Internal Server Error", "", "unknown", None),
        ("502 Bad Gateway", "", "unknown", None),
    ],
)
async def test_what_an_answer_says(tmp_path, status, head, state, again):
    raw = f"HTTP/1.1 {status}\r\n{head}Content-Length: 3\r\n\r\nwhy".encode()
    async with bad_server() as server:
        server.says("/api", raw if "204" not in status else b"HTTP/1.1 204 No Content\r\n\r\n")
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"))
        outcome = await one.send(outgoing(), Begun())
        assert (outcome.state, outcome.again) == (state, again)
        assert server.targets() == ["/api"]


async def test_only_what_is_expected_counts_as_taken(tmp_path):
    async with bad_server() as server:
        server.says("/api", OK)
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"), "expect = [202]")
        assert (await one.send(outgoing(), Begun())).state == "unknown"


async def test_an_endless_and_hostile_answer_is_read_a_little_and_obeyed_by_nobody(tmp_path):
    async with bad_server() as server:
        head = b"HTTP/1.1 400 No\r\nContent-Length: 999999999\r\n\r\n\x1b[2J\x1b]52;c;eA==\x07"
        server.says("/api", head, endless=b"x" * 4096)
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"))
        outcome = await one.send(outgoing(), Begun())
        assert outcome.state == "failed"
        assert "\x1b" not in outcome.text
        assert len(outcome.text) < 250


async def test_a_dripping_answer_ends_at_the_deadline(tmp_path):
    async with bad_server() as server:
        server.says("/api", OK, drip_from=0)
        one, _ = made(tmp_path, "http", server.url("").rstrip("/"), 'deadline = "1s"')
        assert (await one.send(outgoing(), Begun())).state == "unknown"


async def test_a_certificate_that_does_not_verify_gets_nothing(tmp_path):
    authority = Authority(tmp_path)
    pair = authority.issue("localhost")
    async with bad_server(pair.server()) as server:
        server.says("/api", OK)
        url = server.url("", "localhost").rstrip("/")
        one, _ = made(tmp_path, "http", url)
        begun = Begun()
        outcome = await one.send(outgoing(), begun)
        assert (outcome.state, begun.count, server.heard) == ("waiting", 0, [])
        assert "certificate" in outcome.text
        trusting, _ = made(tmp_path, "http", url, f'ca_file = "{authority.file}"')
        assert (await trusting.send(outgoing(), Begun())).state == "sent"
        assert server.heard[0].headers["host"] == f"localhost:{server.port}"


async def test_a_body_of_the_team_s_own_and_one_that_does_not_render(tmp_path):
    async with bad_server() as server:
        server.says("/api", OK)
        base = server.url("").rstrip("/")
        body = """body = '''{"name": {{ title | tojson }}, "level": "{{ level }}"}'''"""
        one, _ = made(tmp_path, "http", base, body)
        evil = outgoing(title=f'{HOSTILE}"}},{{"x": "')
        assert (await one.send(evil, Begun())).state == "sent"
        assert json.loads(server.heard[0].body)["name"] == evil.title
        broken, _ = made(tmp_path, "http", base, "body = '''{{\n{{ titel }}'''")
        outcome = await broken.send(outgoing(), Begun())
        assert outcome.state == "failed"
        assert "receivers.it.body" in outcome.text
        assert len(server.heard) == 1


async def test_nobody_is_called_by_a_text(tmp_path):
    async with bad_server() as server:
        server.says(PATHS["slack"], OK)
        one, _ = made(tmp_path, "slack", server.url("").rstrip("/"))
        await one.send(outgoing(text="<!channel> <@U1> & <https://x|y>"), Begun())
        said = json.loads(server.heard[0].body)["text"]
        assert said == "&lt;!channel&gt; &lt;@U1&gt; &amp; &lt;https://x|y&gt;"


@pytest.mark.parametrize(
    ("purpose", "action"),
    [("first", "trigger"), ("acknowledge", "acknowledge"), ("resolution", "resolve")],
)
async def test_a_pager_s_alert_has_one_key(tmp_path, purpose, action):
    async with bad_server() as server:
        server.says("/v2/enqueue", OK)
        one, _ = made(tmp_path, "pager", server.url("").rstrip("/"))
        await one.send(outgoing(purpose=purpose, title=HOSTILE * 90), Begun())
        event = json.loads(server.heard[0].body)
        assert (event["event_action"], event["dedup_key"]) == (action, "shop/INC-20261127-001")
        assert ("payload" in event) == (action == "trigger")
        assert len(event.get("payload", {}).get("summary", "")) <= 1024


@KINDS
@pytest.mark.parametrize("how", [b"", OK, b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", None])
async def test_no_secret_is_told(tmp_path, kind, how):
    async with bad_server() as server:
        base = server.url("").rstrip("/")
        if how is not None:
            server.says(PATHS[kind], how, then="keep" if how else "reset")
        one, _ = made(tmp_path, kind, base if how is not None else "http://127.0.0.1:1")
        outcome = await one.send(outgoing(), Begun())
        told = [outcome.text, one.preview(outgoing()), one.receiver.where, repr(one)]
        assert CANARY not in " ".join(told)


async def test_a_secret_that_is_not_there_is_waited_for(tmp_path):
    one, _ = made(tmp_path, "slack", "http://127.0.0.1:1")
    (tmp_path / "hook").unlink()
    outcome = await one.send(outgoing(), Begun())
    assert outcome.state == "waiting"
    assert "cannot be read" in outcome.text
