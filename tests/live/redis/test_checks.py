"""Checks that ask Redis: one command that only reads, on a connection of its own, sent once."""

from pathlib import Path

import pytest

from tests.live.checks.running import CANARY, Checking
from tests.live.redis.servers import Server
from tests.live.redis.test_actions import Deaf, calls, clients
from warroom.errors import ProbeError


def ask(folder: Path, server: Server, *command: str, port: int = 0, more: str = "") -> Checking:
    words = ", ".join(f'"{word}"' for word in command)
    url = server.url if not port else server.url.replace(str(server.port), str(port))
    table = f"kind = 'redis'\nsource = 'db'\ncommand = [{words}]\n{more}"
    return Checking(folder, table, f'kind = "redis"\ndsn = "{url}"')


async def test_what_it_answers_is_told_in_lines(server: Server, tmp_path: Path) -> None:
    with server.client() as client:
        client.rpush("emails", "one", "two", b"\x1b[2J\xff")
        client.set("flag", "on")
    found = await ask(tmp_path, server, "INFO", "memory").run()
    assert found.ok is None
    assert any(line.startswith("used_memory:") for line in found.lines)
    found = await ask(tmp_path, server, "LRANGE", "emails", "0", "9").run()
    assert (found.text, found.lines[:2]) == ("3 elements", ("1) one", "2) two"))
    assert "\x1b" not in found.lines[2]
    assert (await ask(tmp_path, server, "LLEN", "emails").run()).text == "3"
    assert (await ask(tmp_path, server, "GET", "flag").run()).text == "on"
    assert (await ask(tmp_path, server, "GET", "nothing").run()).text == "nothing"
    assert await clients(server) == []


async def test_an_error_is_no_good_answer(server: Server, tmp_path: Path) -> None:
    with server.client() as client:
        client.set("emails", "x")
    found = await ask(tmp_path, server, "LLEN", "emails").run()
    assert found.ok is False
    assert found.text.startswith("refused: WRONGTYPE")


async def test_a_lost_answer_is_said_and_not_asked_for_again(
    redis7: Server, tmp_path: Path
) -> None:
    async with Deaf(redis7.port, b"DBSIZE", "reset").running() as deaf:
        before = calls(redis7, "dbsize")
        with pytest.raises(ProbeError, match="db: "):
            await ask(tmp_path, redis7, "DBSIZE", port=deaf.port).run()
        assert calls(redis7, "dbsize") - before == deaf.sent == 1


async def test_one_that_is_silent_is_given_up(redis7: Server, tmp_path: Path) -> None:
    async with Deaf(redis7.port, b"DBSIZE", "silent").running() as deaf:
        checking = ask(tmp_path, redis7, "DBSIZE", port=deaf.port, more='deadline = "1s"')
        found = await checking.run()
    assert (found.ok, found.text) == (False, "no answer within 1.0 s")
    assert checking.took < 2
    assert await clients(redis7) == []


async def test_a_value_too_large_is_not_taken(redis7: Server, tmp_path: Path) -> None:
    with redis7.client() as client:
        client.set("huge", b"x" * 80_000_000)
    with pytest.raises(ProbeError, match="more came than was asked for"):
        await ask(tmp_path, redis7, "GET", "huge").run()
    with redis7.client() as client:
        client.delete("huge")


async def test_of_a_large_value_the_beginning_is_read(redis7: Server, tmp_path: Path) -> None:
    with redis7.client() as client:
        client.set("large", b"\n" * 4_000_000)
    found = await ask(tmp_path, redis7, "GET", "large").run()
    assert found.text == "4,000,000 bytes, of which the first 262,144 are read"
    with redis7.client() as client:
        client.delete("large")


async def test_a_secret_that_is_answered_is_told_nobody(redis7: Server, tmp_path: Path) -> None:
    with redis7.client() as client:
        client.set("said", f"<{CANARY}>")
    table = "kind = 'redis'\nsource = 'db'\ncommand = ['GET', 'said']\n"
    source = f'kind = "redis"\ndsn = "{redis7.url}"\nsentinel_password = {{ file = "word" }}'
    found = await Checking(tmp_path, table, source, word=CANARY).run()
    assert (found.text, found.lines) == ("<***>", ("<***>",))
