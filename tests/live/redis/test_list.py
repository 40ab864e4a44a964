"""Plain lists: pushed and taken by the commands that Redis documents for it."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.redis.footprint import cost, same_cost
from tests.live.redis.hostile import found_in, replies
from tests.live.redis.looking import asked, looked
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Moment
from warroom.connect.queues.lists import COMPARED, SEARCHED, PlainList
from warroom.connect.queues.payloads import READ, time_in
from warroom.connect.queues.talk import Command, ReplyError

MAIL = PlainList(
    "mail", in_hand="mail:hand", failed="mail:failed", done="mail:done", time="meta.at", name="what"
)
ALLOWED = {"LLEN", "LRANGE", "LINDEX", "LPOS", "TYPE", "ZCARD", "SCARD", "HLEN", "GETRANGE"}
QUEUED = 1_700_000_000


def job(number: int, **more: Any) -> bytes:
    return json.dumps(
        {"id": number, "what": "send_mail", "meta": {"at": QUEUED + number}} | more
    ).encode()


def test_a_reliable_queue_from_its_first_job_to_its_last(server: Server) -> None:
    with server.client() as client:
        for number in range(5):
            client.lpush("mail", job(number))
        first = looked(server, MAIL)
        assert (first.depth, first.active, first.failed) == (5, 0, 0)
        assert first.oldest == QUEUED
        assert first.finished is None
        assert first.absent == ("mail:hand", "mail:failed", "mail:done")

        for _ in range(3):
            client.lmove("mail", "mail:hand", "RIGHT", "LEFT")
        for number in range(5, 12):
            client.lpush("mail", job(number))
        second = looked(server, MAIL, first)
        assert (second.depth, second.active, second.unfinished) == (9, 3, 12)
        assert second.arrived == 7
        assert second.oldest == QUEUED + 3
        assert second.head != first.head

        client.lrem("mail:hand", 1, job(0))
        client.incr("mail:done")
        client.lmove("mail:hand", "mail:failed", "RIGHT", "LEFT")
        third = looked(server, MAIL, second)
        assert (third.depth, third.active, third.failed, third.finished) == (9, 1, 1, 1)
        assert (third.arrived, third.head, third.notes) == (0, second.head, ())

        client.delete("mail", "mail:hand")
        last = looked(server, MAIL, third)
        assert (last.depth, last.unfinished, last.arrived, last.oldest) == (0, 0, None, None)
        assert last.absent == ("mail", "mail:hand")


@pytest.mark.parametrize("takes", ["left", "right"])
def test_either_end_may_be_the_one_that_jobs_are_taken_from(server: Server, takes: Any) -> None:
    layout = PlainList("q", takes=takes, time="meta.at")
    with server.client() as client:
        push, take = (
            (client.lpush, client.rpop) if takes == "right" else (client.rpush, client.lpop)
        )
        push("q", *(job(number) for number in range(SEARCHED + 4)))
        before = looked(server, layout)
        take("q")
        push("q", job(7_001), job(7_002))
        after = looked(server, layout, before)
    assert (before.oldest, after.oldest) == (QUEUED, QUEUED + 1)
    assert (after.depth, after.arrived) == (SEARCHED + 5, 2)


def test_jobs_that_look_the_same_tell_nothing_by_staying(server: Server) -> None:
    layout = PlainList("q")
    with server.client() as client:
        client.lpush("q", "refresh")
        alone = looked(server, layout)
        assert (alone.depth, alone.head, alone.tail) == (1, None, None)
        assert looked(server, PlainList("q", distinct=True)).head is not None
        client.lpush("q", "refresh")
        assert looked(server, layout).head is None
        # Three kinds in rotation: what looks as before may be other jobs altogether.
        client.delete("q")
        client.lpush("q", "a", "b", "c")
        assert (looked(server, layout).head, looked(server, layout).tail) == (None, None)
        distinct = PlainList("q", distinct=True)
        before = looked(server, distinct)
        assert before.head is not None
        client.lpush("q", "d", "c")  # as the newest was: nobody knows which of them it is
        assert looked(server, distinct, before).arrived is None
        assert looked(server, PlainList("q", payloads=False), before).head is None


def test_jobs_with_an_identity_of_their_own_are_told_apart(server: Server) -> None:
    layout = PlainList("q")
    with server.client() as client:
        client.lpush("q", '{"id": 7, "what": "refresh"}', '{"id": 8, "what": "refresh"}')
        before = looked(server, layout)
        assert None not in (before.head, before.tail)
        client.lpush("q", '{"id": 9, "what": "refresh"}')
        client.rpop("q")
        after = looked(server, layout, before)
        assert (after.depth, after.arrived) == (2, 1)
        assert after.head != before.head


@pytest.mark.parametrize(
    ("hand", "fill"),
    [
        ("list", lambda client: client.lpush("hand", "a", "b")),
        ("set", lambda client: client.sadd("hand", "a", "b")),
        ("zset", lambda client: client.zadd("hand", {"a": 1, "b": 2})),
        ("hash", lambda client: client.hset("hand", mapping={"a": 1, "b": 2})),
    ],
)
def test_jobs_in_hand_are_counted_whatever_they_are_kept_in(
    server: Server, hand: str, fill: Any
) -> None:
    with server.client() as client:
        fill(client)
        seen = looked(server, PlainList("q", in_hand="hand"))
        assert seen.active == 2, hand
        stats = client.info("errorstats")
    assert "errorstat_WRONGTYPE" not in stats, "a look leaves no errors in the server's statistics"


def test_what_failed_is_listed_by_name_and_told_on_demand(server: Server) -> None:
    with server.client() as client:
        client.lpush("mail:failed", *(job(n, secret="hunter2") for n in range(8)), b"\x80pickle")
        client.lpush("mail:failed", "same", "same")
        failures = asked(server, MAIL.failures("mails"))
        assert [found.name for found in failures] == ["", "", "", "send_mail", "send_mail"]
        assert len({found.key for found in failures}) == 5
        assert "hunter2" not in str(failures)
        told = asked(server, MAIL.job(failures[3].id))
        assert '"secret": "hunter2"' in told
        assert "queued: 2023-11-14 22:13:27" in told
        assert "not opened" in asked(server, MAIL.job(failures[2].id))
        client.lpush("mail:failed", *map(str, range(9)))
        assert "number 13 from its newest end" in asked(server, MAIL.job(failures[3].id))
        client.lpush("mail:failed", *map(str, range(30)))
        with pytest.raises(ReplyError, match="not among the newest 20 of mail:failed any more"):
            asked(server, MAIL.job(failures[0].id))
    with pytest.raises(ReplyError, match="no list of failed jobs"):
        asked(server, PlainList("q").job("x"))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1700000000.5", 1_700_000_000.5),
        ("1700000000500", 1_700_000_000.5),
        ('"1700000000500"', 1_700_000_000.5),
        ('"2023-11-14T22:13:20Z"', 1_700_000_000),
        ('"2023-11-14 22:13:20"', 1_700_000_000),
        ('"2023-11-15T00:13:20.5+02:00"', 1_700_000_000.5),
        *((none, None) for none in ("true", "null", '"soon"', "-5", "1e300", "9" * 400, '"nan"')),
        *((none, None) for none in ('"inf"', '["2023-11-14"]', '"0001-01-01T00:00:00+23:59"')),
    ],
)
def test_when_a_job_was_queued_may_be_written_in_many_ways(
    written: str, seconds: float | None
) -> None:
    payload = b'{"jobs": [{"at": %s}]}' % written.encode()
    assert time_in(payload, "jobs.0.at") == seconds
    assert time_in(payload, "jobs.1.at") is None
    assert time_in(payload, "jobs.at") is None
    assert time_in(b" " * READ + payload, "jobs.0.at") is None


def test_a_time_without_an_offset_is_utc_wherever_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("TZ", "Asia/Tokyo")
            time.tzset()
            assert time_in(b'"2023-11-14 22:13:20"', "at") is None
            assert time_in(b'{"at": "2023-11-14 22:13:20"}', "at") == QUEUED
    finally:
        time.tzset()


def test_keys_of_another_kind_cost_their_figure_and_no_more(server: Server) -> None:
    with server.client() as client:
        client.lpush("mail", "[" * 100_000, "x")
        client.set("mail:hand", "?")
        client.hset("mail:failed", "a", "b")
        client.set("mail:done", "many")
        seen = looked(server, MAIL)
        assert (seen.depth, seen.active, seen.failed, seen.finished) == (2, None, None, None)
        assert (seen.unfinished, seen.oldest) == (None, None)
        notes = "\n".join(seen.notes)
        assert "in hand: mail:hand is neither a list" in notes
        assert "failed: WRONGTYPE" in notes
        assert "finished: mail:done is not a count" in notes
        client.rename("mail:failed", "mail")
        with pytest.raises(ReplyError, match="WRONGTYPE"):
            looked(server, MAIL)


def test_a_long_queue_costs_no_more_than_a_short_one(server: Server) -> None:
    with server.client() as client:
        client.lpush("mail", *(b"%07d" % number for number in range(10)))
        client.lpush("mail:hand", "x")
    longer: Command = ("LPUSH", "mail", *(b"%07d" % number for number in range(10, 100_000)))
    distinct = replace(MAIL, distinct=True)
    spent = same_cost(server, distinct, looked(server, distinct), [longer])
    assert set(spent.commands) <= ALLOWED
    assert spent.ran == {name.lower() for name in spent.commands}
    assert len(spent.commands) == 8
    big = Counted(tail=b"x" * (COMPARED + 1))
    assert "LPOS" not in cost(server, MAIL, big).commands


@given(st.lists(replies, max_size=8), st.lists(replies, max_size=1))
def test_whatever_is_answered_the_look_holds(first: list[Any], second: list[Any]) -> None:
    before = Counted(tail=b"x")
    look = MAIL.look(Moment(now=1e9, version=(7, 0, 0), before=before))
    found = found_in(look, [first, second])
    assert found is None or found.depth is not None
    found_in(MAIL.failures("q"), [first[:1] or [None]])
    found_in(MAIL.job("00"), [[each] for each in [*first, None, None, None, None]])
