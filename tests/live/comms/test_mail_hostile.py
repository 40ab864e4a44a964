"""What mail servers do that nobody wishes for, and what a mail may not become."""

import asyncio
import contextlib

import pytest

from tests.ending import ended
from tests.live.bad_server import black_hole
from tests.live.comms.receiving import CANARY, Begun, mail_server, outgoing, sender
from tests.live.comms.test_mail import TABLE, made


@contextlib.asynccontextmanager
async def scripted(*replies):
    """A server that greets, and answers line after line with the next reply, whatever is said;
    ``None`` ends the connection. Gives its port and what it heard."""
    heard = []
    tasks = set()

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            for reply in replies:
                if reply is None:
                    break
                writer.write(reply)
                await writer.drain()
                line = await reader.readline()
                heard.append(line)
                if reply.startswith(b"354"):
                    while line not in (b".\r\n", b""):
                        line = await reader.readline()
                        heard.append(line)
            else:
                await reader.read()
        except OSError:
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        await ended(server)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def one_at(folder, port, more="", tls="none", **secrets):
    table = TABLE.format(host="127.0.0.1", port=port, tls=tls, more=more)
    return sender(folder, table, **secrets)[0]


OKS = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")


@pytest.mark.parametrize(
    "last",
    [b"garbage\r\n", b"350 hm\r\n", b"-12 x\r\n", b"199 x\r\n", b"200 x\r\n", b"x" * 40_000],
    ids=range(6),
)
async def test_an_answer_to_the_mail_that_says_nothing_leaves_it_unknown(tmp_path, last):
    async with scripted(*OKS, last) as (port, heard):
        outcome = await one_at(tmp_path, port, 'deadline = "2s"').send(outgoing(), Begun())
        assert b".\r\n" in heard
        assert outcome.state == "unknown"


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ((b"SSH-2.0-OpenSSH_9.2\r\n",), "waiting"),
        ((b"421 busy\r\n",), "waiting"),
        ((b"554 not here\r\n",), "failed"),
        ((None,), "waiting"),
        ((*OKS[:1], None), "waiting"),
        ((*OKS[:2], None), "waiting"),
        ((*OKS[:3], b"450 later\r\n", b"550 no\r\n"), "waiting"),
        ((*OKS[:3], b"550 no\r\n", b"450 later\r\n"), "waiting"),
        ((*OKS[:3], b"550 no\r\n", b"550 no\r\n"), "failed"),
        ((*OKS[:5], b"451 not now\r\n"), "waiting"),
        ((*OKS[:5], b"554 no\r\n"), "failed"),
        ((*OKS[:5], None), "unknown"),
        ((*OKS, None), "unknown"),
        ((*OKS, b"250 caf\xe9 \x1b[2J\r\n"), "sent"),
    ],
)
async def test_however_it_ends(tmp_path, replies, state):
    async with scripted(*replies) as (port, _):
        outcome = await one_at(tmp_path, port, 'deadline = "2s"').send(outgoing(), Begun())
        assert outcome.state == state, outcome.text
        outcome.text.encode()
        assert "\x1b" not in outcome.text


@pytest.mark.parametrize("text", ["längst\n.\n", "a\n.\nFrom me\n" + "w" * 3000 + "\r\n.\r\n😀"])
async def test_what_goes_over_the_line_is_ascii(tmp_path, text):
    async with scripted(*OKS, b"250 ok\r\n") as (port, heard):
        await one_at(tmp_path, port).send(outgoing(text=text, subject="ü" * 150), Begun())
        assert all(line.isascii() for line in heard)
        assert max(map(len, heard)) <= 1000
        assert all(line.endswith(b"\r\n") for line in heard if line)
        assert heard.count(b".\r\n") == 1
        assert heard[0] == b"EHLO [127.0.0.1]\r\n"


async def test_packets_that_are_dropped_are_not_waited_for(tmp_path):
    with black_hole() as port:
        outcome = await one_at(tmp_path, port, 'deadline = "1s"').send(outgoing(), Begun())
        assert outcome.state == "waiting"


@pytest.mark.parametrize("tls", ["tls", "none"])
async def test_silence_ends_at_the_deadline_and_nothing_is_left(tmp_path, tls):
    async with scripted(b"") as (port, _):
        outcome = await one_at(tmp_path, port, 'deadline = "1s"', tls).send(outgoing(), Begun())
        assert outcome.state == "waiting"


@pytest.mark.parametrize("error", [TimeoutError, OSError, ValueError])
async def test_whatever_the_door_says_comes_out(tmp_path, error):
    async with mail_server() as box:
        with pytest.raises(error):
            await made(tmp_path, box).send(outgoing(), Begun(error))
        assert box.mails == []


async def test_a_password_that_is_repeated_is_not_told(tmp_path):
    async with mail_server(password=CANARY, answers={"DATA": f"554 you with {CANARY}"}) as box:
        more = 'username = "war"\npassword = { file = "word" }'
        outcome = await made(tmp_path, box, more=more, word=CANARY).send(outgoing(), Begun())
        assert outcome.state == "failed"
        assert CANARY not in outcome.text


async def test_no_tls_is_no_matter_of_certificates(tmp_path):
    async with scripted(b"220 a greeting in plain words\r\n") as (port, _):
        outcome = await one_at(tmp_path, port, tls="tls").send(outgoing(), Begun())
        assert outcome.state == "waiting"
        assert "no TLS with 127.0.0.1: wrong version number" in outcome.text
