"""Reading jobs in bounded pieces: so many of them, so many bytes, whatever they hold."""

from collections.abc import Sequence
from typing import Literal

from warroom.connect.queues.payloads import READ
from warroom.connect.queues.talk import Argument, Look, Reply, ReplyError, count, items

Job = tuple[bytes, bytes]
"""An element and its score as the server writes it, which is empty in a list."""
End = Literal["left", "right", "zset"]
"""From which end a list is read; a sorted set is from its lowest score on."""

BYTES = 4_000_000
"""Bytes after which no more jobs are read."""
SCANNED = 1_000
"""The most jobs that are looked at to find those that a remedy is for."""
CUT = 400
"""Bytes that are read of a field that is only shown."""

PEEK = """
local set, right = ARGV[1] == 'zset', ARGV[1] == 'right'
local most, longest, bytes = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local many = redis.call(set and 'ZCARD' or 'LLEN', KEYS[1])
local found, seen = {}, 0
for i = 0, math.min(most, many) - 1 do
    local job, score = nil, ''
    if set then
        local one = redis.call('ZRANGE', KEYS[1], i, i, 'WITHSCORES')
        job, score = one[1], one[2]
    else
        job = redis.call('LINDEX', KEYS[1], right and -1 - i or i)
    end
    seen = seen + #job
    if seen > bytes and i > 0 then break end
    found[#found + 1] = #job <= longest and job or #job
    found[#found + 1] = score
end
return {many, found}
"""
FIELDS = """
local longest, bytes = tonumber(ARGV[1]), tonumber(ARGV[2])
local names, found, seen = {unpack(ARGV, 3)}, {}, 0
for i, key in ipairs(KEYS) do
    local row = seen <= bytes and redis.pcall('HMGET', key, unpack(names)) or {}
    if row.err then row = {} end
    for j = 1, #names do
        local value = row[j]
        if value and seen + math.min(#value, longest) <= bytes then
            row[j] = string.sub(value, 1, longest)
            seen = seen + #row[j]
        else
            row[j] = false
        end
    end
    found[i] = row
end
return found
"""


def peek(key: str, end: End, most: int, longest: int = READ) -> Look[tuple[int, int, list[Job]]]:
    """How many jobs there are in ``key``, how many of them were looked at, and those from
    ``end`` on that are not too long to be moved.
    Raises ReplyError."""
    (reply,) = yield (("EVAL", PEEK, 1, key, end, most, longest, BYTES),)
    many, found = (*items(reply), None, None)[:2]
    listed = items(found)
    jobs = [
        (job, score)
        for job, score in zip(listed[::2], listed[1::2], strict=False)
        if isinstance(job, bytes) and isinstance(score, bytes) and _fits(score, end)
    ]
    return count(many), len(listed) // 2, jobs


def fields_of(
    keys: Sequence[Argument], names: Sequence[Argument], longest: int = CUT
) -> Look[list[list[bytes]]]:
    """The fields of hashes, cut to ``longest``; empty where there is none, or the key is no
    hash. Raises ReplyError."""
    if not keys or not names:
        return [[] for _ in keys]
    (reply,) = yield (("EVAL", FIELDS, len(keys), *keys, longest, BYTES, *names),)
    rows = [[_plain(each) for each in items(row)] for row in items(reply)]
    if len(rows) != len(keys) or any(len(row) != len(names) for row in rows):
        raise ReplyError("not told of all that were asked for")
    return rows


def note(looked: int, many: int, what: str) -> tuple[str, ...]:
    """What is to be said where not all were looked at."""
    return (
        (f"only the first {looked:,} of {many:,} {what} were looked at",) if looked < many else ()
    )


def shown(value: bytes) -> str:
    """One line of a field, which is outside text."""
    return " ".join(value[:CUT].decode("utf-8", "replace").split())[:120]


def _fits(score: bytes, end: End) -> bool:
    """Whether it is a number, where there are any."""
    try:
        return end != "zset" or float(score.decode("ascii")) < float("inf")
    except ValueError:
        return False


def _plain(value: Reply) -> bytes:
    return value if isinstance(value, bytes) else b""
