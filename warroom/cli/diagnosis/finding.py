"""What was found, how bad it is, and what to type: as lines and as JSON. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any, Literal

import msgspec

from warroom.text import safe

Verdict = Literal["ok", "know", "wrong"]
"""Nothing is to be done; worth knowing; wrong."""
WORDS: dict[Verdict, str] = {"ok": "ok", "know": "know", "wrong": "WRONG"}
LONGEST = 600
"""Characters of one text that are shown."""
NARROWEST = 24
"""Columns of words beside what they are about."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. ``fix`` is what to type, or to do; of what is wrong there is
    always one."""

    what: str
    verdict: Verdict
    found: str
    fix: str = ""


class Section(msgspec.Struct, frozen=True):
    """What belongs together."""

    name: str
    findings: tuple[Finding, ...]


def ok(what: str, found: str) -> Finding:
    return Finding(what, "ok", found)


def know(what: str, found: str, fix: str = "") -> Finding:
    return Finding(what, "know", found, fix)


def wrong(what: str, found: str, fix: str) -> Finding:
    return Finding(what, "wrong", found, fix)


def count(sections: Iterable[Section], verdict: Verdict) -> int:
    """How many of them there are."""
    return sum(one.verdict == verdict for section in sections for one in section.findings)


def lines(sections: Sequence[Section], columns: int = 0) -> Iterator[str]:
    """A heading for each section, a line or more for each finding, and the sum. Words are broken
    at ``columns``, if that is given; what is to be typed is not, for it is copied."""
    findings = [one for section in sections for one in section.findings]
    width = min(max((len(one.what) for one in findings), default=0), 24)
    for section in sections:
        yield section.name.upper()
        for one in section.findings:
            yield from _finding(one, width, columns)
        yield ""
    parts = (count(sections, "wrong"), count(sections, "know"), count(sections, "ok"))
    yield "{} wrong, {} worth knowing, {} ok".format(*parts)


def _finding(one: Finding, width: int, columns: int) -> Iterator[str]:
    indent = " " * (width + 11)
    wide = max(columns - len(indent), NARROWEST) if columns else LONGEST
    kept = [safe(line, LONGEST) for line in one.found.splitlines()]
    first, *more = [part for line in kept for part in wrap(line, wide)] or [""]
    yield f"  {WORDS[one.verdict]:<5}  {safe(one.what, 60):<{width}}  {first}"
    yield from (f"{indent}{line}" for line in more)
    for line in one.fix.splitlines():
        yield f"{indent}-> {safe(line, LONGEST)}"


def as_json(sections: Iterable[Section]) -> dict[str, Any]:
    """For programs: ``wrong`` counts, and every finding by its section."""
    kept = tuple(sections)
    return {
        "wrong": count(kept, "wrong"),
        "sections": {
            section.name: [
                {
                    "what": safe(one.what, 60),
                    "verdict": one.verdict,
                    "found": safe(one.found.replace("\n", "; "), LONGEST),
                    "fix": safe(one.fix.replace("\n", "; "), LONGEST) or None,
                }
                for one in section.findings
            ]
            for section in kept
        },
    }
