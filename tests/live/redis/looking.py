"""A layout's looks against a real server, without the source: one round trip after the other."""

import time
from typing import Any, TypeVar

import redis

from tests.live.redis.servers import Server
from warroom.connect.queues.layout import Counted, Layout, Moment
from warroom.connect.queues.talk import Command, ErrorReply, Look, Reply

T = TypeVar("T")


def asked(server: Server, look: Look[T], sent: list[Command] | None = None) -> T:
    """What ``look`` comes to; the commands it sends are added to ``sent``."""
    with server.client(protocol=2) as client:
        replies: list[Reply] | None = None
        while True:
            try:
                commands = next(look) if replies is None else look.send(replies)
            except StopIteration as end:
                found: T = end.value
                return found
            replies = [_reply(client, command) for command in commands]
            if sent is not None:
                sent += commands


def looked(
    server: Server,
    layout: Layout,
    before: Counted | None = None,
    sent: list[Command] | None = None,
) -> Counted:
    """One look at a queue, as a poll has it."""
    with server.client() as client:
        seconds, micros = client.time()
        version = client.info("server")["redis_version"]
    moment = Moment(
        now=seconds + micros / 1e6,
        version=tuple(int(part) for part in version.split(".")[:3]),
        clients=10,
        before=before,
    )
    return asked(server, layout.look(moment), sent)


def polled(server: Server, layout: Layout, wanted: Any, within: float = 20.0) -> Counted:
    """Look until ``wanted`` is true of what is found."""
    end = time.monotonic() + within
    while not wanted(found := looked(server, layout)):
        assert time.monotonic() < end, found
        time.sleep(0.02)
    return found


def _reply(client: "redis.Redis", command: Command) -> Reply:
    connection = client.connection_pool.get_connection()
    try:
        connection.send_command(*command)
        return connection.read_response()  # type: ignore[no-any-return]
    except redis.ResponseError as error:
        return ErrorReply(str(error))
    finally:
        client.connection_pool.release(connection)
