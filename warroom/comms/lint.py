"""The linter: what should not stand in a message, and what should. Pure.

It never changes a text. What it finds keeps the message back until somebody gives a reason, which
is recorded: at 3 a.m. a false alarm must not be stronger than the person who reads it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice

import msgspec

from warroom.comms.lint_data import said_of_data
from warroom.comms.lint_words import Hit, LintFacts, blanks, hosts, levels, people, secrets
from warroom.incident.drafted import Finding
from warroom.incident.incident import Incident
from warroom.incident.outward import Purpose
from warroom.incident.procedures import Procedures
from warroom.incident.spans import at_words
from warroom.severity import Scale

MOST = 20
"""Findings that are told."""
ENOUGH = 200
"""Of each rule, that are looked for: more of them help nobody."""
LONGEST = 16_000
"""Characters of a message, as the journal takes it."""


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """A message, and all it is judged by. ``public`` is true where people outside the team read
    it. ``next`` is when it promises the next one."""

    text: str
    subject: str
    purpose: Purpose
    public: bool
    incident: Incident
    procedures: Procedures
    scale: Scale
    now: datetime
    next: datetime | None = None
    facts: LintFacts = LintFacts()


def lint(message: Linted) -> tuple[Finding, ...]:
    """What is wrong with it, from the top of the text down; what is of no line comes last."""
    found = [finding for rule in _RULES for finding in rule(message)]
    found.sort(key=lambda one: (one.line == 0, one.line, one.start))
    return tuple(found[:MOST])


def _empty(message: Linted) -> Iterator[Finding]:
    if not message.text.strip():
        yield Finding(rule="empty", text="there is no text")
    elif len(message.text) > LONGEST:
        count = len(message.text)
        yield Finding(rule="length", text=f"it has {count:,} characters; {LONGEST:,} is the most")


def _by_line(message: Linted) -> Iterator[Finding]:
    """What is found in single lines: of the subject, as line 0, and of the text, from 1 on. Each is
    read at once, not line by line: that takes the same time however many lines there are."""
    for first, text in ((0, message.subject), (1, message.text)):
        begins = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
        for name, words, start, end in _words(message, text):
            line = bisect_right(begins, start) - 1
            at = begins[line]
            yield Finding(rule=name, text=words, line=first + line, start=start - at, end=end - at)


def _words(message: Linted, text: str) -> Iterator[Hit]:
    """What every single word is judged by."""
    rules = [blanks(text), secrets(text)]
    if message.public:
        rules += [hosts(text, message.facts), people(text, message.facts)]
    if message.purpose not in ("customers", "status"):
        rules.append(levels(text, message.scale, message.incident.level))
    for rule in rules:
        yield from islice(rule, ENOUGH)


def _next(message: Linted) -> Iterator[Finding]:
    """While it goes on, people must know when they hear again, and the text must say it."""
    if not message.incident.open or message.purpose not in ("first", "update", "status"):
        return
    if message.next is None:
        if message.incident.level in message.procedures.cadence:
            words = f"{message.incident.level} promises a next update, and none is: n sets the time"
            yield Finding(rule="next update", text=words)
        return
    if message.next <= message.now:
        yield Finding(rule="next update", text="the next update is promised for a time now past")
    elif f"{message.next.astimezone(UTC):%H:%M}" not in message.text:
        at = at_words(message.next, message.now)
        yield Finding(rule="next update", text=f"the text does not say when: {at} is promised")


def _data(message: Linted) -> Iterator[Finding]:
    """A resolution says whether data was lost, and says what is so."""
    ends = message.purpose == "resolution" or (
        message.purpose in ("customers", "status") and not message.incident.open
    )
    if not ends:
        return
    some, none = said_of_data(message.text)
    known = message.incident.impact.data_loss
    if not none and not some:
        yield Finding(rule="data loss", text="it does not say whether data was lost")
    elif some and known is False:
        yield Finding(rule="data loss", text="it says data was lost; the impact says it was not")
    elif some:
        return  # part of it may be said to be safe beside it
    elif known:
        yield Finding(rule="data loss", text="it says no data was lost; the impact says it was")
    elif known is None:
        words = "it says that no data was lost, and nobody has noted so: /impact data loss: no"
        yield Finding(rule="data loss", text=words)


_RULES: tuple[Callable[[Linted], Iterator[Finding]], ...] = (_empty, _by_line, _next, _data)
