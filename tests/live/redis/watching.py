"""How the tests of the ``redis`` source ask."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.live.held import holding
from warroom.measure.redis import Queue, RedisSeen
from warroom.sources.base import Sample
from warroom.sources.redis import RedisSource

OPTIONS = ("folder", "clock", "masker", "network")


def watching(
    dsn: Any, *queues: dict[str, Any], timeout: str = "3s", **more: Any
) -> AbstractAsyncContextManager[RedisSource]:
    """A source named ``redis``, closed after the block."""
    options = {name: more.pop(name) for name in OPTIONS if name in more}
    table = {"dsn": dsn, "timeout": timeout, "queues": queues, **more}
    return holding(RedisSource, "redis", table, **options)


def seen(sample: Sample) -> RedisSeen:
    assert isinstance(sample.seen, RedisSeen)
    return sample.seen


def queue(sample: Sample, name: str) -> Queue:
    return next(each for each in seen(sample).queues if each.name == name)
