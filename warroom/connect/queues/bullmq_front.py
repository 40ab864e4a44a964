"""The jobs that BullMQ's workers would take next: since when they wait, and whether they were
taken since the look before."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from warroom.connect.queues.asking import Replies
from warroom.connect.queues.bullmq_keys import Keys, seconds
from warroom.connect.queues.payloads import READ
from warroom.connect.queues.talk import Command, Reply, count, items, raw, whole

_STAMP = ("timestamp", "processedOn", "ats")
"""Fields of a job that change when it is taken, or is another one of the same id."""
_FIELDS = (*_STAMP, "atm", "attemptsMade", "deid", "opts")
_CHILDREN = (":processed", ":failed", ":unsuccessful")


@dataclass(frozen=True)
class Front:
    """One job that is first in its list or set. ``queued`` is when it came there (Unix time,
    s): None if it was there before, or waited for its children, as nobody wrote it down."""

    identity: bytes
    stamp: bytes
    queued: float | None
    deduplicated: bool

    @property
    def mark(self) -> bytes:
        return self.identity + b"\0" + self.stamp


def front_commands(keys: Keys, identity: bytes) -> dict[str, Command]:
    """The commands whose replies ``front`` wants."""
    key = keys.job(identity)
    name = identity.hex()
    return {
        f"fields {name}": ("HMGET", key, *_FIELDS),
        f"tried {name}": ("HEXISTS", key, "stacktrace"),
        f"parent {name}": ("EXISTS", *(key + more.encode() for more in _CHILDREN)),
    }


def front(identity: bytes, replies: Replies) -> Front:
    """Raises ReplyError."""
    name = identity.hex()
    told = dict(zip(_FIELDS, items(replies.get(f"fields {name}")), strict=False))
    again = any(_some(told.get(field)) for field in ("processedOn", "ats", "atm", "attemptsMade"))
    again = again or count(replies.get(f"tried {name}")) > 0
    again = again or count(replies.get(f"parent {name}")) > 0
    options = _options(told.get("opts"))
    return Front(
        identity=identity,
        stamp=_stamped([told.get(field) for field in _STAMP]),
        queued=None if again else _queued(seconds(told.get("timestamp")), options),
        deduplicated=raw(told.get("deid")) is not None,
    )


def still_command(keys: Keys, mark: bytes) -> Command:
    """What asks for the stamp of the job that ``mark`` is of."""
    return ("HMGET", keys.job(mark.partition(b"\0")[0]), *_STAMP)


def still(mark: bytes, reply: Reply) -> bool:
    """Whether the job of ``mark`` was not taken since. Raises ReplyError."""
    return mark.partition(b"\0")[2] == _stamped(items(reply))


def _stamped(fields: list[Reply]) -> bytes:
    return b"|".join((raw(field) or b"")[:40] for field in fields)


def _some(reply: Reply) -> bool:
    found = raw(reply)
    return found is not None and whole(reply) != 0


def _options(reply: Reply) -> Mapping[str, object] | None:
    """None where they cannot be read."""
    written = raw(reply)
    if written is None or len(written) > READ:
        return None
    try:
        found = msgspec.json.decode(written)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _queued(added: float | None, options: Mapping[str, object] | None) -> float | None:
    """A job that was delayed waits from the time on that it is due; one that was put first
    has others behind it that may have waited for longer."""
    if added is None or options is None or options.get("lifo"):
        return None
    delay = options.get("delay", 0)
    if isinstance(delay, int | float) and not isinstance(delay, bool) and 0 <= delay < 1e14:
        return added + delay / 1000
    return None
