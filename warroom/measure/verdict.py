"""Whether an action helped, by the signals that it should move. Pure.

Compared with the trend before it: a fault that heals by itself, as fast as it did already, was
not mended by what somebody did meanwhile.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Literal, NamedTuple

import msgspec

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

Word = Literal["HELPED", "NO EFFECT", "WORSE", "CAN'T TELL"]


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What an action should move: which signal, whereto, within how many seconds."""

    signal: str
    moves: Literal["up", "down"]
    within: float
    title: str = ""
    unit: str = ""

    @property
    def words(self) -> str:
        return f"{self.title or self.signal} {self.moves} within {short_duration(self.within)}"


class Point(NamedTuple):
    """A reading: seconds since the action ended (negative before), and the figure."""

    at: float
    value: float


class Judgement(NamedTuple):
    """The word, and the figures in words."""

    word: Word
    words: str


class Before(NamedTuple):
    """The picture before: the figure, how it moved (a second), how it strayed."""

    value: float
    slope: float
    noise: float


def picture(points: Sequence[Point]) -> Before | None:
    """Of the readings before; None where there is none. The trend is the line of Theil and Sen
    through the recent ones: one reading that is out of line does not tilt it."""
    if not points:
        return None
    value = median(point.value for point in points[-NEWEST:])
    recent = [point for point in points if point.at >= points[-1].at - RECENT]
    slopes = [
        (b.value - a.value) / (b.at - a.at)
        for i, a in enumerate(recent)
        for b in recent[i + 1 :]
        if b.at > a.at
    ]
    slope = median(slopes) if len(recent) > NEWEST and slopes else 0.0
    steps = [abs(b.value - a.value) for a, b in pairwise(points)]
    return Before(value, slope, median(steps) if steps else 0.0)


def judge(
    expected: Expectation, before: Sequence[Point], after: Sequence[Point], *, over: bool
) -> Judgement | None:
    """What the readings say; None while it is too early. HELPED is said as soon as ``NEWEST``
    readings in a row say so, WORSE as soon as ``SURE`` do, the rest when it is ``over``: the time
    given has passed."""
    was = picture(before)
    recent = after[-NEWEST:]
    if was is None or not recent:
        lacks = "before" if was is None else "after"
        name = expected.title or expected.signal
        return Judgement("CAN'T TELL", f"{name} was not seen {lacks} it") if over else None
    words = [_word(expected, was, point) for point in after[-SURE:]]
    if len(recent) == NEWEST and set(words[-NEWEST:]) == {"HELPED"}:
        return _judgement("HELPED", expected, was, recent)
    if len(words) == SURE and set(words) == {"WORSE"}:
        return _judgement("WORSE", expected, was, recent)
    if not over:
        return None
    now = Point(recent[-1].at, median(point.value for point in recent))
    return _judgement(_word(expected, was, now), expected, was, recent)


def leaning(expected: Expectation, before: Sequence[Point], after: Sequence[Point]) -> Word:
    """What the newest reading alone would say."""
    was = picture(before)
    return "CAN'T TELL" if was is None or not after else _word(expected, was, after[-1])


def combined(judgements: Sequence[Judgement]) -> Judgement:
    """One word for several signals: WORSE if any is, else HELPED if any is, else what there is."""
    words = {one.word for one in judgements}
    order: tuple[Word, ...] = ("WORSE", "HELPED", "NO EFFECT")
    word: Word = next((each for each in order if each in words), "CAN'T TELL")
    ordered = sorted(judgements, key=lambda one: one.word != word)
    return Judgement(word, "; ".join(one.words for one in ordered))


def _word(expected: Expectation, was: Before, point: Point) -> Word:
    sign = 1.0 if expected.moves == "up" else -1.0
    going_on = was.value + was.slope * point.at
    if was.value >= 0:
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
