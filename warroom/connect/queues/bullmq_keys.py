"""How BullMQ names its keys and its workers' connections, and how it writes times."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from warroom.connect.queues.talk import Reply, ReplyError, real, sound

MARKER = b"0:"
"""What an entry of ``wait`` begins with that is no job: it only woke the workers, until 5."""
DUE = 4096
"""A delayed job's score is the time it is due (Unix ms) times this, and a number below it."""
PRIORITY = 1 << 32
"""A prioritized job's score is its priority times this, and a number below it."""
LATEST = 2.5e14
"""Unix milliseconds that no job's time exceeds (the year 9892)."""
_CLIENT = re.compile(rb"(?:\A| )(name|cmd|db)=(\S*)")
_BLOCKS = (b"bzpopmin", b"client")


@dataclass(frozen=True)
class Keys:
    """The keys of one queue."""

    queue: str
    prefix: str

    def of(self, what: str) -> str:
        return f"{self.prefix}:{self.queue}:{what}"

    def job(self, identity: bytes, more: str = "") -> bytes:
        """A job's own key, or one beside it: ``:lock``."""
        return self.of("").encode() + identity + more.encode()


def seconds(reply: Reply) -> float | None:
    """A time in milliseconds as Unix seconds; None where there is none. Raises ReplyError."""
    found = real(reply)
    return found / 1000 if found is not None and 0 < found < LATEST else None


def workers_named(keys: Keys, reply: Reply, database: int) -> int:
    """How many workers of the queue the reply to ``CLIENT LIST`` names, in this database.
    Raises ReplyError.

    Node's name the connection they block on by the queue in base64, ``bull:bWFpbHM=``, and
    behind ``:w:`` their own name. Python's name both of theirs, by the queue as it is: one
    that never sent anything but its name since, or that blocks, is the one to count.
    """
    told = sound(reply)
    if not isinstance(told, bytes):
        raise ReplyError("not a list of clients")
    coded = base64.b64encode(keys.queue.encode()).decode()
    node, python = (f"{keys.prefix}:{name}".encode() for name in (coded, keys.queue))
    clients = (dict(_CLIENT.findall(line)) for line in told.splitlines())
    found = [each for each in clients if each.get(b"db") == b"%d" % database]
    of_node = sum(_is_of(node, each.get(b"name", b"")) for each in found)
    both = [each.get(b"cmd", b"") for each in found if _is_of(python, each.get(b"name", b""))]
    return of_node + _pairs(both)


def _is_of(base: bytes, name: bytes) -> bool:
    return name == base or name.startswith(base + b":w:")


def _pairs(commands: Sequence[bytes]) -> int:
    block = sum(command.startswith(_BLOCKS) for command in commands)
    return block or (len(commands) + 1) // 2
