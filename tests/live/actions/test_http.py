"""Actions that send a request to real servers: once, or not at all, and what nobody knows is
said."""

import asyncio
import json
import socket
import time
from urllib.parse import unquote

import pytest
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st

from tests.live.actions.acting import CANARY, Acting
from tests.live.actions.cutting import cutting
from tests.live.actions.test_command import EVIL
from tests.live.bad_server import Script, answer, bad_server, refused_port
from tests.live.certificates import Authority
from tests.waiting import until_async
from warroom.actions.hand import Live
from warroom.connect.network import Network
from warroom.errors import ActionError, JournalError

OK = answer(b"done")
OK_SCRIPT = Script(OK)
SECRETS = """headers = { X-Api-Key = { file = "token" }, X-Team = "shop" }
bearer = { file = "token" }
"""


def http(url: str, more: str = "") -> str:
    return f'kind = "http"\nurl = "{url}"\n{more}'


async def asked(tmp_path, raw, more="", **script):
    """What came of one request that is answered so, and the server."""
    async with bad_server() as server:
        server.says("/do", raw, **script)
        run = await Acting(tmp_path, http(server.url("/do"), more)).run()
        return run, server


async def test_it_is_sent_once_as_it_is_written(tmp_path):
    async with bad_server() as server:
        server.says("/do", OK)
        more = f"method = 'PUT'\nbody = {{ on = true }}\n{SECRETS}"
        run = await Acting(tmp_path, http(server.url("/do"), more), token=CANARY).run()
        assert (run.came, run.result.text, run.begun) == ("succeeded", "answered 200", 1)
        (heard,) = server.heard
        assert (heard.method, heard.target, json.loads(heard.body)) == ("PUT", "/do", {"on": True})
        assert heard.headers["authorization"] == f"Bearer {CANARY}"
        assert (heard.headers["x-api-key"], heard.headers["x-team"]) == (CANARY, "shop")
        assert heard.headers["content-type"] == "application/json"
        assert run.step.lines == (
            f"PUT {server.url('/do')}",
            "X-Api-Key: ***",
            "X-Team: shop",
            "Authorization: Bearer ***",
            '{"on": true}',
        )
        assert run.output.text == "done"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"
LONG = HEAD + b"all done" + b"." * 392


@pytest.mark.trap(
    6, "the connection cut after a request was sent", "unknown, one request at the server"
)
@pytest.mark.parametrize(
    ("asked", "answered", "reached", "came"),
    [
        (60, 0, 0, "unknown"),  # in the middle of what is asked
        (-1, 0, 1, "unknown"),  # all of it arrived, and nothing came back
        (-1, 9, 1, "unknown"),  # in the middle of the status
        (-1, len(HEAD) - 2, 1, "unknown"),  # in the middle of the headers
        (-1, len(HEAD), 1, "unknown"),  # after them, where the words matter
        (-1, len(LONG) - 1, 1, "succeeded"),  # what was to be said was said
    ],
)
async def test_a_reply_that_is_lost_is_unknown_and_nothing_is_sent_again(
    tmp_path, asked, answered, reached, came
):
    async with bad_server() as server:
        server.says("/do", LONG)
        async with cutting(server.port, asked, answered) as proxy:
            url = f"http://127.0.0.1:{proxy.port}/do"
            made = Acting(tmp_path, http(url, "succeeds_if = 'done'\nbody = { a = 'b' }"))
            run = await made.run()
            assert run.came == came
            assert ("nobody knows" in run.result.text) == (came == "unknown")
            assert (proxy.connections, len(server.heard), run.begun) == (1, reached, 1)


@pytest.mark.parametrize(
    ("more", "said", "came"),
    [
        ("fails_if = 'error'", b"so far well", "unknown"),
        ("fails_if = 'error'", b"error", "failed"),
        ("fails_if = 'error'\nsucceeds_if = 'well'", b"well", "unknown"),
        ("succeeds_if = 'well'", b"nothing", "unknown"),
        ("succeeds_if = 'well'", b"well", "succeeded"),
        ("", b"any", "succeeded"),
    ],
)
async def test_words_that_are_cut_prove_only_what_they_hold(tmp_path, more, said, came):
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + said
    run, server = await asked(tmp_path, raw, more, then="close")
    assert (run.came, len(server.heard)) == (came, 1)


@pytest.mark.parametrize("at", [10, 9_000, 13_000, 16_000])
async def test_of_one_long_line_every_part_is_searched(tmp_path, at):
    run, _ = await asked(tmp_path, answer(b"x" * at + b"ERROR" + b"y" * 100), "fails_if = 'ERROR'")
    assert run.came == "failed"


async def test_words_beyond_what_is_read_are_not_taken_for_missing(tmp_path):
    run, _ = await asked(tmp_path, answer(b"x" * 20_000 + b"done"), "succeeds_if = 'done'")
    assert run.came == "unknown"
    run, _ = await asked(
        tmp_path, answer(b"\x1f\x8b", ("Content-Encoding", "gzip")), "fails_if = 'no'"
    )
    assert run.came == "unknown"


async def test_an_answer_that_does_not_come_in_time_is_unknown(tmp_path):
    began = time.monotonic()
    run, server = await asked(tmp_path, b"", "deadline = '1s'", then="silence")
    assert time.monotonic() - began < 3
    assert run.came == "unknown"
    assert run.result.text.startswith("it was sent; no answer within 1.0 s")
    assert (len(server.heard), server.connections) == (1, 1)


@pytest.mark.parametrize(
    ("status", "more", "came"),
    [
        (200, "", "succeeded"),
        (204, "", "succeeded"),
        (200, "expect_status = [202]", "unknown"),
        (409, "expect_status = [409]", "succeeded"),
        (302, "expect_status = [302]", "succeeded"),
        (301, "", "unknown"),
        (303, "", "unknown"),
        (307, "", "failed"),
        (308, "", "failed"),
        (400, "", "failed"),
        (401, "", "failed"),
        (404, "", "failed"),
        (429, "", "failed"),
        (500, "", "unknown"),
        (502, "", "unknown"),
        (503, "", "unknown"),
        (599, "", "unknown"),
    ],
)
async def test_what_a_status_means(tmp_path, status, more, came):
    body = b"" if status == 204 else b"why"
    raw = answer(body, ("Location", "/elsewhere"), ("Retry-After", "0"), status=status)
    run, server = await asked(tmp_path, raw, more)
    assert run.came == came
    assert str(status) in run.result.text
    assert server.targets() == ["/do"], "once, and no redirection is followed"


@pytest.mark.parametrize(
    ("more", "came", "words"),
    [
        ("succeeds_if = '\"ok\": *true'", "succeeded", "answered 200"),
        ("succeeds_if = 'queued'", "failed", "answered 200, but it did not say queued"),
        ("fails_if = 'quota'", "failed", 'answered 200, but it said: {"ok": true, "quota": 0}'),
        ("fails_if = 'qu0ta'", "succeeded", "answered 200"),
    ],
)
async def test_what_its_words_mean(tmp_path, more, came, words):
    run, _ = await asked(tmp_path, answer(b'{"ok": true, "quota": 0}'), more)
    assert (run.came, run.result.text) == (came, words)


async def test_where_nothing_could_leave_nothing_was_sent(tmp_path):
    def unknown(host):
        raise socket.gaierror(socket.EAI_NONAME, "no")

    authority = Authority(tmp_path)
    async with bad_server(authority.issue("localhost").server()) as server:
        server.says("/do", OK)
        for url, network, more, words in (
            (f"http://127.0.0.1:{refused_port()}/do", None, "", "refused"),
            ("http://gone.test/do", Network(unknown), "", "cannot resolve gone.test"),
            (server.url("/do", "localhost"), None, "", "certificate"),
            (server.url("/do").replace("https", "http"), None, "ca_file = 'gone.pem'", "gone.pem"),
            (f"https://127.0.0.1:{server.port}/do", None, "", "certificate"),
        ):
            run = await Acting(tmp_path, http(url, more), network).run()
            assert (run.came, run.begun) == ("failed", 0), url
            assert run.result.text.startswith("nothing was sent: "), run.result.text
            assert run.result.text.count("nothing was sent") == 1
            assert words in run.result.text
        assert server.heard == []
        trusting = http(server.url("/do", "localhost"), f"ca_file = '{authority.file}'")
        assert (await Acting(tmp_path, trusting).run()).came == "succeeded"
        assert len(server.heard) == 1


async def test_what_may_not_begin_does_not_leave(tmp_path):
    async with bad_server() as server:
        server.says("/do", OK)
        with pytest.raises(JournalError):
            await Acting(tmp_path, http(server.url("/do"))).run(refuses=JournalError("full"))
        assert server.heard == []


@pytest.mark.parametrize("token", [f"{CANARY}\r\nX-Evil: y", f"{CANARY}\x00", f"ü{CANARY}"])
@pytest.mark.parametrize("more", ["bearer = { file = 'token' }", SECRETS.splitlines()[0]])
async def test_a_secret_that_no_header_can_hold_is_known_not_to_be_sent(tmp_path, token, more):
    async with bad_server() as server:
        server.says("/do", OK)
        made = Acting(tmp_path, http(server.url("/do"), more), token=token)
        run = await made.run()
        assert (run.came, run.begun, server.connections) == ("failed", 0, 0)
        assert run.result.text.startswith("nothing was sent: ")
        assert CANARY not in run.shown


async def test_a_secret_that_is_not_there_is_not_sent_without(tmp_path):
    async with bad_server() as server:
        run = await Acting(tmp_path, http(server.url("/do"), SECRETS)).run()
        assert (run.came, server.connections) == ("failed", 0)
        assert run.result.text.startswith("nothing was sent: ")


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_secret_that_the_answer_repeats_is_told_nowhere(tmp_path, status):
    async with bad_server() as server:
        said = b"x" * 290 + CANARY.encode() + b"\nERROR of " + b"y" * 150 + CANARY.encode()
        server.says("/do", answer(said, status=status))
        more = f"{SECRETS}fails_if = 'ERROR'\n"
        url = server.url("/do?api_key=clear-81d2b&v=1")
        run = await Acting(tmp_path, http(url, more), token=CANARY).run()
        assert CANARY[:6] not in run.shown
        assert "clear-81d2b" not in run.shown
        assert server.targets() == ["/do?api_key=clear-81d2b&v=1"]
        assert "?api_key=***&v=***" in run.step.lines[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("http")


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example is a server of its own: none is made smaller."""
TAKES = "".join(f"[actions.it.parameters.{n}]\ndefault = ''\n" for n in "ab")
COUNT = "[actions.it.parameters.count]\ntype = 'integer'\n"
TABLE = """[actions.it.body]
text = "<{a}>"
b = "{b}"
n = "{count}"
s = "{count} of"
l = [ "{a}", 1, { x = "{{{b}}}" } ]
"""


@pytest.mark.trap(4, "such values in an address and a body", "what they were")
@settings(max_examples=30, phases=QUICK)
@given(EVIL, EVIL, st.integers(-(10**17), 10**17))
@example("../a/b?c#d&e=f%2F+ ", "a&b=c#d%20+/", -7)
def test_values_stay_what_they_are_in_path_query_and_json(folder, a, b, count):
    assume(a not in ("", ".", ".."))

    async def scenario():
        async with bad_server() as server:
            server.script_for = lambda heard: OK_SCRIPT
            url = server.url("/q/{a}/x?who={b}&z=1")
            run = await Acting(folder, http(url, TABLE + TAKES + COUNT)).run(
                a=a, b=b, count=str(count)
            )
            assert run.came == "succeeded"
            return server.heard[0], run

    heard, run = asyncio.run(scenario())
    path, _, query = heard.target.partition("?")
    assert heard.target.isascii()
    assert [unquote(part, errors="strict") for part in path.split("/")] == ["", "q", a, "x"]
    assert [unquote(part) for part in query.split("&")] == [f"who={b}", "z=1"]
    assert json.loads(heard.body) == {
        "text": f"<{a}>",
        "b": b,
        "n": count,
        "s": f"{count} of",
        "l": [a, 1, {"x": f"{{{b}}}"}],
    }
    assert run.step.lines[0].endswith(heard.target.replace("z=1", "z=***")), "shown is sent"


@settings(max_examples=30, phases=QUICK)
@given(EVIL, EVIL)
@example("a&b=c+%20", "=&;\n")
def test_a_form_keeps_its_fields(folder, a, b):
    async def scenario():
        async with bad_server() as server:
            server.script_for = lambda heard: OK_SCRIPT
            more = "content_type = 'application/x-www-form-urlencoded'\nbody = 'a={a}&b={b}'\n"
            await Acting(folder, http(server.url("/do"), more + TAKES)).run(a=a, b=b)
            return server.heard[0]

    body = asyncio.run(scenario()).body.decode("ascii")
    assert [unquote(part) for part in body.split("&")] == [f"a={a}", f"b={b}"]


@pytest.mark.parametrize("value", ["", ".", ".."])
async def test_a_value_that_makes_it_another_resource_is_refused(tmp_path, value):
    made = Acting(tmp_path, http("http://127.0.0.1:1/queues/{a}/jobs?b={b}", TAKES))
    with pytest.raises(ActionError, match="in a path is the address of something else"):
        await made.plan(a=value)
    run = await made.plan(a=f"{value}x", b=value)
    assert run.step.lines == (f"POST http://127.0.0.1:1/queues/{value}x/jobs?b={value}",)


async def test_cancelled_before_the_first_byte_nothing_was_sent(tmp_path):
    async with bad_server() as server:
        made = Acting(tmp_path, http(server.url("/do")))
        held, reached = asyncio.Event(), asyncio.Event()

        async def begins():
            reached.set()
            await held.wait()

        run = await made.plan()
        stage = type("Stage", (), {"begins": staticmethod(begins), "output": run.output})()
        task = asyncio.create_task(run.work.run(stage))
        await reached.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        result = run.work.cut("cancelled")
        assert (result.outcome, result.text) == ("cancelled", "nothing was sent")
        await until_async(lambda: not server.writers)
        assert server.heard == []


async def test_cancelled_after_the_first_byte_nobody_knows(tmp_path):
    async with bad_server() as server:
        server.says("/do", b"", then="silence")
        made = Acting(tmp_path, http(server.url("/do")))
        run = await made.plan()
        task = asyncio.create_task(made.run(run))
        await until_async(lambda: server.heard)
        task.cancel()
        await asyncio.wait([task])
        result = run.work.cut("cancelled")
        assert result.outcome == "unknown"
        assert result.text == "cancelled after it was sent: whether it was done, nobody knows"
        await until_async(lambda: not server.writers)
        assert (len(server.heard), server.connections) == (1, 1)


@pytest.mark.parametrize("how", ["endless", "drip"])
async def test_an_endless_or_dripping_answer_is_read_a_little(tmp_path, how):
    head = b"HTTP/1.1 400 No\r\nContent-Length: 999999999\r\n\r\n\x1b[2J\x1b]52;c;eA==\x07\n"
    more = {"endless": b"x\n" * 2048} if how == "endless" else {"drip_from": len(head) - 3}
    run, _ = await asked(tmp_path, head, "deadline = '1s'", **more)
    assert run.came == "failed"
    assert "\x1b" not in run.shown
    assert run.output.head[0].startswith("␛[2J␛]52")


@pytest.mark.parametrize(("done", "came"), [(True, "succeeded"), (False, "failed")])
async def test_by_hand_the_person_says_what_came_of_it(tmp_path, done, came):
    table = 'kind = "manual"\ntext = "Call {who}, then say so."\n[actions.it.parameters.who]\n'
    run = await Acting(tmp_path, table).run(who="Ana [/] \x1b[2J", by_hand=lambda: done)
    assert (run.came, run.begun) == (came, 1)
    assert run.by_hand == ["by hand: Call Ana [/] \x1b[2J, then say so."]
    assert tuple(run.by_hand) == run.step.lines, "what is asked is what was shown"


async def test_by_hand_and_cancelled_nobody_said_so(tmp_path):
    made = Acting(tmp_path, 'kind = "manual"\ntext = "Pull the plug."\n')
    run = await made.plan()
    for why in ("cancelled", "timed out"):
        result = run.work.cut(why)
        assert (result.outcome, result.text) == (why, "nobody said that it was done by hand")
    with pytest.raises(JournalError):
        await made.run(run, refuses=JournalError("full"))
    assert run.by_hand == [], "nobody is asked to do what is not in the journal"


async def test_a_row_in_what_is_done_by_hand_is_what_it_was(tmp_path):
    row = "[actions.it.parameters.to]\ntype = 'row'\nsource = 'deploys'\ngives = 'title'\n"
    made = Acting(tmp_path, f'kind = "manual"\ntext = "Deploy {{to}}."\n{row}')
    made.rows = (Live("42", "42 of yesterday", of="43", title="v1.2"),)
    run = await made.plan(to="42")
    assert run.step.lines == ("by hand: Deploy v1.2.",)
    assert run.step.targets[0].identity == "deploys:42"
    made.rows = ()
    with pytest.raises(ActionError, match="42 is not there any more"):
        await made.run(run)
