"""Looks at many queues, taken in step: one round trip for all of them together, in which each
command is sent once, however many looks want its reply."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from warroom.connect.queues.talk import Command, Look, Reply, ReplyError
from warroom.connect.redis.talk import Session

T = TypeVar("T")


async def in_step(session: Session, looks: Mapping[str, Look[T]]) -> dict[str, T | ReplyError]:
    """What each look comes to, or why it could not be taken. Raises LostError."""
    found: dict[str, T | ReplyError] = {}
    replies: dict[str, Sequence[Reply] | None] = dict.fromkeys(looks)
    while replies:
        asked: dict[str, Sequence[Command]] = {}
        for name, answered in replies.items():
            try:
                look = looks[name]
                asked[name] = next(look) if answered is None else look.send(answered)
            except StopIteration as end:
                found[name] = end.value
            except ReplyError as error:
                found[name] = error
        wanted = dict.fromkeys(each for commands in asked.values() for each in commands)
        came = dict(zip(wanted, await session.ask([*wanted]), strict=True))
        replies = {name: [came[each] for each in commands] for name, commands in asked.items()}
    return found


async def one(session: Session, look: Look[T]) -> T:
    """What one look comes to. Raises ReplyError, LostError."""
    found = (await in_step(session, {"": look}))[""]
    if isinstance(found, ReplyError):
        raise found
    return found
