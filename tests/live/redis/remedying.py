"""Remedies against a real server: surveyed, applied, and applied by two at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from tests.live.redis.looking import asked
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Layout, Moment
from warroom.connect.queues.remedies.reading import FIELDS, PEEK
from warroom.connect.queues.remedies.remedy import Remedied, RemedyName, Survey, apply, survey
from warroom.connect.queues.talk import Look, Reply


def surveyed(
    server: Server,
    layout: Layout,
    remedy: RemedyName,
    stuck_for: float = 0,
    flushed: str | None = None,
) -> Survey:
    with server.client() as client:
        seconds, micros = client.time()
        version = client.info("server")["redis_version"]
    moment = Moment(
        now=seconds + micros / 1e6,
        version=tuple(int(part) for part in version.split(".")[:3]),
    )
    return asked(server, survey(layout, remedy, moment, stuck_for, flushed))


def applied(
    server: Server,
    layout: Layout,
    remedy: RemedyName,
    shown: Survey,
    run: str = "r1",
    stuck_for: float = 0,
) -> Remedied:
    return asked(server, apply(layout, remedy, shown, run, stuck_for))


def applied_late(
    server: Server,
    layout: Layout,
    remedy: RemedyName,
    shown: Survey,
    meddle: Callable[[], object],
) -> Remedied:
    """As ``applied``, but that something happens after it looked again and before it moves."""

    def between(look: Look[Remedied]) -> Look[Remedied]:
        replies: Sequence[Reply] | None = None
        while True:
            try:
                commands = next(look) if replies is None else look.send(replies)
            except StopIteration as end:
                found: Remedied = end.value
                return found
            if any(each[0] == "EVAL" and each[1] not in (PEEK, FIELDS) for each in commands):
                meddle()
            replies = yield commands

    return asked(server, between(apply(layout, remedy, shown, "r1", 0)))


def flushed(server: Server, layout: Layout, run: str = "r1") -> Remedied:
    return applied(server, layout, "flush", surveyed(server, layout, "flush"), run)


def unflushed(server: Server, layout: Layout, run: str | None = None) -> Remedied:
    shown = surveyed(server, layout, "unflush", flushed=run)
    return applied(server, layout, "unflush", shown)


def at_once(*doing: Callable[[], Any]) -> list[Any]:
    """What each comes to, all of them begun at the same moment in threads of their own."""
    gate = threading.Barrier(len(doing))
    found: list[Any] = [None] * len(doing)

    def one(number: int) -> None:
        gate.wait(20)
        found[number] = doing[number]()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
