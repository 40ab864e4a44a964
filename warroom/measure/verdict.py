"""Whether an action helped, by the signals that it should move. Pure.

Compared with the trend before it: a fault that heals by itself, as fast as it did already, was
not mended by what somebody did meanwhile.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median, median_low
from typing import Literal, NamedTuple

import msgspec

from warroom.measure.verdict_word import Word
from warroom.text import short_duration, short_figure

NEWEST = 3
"""So many readings in a row must say the same, and stand for one."""
SHARE = 0.1
"""A change is one from a tenth of the figure on."""
NOISE = 3.0
"""And from so many times on of what it strays by itself, from one reading to the next."""
RECENT = 30.0
"""Seconds whose trend goes on: a trouble that began a minute ago is no trend of the hour before."""
SURE = 6
"""So many readings in a row that say WORSE are enough to say it at once."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What an action should move: which signal, whereto, within how many seconds."""

    signal: str
    moves: Literal["up", "down"]
    within: float
    title: str = ""
    unit: str = ""

    @property
    def words(self) -> str:
        name, span = self.title or self.signal, short_duration(self.within)
        if name.endswith(".up"):  # "db.up up" tells a newcomer nothing
            return f"{name.removesuffix('.up')} is {self.moves} within {span}"
        return f"{name} {'rises' if self.moves == 'up' else 'falls'} within {span}"


class Point(NamedTuple):
    """A reading: seconds since the action began (negative before), and the figure."""

    at: float
    value: float


class Judgement(NamedTuple):
    """The word, and the figures in words."""

    word: Word
    words: str


class Before(NamedTuple):
    """The picture before: the figure and when it was that, how it moved (a second), how it
    strayed."""

    value: float
    at: float
    slope: float
    noise: float


def picture(points: Sequence[Point]) -> Before | None:
    """Of the readings before; None where there are fewer than ``NEWEST``. The trend is the line of
    Theil and Sen through the recent ones: one reading that is out of line does not tilt it."""
    points = _finite(points)
    if len(points) < NEWEST:
        return None
    # Of a source that is asked seldom few are recent; its trend goes on all the same.
    count = sum(point.at >= points[-1].at - RECENT for point in points)
    recent = points[-max(count, NEWEST + 1) :]
    slopes = [
        (b.value - a.value) / (b.at - a.at)
        for i, a in enumerate(recent)
        for b in recent[i + 1 :]
        if b.at > a.at
    ]
    steps = [abs(b.value - a.value) for a, b in pairwise(points)]
    now = _middle(points[-NEWEST:])
    return Before(now.value, now.at, median(slopes) if slopes else 0.0, median_low(steps))


def judge(
    expected: Expectation,
    before: Sequence[Point],
    after: Sequence[Point],
    *,
    over: bool,
    ended: float = 0.0,
) -> Judgement | None:
    """What the readings say; None while it is too early. Only what was read after the action had
    ``ended`` (in seconds since it began) counts. HELPED is said as soon as ``NEWEST`` readings in
    a row say so, WORSE as soon as ``SURE`` do, the rest when it is ``over``: the time given has
    passed. What was not seen in the latter half of that time, nobody can tell."""
    was, after = picture(before), _since(after, ended)
    recent = after[-NEWEST:]
    if was is None or not recent or (over and recent[-1].at < ended + expected.within / 2):
        return Judgement("CAN'T TELL", _unseen(expected, before, after)) if over else None
    words = [_word(expected, was, point) for point in after[-SURE:]]
    if len(recent) == NEWEST and set(words[-NEWEST:]) == {"HELPED"}:
        return _judgement("HELPED", expected, was, recent)
    if len(words) == SURE and set(words) == {"WORSE"}:
        return _judgement("WORSE", expected, was, recent)
    if not over:
        return None
    return _judgement(_word(expected, was, _middle(recent)), expected, was, recent)


def leaning(
    expected: Expectation, before: Sequence[Point], after: Sequence[Point], ended: float = 0.0
) -> Word:
    """What the newest reading alone would say."""
    was, after = picture(before), _since(after, ended)
    return "CAN'T TELL" if was is None or not after else _word(expected, was, after[-1])


def _finite(points: Sequence[Point]) -> Sequence[Point]:
    return [point for point in points if math.isfinite(point.value)]


def _since(points: Sequence[Point], ended: float) -> Sequence[Point]:
    return [point for point in _finite(points) if point.at >= ended]


def _middle(points: Sequence[Point]) -> Point:
    """One reading that stands for these."""
    return Point(median(point.at for point in points), median(point.value for point in points))


def _unseen(expected: Expectation, before: Sequence[Point], after: Sequence[Point]) -> str:
    """What was lacking, in words."""
    name, count = expected.title or expected.signal, len(_finite(before))
    if count < NEWEST:
        return (
            f"{name} was seen {count} times before it"
            if count
            else f"{name} was not seen before it"
        )
    if not after:
        return f"{name} was not seen after it"
    value = short_figure(after[-1].value, expected.unit)
    return f"{name} was seen last after {after[-1].at:.0f} s, {value}"


def combined(judgements: Sequence[Judgement]) -> Judgement:
    """One word for several signals: WORSE if any is, else HELPED if any is, else what there is."""
    words = {one.word for one in judgements}
    order: tuple[Word, ...] = ("WORSE", "HELPED", "NO EFFECT")
    word: Word = next((each for each in order if each in words), "CAN'T TELL")
    ordered = sorted(judgements, key=lambda one: one.word != word)
    return Judgement(word, "; ".join(one.words for one in ordered))


def _word(expected: Expectation, was: Before, point: Point) -> Word:
    sign = 1.0 if expected.moves == "up" else -1.0
    going_on = was.value + was.slope * (point.at - was.at)
    if was.value >= 0 and point.value >= 0:
        going_on = max(going_on, 0.0)
    least = max(SHARE * max(abs(was.value), abs(point.value)), NOISE * was.noise)
    gain, ahead = sign * (point.value - was.value), sign * (point.value - going_on)
    if least == 0.0 or not math.isfinite(least):
        return "NO EFFECT"
    if gain >= least and ahead >= least / 2:
        return "HELPED"
    if gain <= -least and ahead <= -least / 2:
        return "WORSE"
    return "NO EFFECT"


def _judgement(
    word: Word, expected: Expectation, was: Before, recent: Sequence[Point]
) -> Judgement:
    value = median(point.value for point in recent)
    figures = f"{short_figure(was.value, expected.unit)} → {short_figure(value, expected.unit)}"
    words = f"{expected.title or expected.signal} {figures} within {recent[-1].at:.0f} s"
    sign = 1.0 if expected.moves == "up" else -1.0
    moved = sign * (value - was.value) > SHARE * max(abs(was.value), abs(value))
    if word == "NO EFFECT" and moved and sign * was.slope > 0:
        words += ", as fast as before it"
    return Judgement(word, words)
