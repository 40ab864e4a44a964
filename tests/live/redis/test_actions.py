"""A command that is sent once and no second time; what is built in for queues, by its hand."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from rq import Queue
from rq.job import Job, JobStatus

from tests.ending import ended
from tests.live.acting import Play, hand, played
from tests.live.redis.queues import filled
from tests.live.redis.servers import Server
from warroom.actions.hand import Hand
from warroom.errors import ActionError


def act(server: Server, *command: str, dsn: str = "", **more: Any) -> Hand:
    identity = more.pop("identity", {})
    parameters = {name: {"longest": 4000} for name in more.pop("takes", ())}
    table = {"kind": "redis", "command": command, "parameters": parameters, **more}
    return hand({"dsn": dsn or server.url}, table, **identity)


def calls(server: Server, command: str) -> int:
    """How often a command ran since the books were emptied, as the server counts."""
    with server.client() as client:
        books = client.info("commandstats")
    return int(books.get(f"cmdstat_{command}", {}).get("calls", 0))


async def clients(server: Server) -> list[Any]:
    """Connections that are ours, when all that go have gone."""
    ends = time.monotonic() + 2
    while True:
        with server.client() as client:
            found = [each for each in client.client_list() if each["name"] == "warroom"]
        if not found or time.monotonic() > ends:
            return found
        await asyncio.sleep(0.01)


class Deaf:
    """A proxy whose answers end at a word of the client's; ``sent`` counts how often that came."""

    def __init__(self, port: int, word: bytes, how: str) -> None:
        self._port, self._word, self._how = port, word, how
        self.port = self.sent = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Deaf"]:
        server = await asyncio.start_server(self._come, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            await ended(server)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._take(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while data := await reader.read(65_536):
                back.write(data)
                answer = await there.read(65_536)
                if self._word not in data:
                    writer.write(answer)
                    continue
                self.sent += data.count(self._word)
                if self._how != "silent":
                    break
            if self._how == "reset":
                writer.transport.abort()
        finally:
            back.close()
            writer.close()


async def test_one_command_is_sent_exactly_once(server: Server) -> None:
    work = await act(server, "INCR", "hits").plan({})
    assert calls(server, "incr") == 0
    assert work.step.lines == ("INCR hits",)
    (target,) = work.step.targets or ()
    with server.client() as client:
        run_id = client.info("server")["run_id"]
    assert target.identity == f"run id {run_id}, database 0"
    play = Play()
    result = await play.run(work)
    assert (result.outcome, result.touched, play.began) == ("succeeded", 1, 1)
    assert result.text == "answered 1"
    assert calls(server, "incr") == 1
    assert await clients(server) == []


@pytest.mark.trap(
    6, "the connection cut after a Redis command was sent", "unknown, one command at the server"
)
@pytest.mark.parametrize("how", ["end", "reset", "silent"])
async def test_a_lost_reply_is_unknown_and_nothing_is_sent_again(server: Server, how: str) -> None:
    async with Deaf(server.port, b"INCR", how).running() as proxy:
        dsn = f"redis://127.0.0.1:{proxy.port}/0"
        begun = time.monotonic()
        work = await act(server, "INCR", "hits", dsn=dsn, deadline="1s").plan({})
        result = await played(work)
        assert time.monotonic() - begun < 2.5
        assert (result.outcome, result.touched) == ("unknown", None)
        assert "it was sent" in result.text
        assert "nobody knows" in result.text
        assert proxy.sent == 1
    assert calls(server, "incr") == 1
    with server.client() as client:
        assert client.get("hits") == b"1"


async def test_stopped_after_it_was_sent_it_is_unknown_and_before_it_nothing_was(
    server: Server,
) -> None:
    async with Deaf(server.port, b"INCR", "silent").running() as proxy:
        work = await act(server, "INCR", "hits", dsn=f"redis://127.0.0.1:{proxy.port}/0").plan({})
        assert work.cut("cancelled").outcome == "cancelled"
        task = asyncio.create_task(played(work))
        while not proxy.sent:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert work.cut("cancelled").outcome == "unknown"
    assert calls(server, "incr") == 1


async def test_what_the_server_refuses_failed(server: Server) -> None:
    with server.client() as client:
        client.rpush("list", "x")
    result = await played(await act(server, "INCR", "list").plan({}))
    assert (result.outcome, result.touched) == ("failed", 0)
    assert result.text.startswith("refused: WRONGTYPE")
    # A script has done by then what it did before: how much, nobody says.
    script = "redis.call('SET', 'done', 1) return redis.call('INCR', 'list')"
    result = await played(await act(server, "EVAL", script, "0").plan({}))
    assert (result.outcome, result.touched) == ("failed", None)
    result = await played(
        await act(server, "EVAL", "return {{redis.pcall('INCR', 'list')}}", "0").plan({})
    )
    assert (result.outcome, result.touched) == ("failed", None)
    assert "WRONGTYPE" in result.text


@pytest.mark.trap(3, "a reply of Redis that is another than wanted", "failed")
async def test_the_reply_must_be_what_is_wanted(server: Server) -> None:
    for value, reply, outcome in (
        ("on", "OK", "succeeded"),
        ("on", "QUEUED", "failed"),
        ("on", "O", "failed"),
    ):
        made = act(server, "SET", "flag", value, reply=reply)
        result = await played(await made.plan({}))
        assert result.outcome == outcome, reply
    assert result.text == "answered OK, not O"
    missing = await played(await act(server, "GET", "nothing", reply=".+ing").plan({}))
    assert (missing.outcome, missing.text) == ("succeeded", "answered nothing")


HOSTILE = "'; FLUSHALL\r\n*1\r\n$8\r\nFLUSHALL\r\n {value} \x1b[2J[b]"


@pytest.mark.trap(4, "such values in a Redis command", "one argument")
async def test_a_value_is_one_argument_whatever_it_holds(server: Server) -> None:
    made = act(server, "SET", "key", "{value}", takes=["value"])
    for value in (HOSTILE, "", "a b", '"', "--", "é\u202e"):
        work = await made.plan({"value": value})
        assert all(char.isprintable() for char in work.step.lines[0])
        assert (await played(work)).outcome == "succeeded"
        with server.client() as client:
            assert client.get("key") == value.encode()
            assert client.dbsize() == 1
    # redis-py splits the first word at its spaces.
    with pytest.raises(ValidationError, match="the command itself is no value"):
        act(server, "{value}", "key", takes=["value"])


@pytest.mark.trap(16, "another Redis than was shown", "refused")
async def test_another_server_than_was_shown_is_refused(another: Callable[..., Server]) -> None:
    server = another(7)

    async def starts() -> str:
        await asyncio.to_thread(server.start)
        with server.client() as client:
            client.rpush("jobs", "a")
            return str(client.info("server")["run_id"])

    run_id = await starts()
    expected = act(server, "SET", "flag", "1", identity={"run_id": run_id})
    queue = queued(server, {"name": "jobs", "kind": "list"}, "flush")
    works = [
        await act(server, "SET", "flag", "1").plan({}),
        await queue.plan({"queue": "jobs"}),
        await expected.plan({}),
    ]
    with pytest.raises(ActionError, match=r"run_id is .*, expected 4711"):
        await act(server, "SET", "flag", "1", identity={"run_id": "4711"}).plan({})
    await asyncio.to_thread(server.stop)
    assert "nothing was sent: it cannot be reached" in (await played(works[0])).text
    await starts()
    whys = ("another server answers", "another server answers", f"expected {run_id}")
    for work, why in zip(works, whys, strict=True):
        play = Play()
        result = await play.run(work)
        assert (result.outcome, result.touched, play.began) == ("failed", 0, 0)
        assert result.text.startswith("nothing was sent: ")
        assert why in result.text
    with server.client() as client:
        assert client.keys() == [b"jobs"]


async def test_another_database_of_the_server_is_shown(server: Server) -> None:
    dsn = server.url.removesuffix("0") + "3"
    work = await act(server, "SET", "key", "1", dsn=dsn).plan({})
    assert (work.step.targets or ())[0].identity.endswith("database 3")
    await played(work)
    with server.client() as client:
        assert client.dbsize() == 0
    with server.client(db=3) as client:
        assert client.get("key") == b"1"
        client.flushdb()


async def test_a_server_that_stands_still_is_unknown_within_the_deadline(redis7: Server) -> None:
    work = await act(redis7, "INCR", "still", deadline="1s").plan({})

    async def freezes() -> None:
        redis7.freeze()

    begun = time.monotonic()
    try:
        result = await played(work, freezes)
        assert 0.9 < time.monotonic() - begun < 2
        assert result.outcome == "unknown"
    finally:
        redis7.resume()


def queued(server: Server, queue: dict[str, Any], builtin: str, **more: Any) -> Hand:
    parameters = {"queue": {"type": "row", "source": "it"}}
    table = {"kind": "redis", "builtin": builtin, "parameters": parameters, **more}
    return hand({"dsn": server.url, "queues": [queue]}, table)


PLAIN = {"name": "plain", "kind": "list", "failed": "plain:failed"}


@pytest.mark.trap(
    2, "a failed job taken by somebody else meanwhile", "left and named, the others retried"
)
async def test_failed_jobs_of_a_list_are_retried_and_one_taken_meanwhile_is_named(
    server: Server,
) -> None:
    filled(server)
    with server.client() as client:
        client.delete("plain")
        work = await queued(server, PLAIN, "retry_failed").plan({"queue": "plain"})
        assert work.step.reach == "retry 10 jobs of 10 in plain"
        assert len(work.step.targets or ()) == 10
        taken = json.dumps({"id": 4})
        assert client.lrem("plain:failed", 1, taken) == 1
        client.lpush("plain:failed", json.dumps({"id": "late"}))
        play = Play()
        result = await play.run(work)
        assert (result.outcome, result.touched, len(result.refused)) == ("succeeded", 9, 1)
        assert "gone from there since it was shown" in result.refused[0]
        assert f"left alone: {result.refused[0]}" in play.output.text
        left = [json.loads(each)["id"] for each in client.lrange("plain:failed", 0, -1)]
        assert left == ["late"]
        moved = sorted(json.loads(each)["id"] for each in client.lrange("plain", 0, -1))
        assert moved == [0, 1, 2, 3, 5, 6, 7, 8, 9]
        # A second time the same plan finds nothing of it.
        again = await played(work)
        assert (again.outcome, again.touched, len(again.refused)) == ("failed", 0, 10)
    assert await clients(server) == []


async def test_failed_jobs_of_rq_are_retried_and_one_taken_meanwhile_is_named(
    server: Server,
) -> None:
    with server.client() as client:
        queue = Queue("mail", connection=client)
        jobs = [queue.enqueue("os.getcwd", job_id=f"job{n}") for n in range(3)]
        client.delete("rq:queue:mail")
        for job in jobs:
            job.set_status(JobStatus.FAILED)
            job.ended_at = datetime.now(UTC) - timedelta(minutes=5)
            job.save()
            queue.failed_job_registry.add(job, ttl=3600)
        table = {"name": "mail", "kind": "rq"}
        work = await queued(server, table, "retry_failed").plan({"queue": "mail"})
        assert {one.identity for one in work.step.targets or ()} == {"job0", "job1", "job2"}
        queue.failed_job_registry.requeue("job1")
        result = await played(work)
        assert (result.outcome, result.touched) == ("succeeded", 2)
        assert [words.partition(":")[0] for words in result.refused] == ["job1"]
        assert sorted(queue.get_job_ids()) == ["job0", "job1", "job2"]
        assert len(queue.failed_job_registry) == 0
        assert Job.fetch("job2", connection=client).get_status() == JobStatus.QUEUED


async def test_flushed_and_brought_back(server: Server) -> None:
    filled(server)
    with server.client() as client:
        before = client.lrange("plain", 0, -1)
        work = await queued(server, PLAIN, "flush").plan({"queue": "plain"})
        assert work.step.reach == "flush 10 jobs in plain"
        assert work.step.undo.startswith("unflush, within 24 h")
        assert client.lrange("plain", 0, -1) == before
        result = await played(work)
        assert (result.outcome, result.touched) == ("succeeded", 10)
        assert client.llen("plain") == 0
        # What runs is what was shown, run name and all: no second flush can be made of it.
        client.rpush("plain", "since")
        assert (await played(work)).touched == 0
        other = await queued(server, PLAIN, "flush").plan({"queue": "plain"})
        assert other.step.lines != work.step.lines
        back = await queued(server, PLAIN, "unflush").plan({"queue": "plain"})
        result = await played(back)
        assert (result.outcome, result.touched) == ("succeeded", 10)
        assert sorted(client.lrange("plain", 0, -1)) == sorted([*before, b"since"])
        with pytest.raises(ActionError, match="nothing was flushed"):
            await queued(server, PLAIN, "unflush").plan({"queue": "plain"})
        again = await played(back)
        assert (again.outcome, again.touched) == ("failed", 0)


async def test_a_queue_that_is_not_there_or_holds_nothing(server: Server) -> None:
    made = queued(server, PLAIN, "flush")
    with pytest.raises(ActionError, match=r"there is no queue plian") as raised:
        await made.plan({"queue": "plian"})
    assert "plain" in raised.value.hint
    with pytest.raises(ActionError, match="nothing is to be done"):
        await made.plan({"queue": "plain"})
    with pytest.raises(ActionError, match="list"):
        await queued(server, PLAIN, "clear_stuck").plan({"queue": "plain"})


async def test_a_queues_script_whose_reply_is_lost_is_unknown_and_ran_once(server: Server) -> None:
    filled(server)
    async with Deaf(server.port, b"RENAME", "end").running() as proxy:
        parameters = {"queue": {"type": "row", "source": "it"}}
        table = {"kind": "redis", "builtin": "flush", "parameters": parameters}
        source = {"dsn": f"redis://127.0.0.1:{proxy.port}/0", "queues": [PLAIN]}
        work = await hand(source, table).plan({"queue": "plain"})
        result = await played(work)
        assert result.outcome == "unknown"
    with server.client() as client:
        assert client.llen("plain") == 0
        assert calls(server, "eval") == 1
        back = await queued(server, PLAIN, "unflush").plan({"queue": "plain"})
        assert (await played(back)).touched == 10
