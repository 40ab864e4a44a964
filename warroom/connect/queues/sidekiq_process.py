"""Sidekiq's processes: which of them live, and which queues they take jobs from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from warroom.connect.queues.talk import Look, Reply, ReplyError, items, raw, real, whole

ALIVE = 60.0
"""Seconds since its last beat after which a process is gone (``launcher.rb``: its key expires)."""
LONGEST = 65_536
"""Bytes of what a process tells of itself that are decoded."""


@dataclass(frozen=True)
class Process:
    """One that lives: the queues it takes from, and how many jobs it has in hand."""

    queues: frozenset[str]
    busy: int

    def takes(self, queue: str) -> bool:
        return queue in self.queues

    @property
    def alone(self) -> bool:
        """Whether it takes from one queue only."""
        return len(self.queues) == 1


def processes(
    prefix: str, names: Sequence[bytes], now: float, notes: list[str]
) -> Look[list[Process] | None]:
    """Those of ``names`` that live, None when that is refused; ``now`` is the server's time
    (Unix, s)."""
    if not names:
        return []
    asked = [("HMGET", prefix.encode() + name, "info", "beat", "busy") for name in names]
    replies = yield asked
    try:
        found = [_process(reply, now) for reply in replies]
    except ReplyError as error:
        notes.append(f"workers: {error}")
        return None
    return [each for each in found if each is not None]


def _process(reply: Reply, now: float) -> Process | None:
    told = items(reply)
    if len(told) != 3:
        return None
    beat, busy = real(told[1]), whole(told[2])
    if beat is None or now - beat > ALIVE:
        return None
    return Process(_queues(raw(told[0]) or b""), max(busy or 0, 0))


def _queues(info: bytes) -> frozenset[str]:
    """From ``queues``, which 7 has, and the weights in ``capsules``, which 8 has."""
    try:
        told = msgspec.json.decode(info) if len(info) <= LONGEST else None
    except (msgspec.MsgspecError, RecursionError):
        return frozenset()
    if not isinstance(told, dict):
        return frozenset()
    found = {name for name in _listed(told.get("queues")) if isinstance(name, str)}
    capsules = told.get("capsules")
    for capsule in capsules.values() if isinstance(capsules, dict) else ():
        weights = capsule.get("weights") if isinstance(capsule, dict) else None
        found |= set(weights) if isinstance(weights, dict) else set()
    return frozenset(found)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
