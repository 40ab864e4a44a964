"""Sidekiq's processes: which of them live, and which queues they take jobs from."""

from collections.abc import Sequence
from dataclasses import dataclass

from warroom.connect.queues.asking import part
from warroom.connect.queues.sidekiq_payload import fields
from warroom.connect.queues.talk import (
    Command,
    Look,
    Reply,
    ReplyError,
    items,
    raw,
    scanned,
    text,
    whole,
)

PROCESSES = 100
"""The most processes that are looked at."""
UNTOLD = "workers: a process does not tell which queues it takes jobs from"


@dataclass(frozen=True)
class Process:
    """One that lives: the queues it takes from, and how many jobs it had in hand at its last
    beat; None where it does not tell. A quiet one takes no new jobs."""

    queues: frozenset[str] | None
    busy: int | None
    quiet: bool


def at_work(
    prefix: str, queue: str, listed: Reply, notes: list[str]
) -> Look[tuple[int | None, int | None]]:
    """How many processes take jobs from ``queue``, and how many of its jobs they have in hand;
    ``listed`` is the reply to ``SSCAN`` of ``processes``. One round trip, or none."""
    scan = part("workers", scanned, listed, notes)
    if scan is None:
        return None, None
    names = list(dict.fromkeys(scan[0]))
    if scan[1] or len(names) > PROCESSES:
        notes.append(f"workers: there are more than the {PROCESSES} that are looked at")
        return None, None
    if not names:
        return 0, 0
    asked: list[Command] = [
        ("HMGET", prefix.encode() + name, "info", "busy", "quiet") for name in names
    ]
    replies = yield asked
    try:
        alive = [found for reply in replies if (found := _process(reply)) is not None]
    except ReplyError as error:
        notes.append(f"workers: {error}")
        return None, None
    return _of(queue, alive, notes)


def _of(queue: str, alive: Sequence[Process], notes: list[str]) -> tuple[int | None, int | None]:
    """A process does not tell its jobs in hand queue by queue: of one that serves others too
    nobody knows them."""
    if any(each.queues is None for each in alive):
        notes.append(UNTOLD)
        return None, None
    ours = [each for each in alive if each.queues is not None and queue in each.queues]
    if quiet := sum(each.quiet for each in ours):
        notes.append(f"{quiet} of {len(ours)} workers quiet: no new jobs are taken by these")
    busy = [
        each.busy for each in ours if each.queues == frozenset({queue}) and each.busy is not None
    ]
    return len(ours), sum(busy) if len(busy) == len(ours) else None


def _process(reply: Reply) -> Process | None:
    """None for one that is gone: its name stays in ``processes`` until another one tidies up.

    That its key is there tells that it lives: the key is good for a minute from each beat, by
    the server's clock. ``beat`` is by the clock of its own machine. Raises ReplyError.
    """
    told = items(reply)
    if len(told) != 3:
        raise ReplyError("not a process")
    if (info := raw(told[0])) is None:
        return None
    busy = whole(told[1])
    return Process(
        queues=_queues(info),
        busy=busy if busy is not None and busy >= 0 else None,
        quiet=text(told[2]) == "true",
    )


def _queues(info: bytes) -> frozenset[str] | None:
    """From ``queues``, and the weights in ``capsules`` where a process tells those."""
    told = fields(info)
    listed, capsules = told.get("queues"), told.get("capsules")
    named = [listed] if isinstance(listed, list) else []
    for capsule in capsules.values() if isinstance(capsules, dict) else ():
        weights = capsule.get("weights") if isinstance(capsule, dict) else None
        named += [list(weights)] if isinstance(weights, dict) else []
    if not named:
        return None
    return frozenset(name for names in named for name in names if isinstance(name, str))
