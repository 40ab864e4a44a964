"""Log lines grouped by their shape: what differs from one to the next becomes a mark. Pure.

Every pattern here takes time in proportion to the line, whatever stands in it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

SHAPE = 400
"""Characters of a line by which it is known."""
MOST = 5_000
"""Shapes that are told apart; further ones are counted together."""
OTHERS = "lines of other shapes"

_TIME = (
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?Z| ?[+-]\d\d:?\d\d)?"  # RFC 3339
    r"|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?"  # the common log format
    r"|\b[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d\b"  # RFC 3164
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b"
)
_TIMES = re.compile(_TIME)
_VARIES = re.compile(
    r'(?P<asked>"(?P<method>[A-Z]{3,8}) (?P<path>[^\s"?]{1,200})(?:\?[^\s"]{0,400})?'
    r' HTTP/[\d.]{1,4}" (?P<status>\d{3})\b)'
    rf"|(?P<time>{_TIME})"
    r"|(?P<uuid>\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b)"
    r"|(?P<address>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b"
    r"|\[(?=[^\]]{0,45}::|(?:[^\]:]{0,4}:){4})[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\w:])"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b)"
    r"|(?P<quoted>\"[^\"]{0,400}\"|(?<!\w)'[^']{0,400}'(?!\w)|`[^`]{0,400}`)"
    r"|(?P<hex>\b0x[0-9A-Fa-f]+\b"
    r"|\b(?=[0-9A-Fa-f]{0,63}\d)(?=[0-9A-Fa-f]{0,63}[A-Fa-f])[0-9A-Fa-f]{7,64}\b)"
    r"|(?P<id>\b(?=\w{0,63}\d)(?=\w{0,63}[A-Za-z])[A-Za-z0-9_]{16,64}\b)"
    r"|(?P<n>\d+(?:[.,]\d+)*)",
    re.ASCII,
)
_PATH = re.compile(r"(?<=/)(?:\d+|[0-9A-Fa-f-]{16,64})(?=/|$)", re.ASCII)


class Group(NamedTuple):
    """Lines of one shape: how many, the newest of them, and the times that the first and the newest
    tell, as they tell them; empty where they tell none."""

    shape: str
    number: int
    newest: str
    first_at: str = ""
    newest_at: str = ""


def shape(line: str) -> str:
    """The line with a mark for all that differs: numbers, ids, times, addresses, quoted text. Of a
    request as access logs tell it, method, path and status are kept."""
    return " ".join(_VARIES.sub(_mark, line[:SHAPE]).split())


def _mark(found: re.Match[str]) -> str:
    if found["asked"]:
        path = _PATH.sub("<n>", found["path"])
        return f"{found['method']} {path} {found['status']}"
    kind = found.lastgroup
    return "<text>" if kind == "quoted" else f"<{kind}>"


def time_in(line: str) -> str:
    """The first time that the line tells, as it tells it."""
    found = _TIMES.search(line[:SHAPE])
    return found[0] if found else ""


def grouped(lines: Iterable[str]) -> tuple[Group, ...]:
    """By shape, the most frequent first; of as many, the one that came first."""
    found: dict[str, Group] = {}
    for line in lines:
        key = shape(line)
        if key not in found and len(found) >= MOST:
            key = OTHERS
        at, known = time_in(line), found.get(key)
        if known is None:
            found[key] = Group(key, 1, line, at, at)
        else:
            found[key] = known._replace(
                number=known.number + 1,
                newest=line,
                first_at=known.first_at or at,
                newest_at=at or known.newest_at,
            )
    return tuple(sorted(found.values(), key=lambda group: -group.number))


def drawn(groups: Iterable[Group], most: int) -> list[str]:
    """A line for each group, and below it the newest of its lines."""
    lines = []
    for group in list(groups)[:most]:
        lines.append(f"{group.number:>7,} × {group.shape}")
        between = " to ".join(dict.fromkeys(filter(None, (group.first_at, group.newest_at))))
        lines.append(f"          {between}{': ' if between else ''}{group.newest.strip()}")
    return lines
