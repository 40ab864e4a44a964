"""What a look costs the server: its commands, by what was sent and by the server's own books,
and the bytes of their replies."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from tests.live.redis.looking import asked, looked
from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Layout, Moment
from warroom.connect.queues.talk import Command, Look, Reply

T = TypeVar("T")

OURS = {"info", "time", "client", "config", "hello"}
"""What the tests themselves ask between two resets of the books."""


class Cost(NamedTuple):
    commands: tuple[str, ...]
    ran: frozenset[str]
    size: int


def cost(server: Server, layout: Layout, before: Counted | None = None) -> Cost:
    """One look's. A number counts for eight bytes however long it is."""
    now, version = 1_700_000_100.0, (server.version, 0, 0)
    moment = Moment(now=now, version=version, clients=10, before=before)
    replies: list[Reply] = []
    sent: list[Command] = []
    with server.client() as client:
        client.config_resetstat()
        asked(server, _overheard(layout.look(moment), replies), sent)
        books = client.info("commandstats")
    ran = {name.removeprefix("cmdstat_").partition("|")[0] for name in books}
    names = tuple(str(command[0]) for command in sent)
    return Cost(names, frozenset(ran - OURS), _size(replies))


def same_cost(server: Server, layout: Layout, short: Counted, lengthen: list[Command]) -> Cost:
    """The cost of a look, which is the same after the commands that make the queue long."""
    few = cost(server, layout, short)
    with server.client() as client:
        for command in lengthen:
            client.execute_command(*command)
    many = cost(server, layout, looked(server, layout))
    assert few == many
    return many


def _overheard(look: Look[T], heard: list[Reply]) -> Look[T]:
    replies: Sequence[Reply] | None = None
    while True:
        try:
            commands = next(look) if replies is None else look.send(replies)
        except StopIteration as end:
            found: T = end.value
            return found
        replies = yield commands
        heard += replies


def _size(reply: Reply) -> int:
    if isinstance(reply, list):
        return sum(_size(each) for each in reply)
    return len(reply) if isinstance(reply, bytes) else 8
