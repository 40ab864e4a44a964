"""``[[sources.NAME.queues]]``: which queue, in which layout, and when it is stuck."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from warroom.config.settings import Settings
from warroom.config.types import Duration
from warroom.connect.queues.arq import Arq
from warroom.connect.queues.bullmq import Bullmq
from warroom.connect.queues.celery import Celery
from warroom.connect.queues.layout import Layout
from warroom.connect.queues.lists import PlainList
from warroom.connect.queues.rq import Rq
from warroom.connect.queues.sidekiq import Sidekiq
from warroom.connect.queues.streams import PlainStream
from warroom.connect.queues.zsets import PlainZset

Kind = Literal["list", "stream", "zset", "bullmq", "rq", "celery", "sidekiq", "arq"]

_NAME = re.compile(r"[a-z][a-z0-9_-]*\Z")
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "list": ("takes", "in_hand", "failed", "done", "time", "job_name", "payloads", "distinct"),
    "stream": ("group",),
    "zset": ("score",),
    "bullmq": ("prefix",),
    "rq": (),
    "celery": ("prefix",),
    "sidekiq": ("prefix",),
    "arq": (),
}
"""Which options belong to which kind, beside those that all have."""


def _queue_name(value: str) -> str:
    if not _NAME.match(value):
        raise ValueError("a queue's name is of a-z, 0-9, _ and -, such as emails")
    return value


class QueueSettings(Settings):
    """One queue of a Redis server."""

    name: Annotated[str, AfterValidator(_queue_name)] = Field(
        max_length=40, description="what it is called here: emails"
    )
    kind: Kind = Field(description="whose layout: a plain list, stream or zset, or a library's")
    queue: str | None = Field(
        None,
        min_length=1,
        max_length=400,
        description="its key, or its name in the library, if that is not name",
    )
    prefix: str | None = Field(
        None, max_length=200, description="bullmq, celery, sidekiq: what all its keys begin with"
    )
    takes: Literal["left", "right"] | None = Field(
        None, description="list: the end the next job is taken from; right if not given"
    )
    in_hand: str | None = Field(
        None, description="list: key of what is in hand: a list, set, sorted set or hash"
    )
    failed: str | None = Field(None, description="list: key of the list of failed jobs")
    done: str | None = Field(None, description="list: key of a counter of finished jobs")
    time: str | None = Field(
        None, description="list: path in the JSON payload to when the job was queued"
    )
    job_name: str | None = Field(
        None, description="list: path in the JSON payload to what the job is called"
    )
    payloads: bool | None = Field(None, description="list: false reads lengths, and no element")
    distinct: bool | None = Field(None, description="list: true where no two payloads are equal")
    group: str | None = Field(
        None, description="stream: the consumer group; the one furthest behind if not given"
    )
    score: Literal["time", "time_ms", "priority"] | None = Field(
        None, description="zset: what the score is: Unix time (s, ms) or a priority"
    )
    stuck: str | None = Field(
        None, description='step of the scale that stuck means; the second if not given, or "none"'
    )
    stuck_after: Duration = Field(
        90.0, description="how long jobs may wait and none be finished, before it is stuck"
    )

    @property
    def tells_work(self) -> bool:
        """Whether it can be told that jobs are finished. Of a plain list only if its jobs are
        told apart, or are counted."""
        return self.kind != "list" or bool(self.time or self.done or self.distinct)

    @model_validator(mode="after")
    def _own_options(self) -> "QueueSettings":
        every = {option for options in _OPTIONS.values() for option in options}
        given = {option for option in every if getattr(self, option) is not None}
        for option in sorted(given - set(_OPTIONS[self.kind])):
            of = ", ".join(kind for kind, options in _OPTIONS.items() if option in options)
            raise ValueError(f"{option} is an option of {of}, and not of {self.kind}")
        return self

    def layout(self) -> Layout:
        """The queue in its layout."""
        options = {
            _CALLED.get(option, option): value
            for option in _OPTIONS[self.kind]
            if (value := getattr(self, option)) is not None
        }
        return _MADE[self.kind](self.queue or self.name, **options)


_CALLED = {"job_name": "name"}
_MADE: Mapping[str, Callable[..., Layout]] = {
    "list": PlainList,
    "stream": PlainStream,
    "zset": PlainZset,
    "bullmq": Bullmq,
    "rq": Rq,
    "celery": Celery,
    "sidekiq": Sidekiq,
    "arq": Arq,
}


def names_twice(queues: tuple[QueueSettings, ...]) -> list[str]:
    """The names that several of them have."""
    names = [queue.name for queue in queues]
    return sorted({name for name in names if names.count(name) > 1})
