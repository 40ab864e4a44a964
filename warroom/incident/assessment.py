"""A short assessment of what is broken, and the level the team's matrix makes of it. Pure."""

import msgspec

from warroom.measure.comparison import Threshold
from warroom.severity import Level


class Assessment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody answered. None and empty mean that it was not answered.

    ``impact`` is one of the team's classes (outage, core feature down). ``share`` is the share
    of users in per cent, ``money`` what it costs in an hour, in the team's currency.
    """

    impact: str = ""
    scope: str = ""
    share: float | None = None
    regions: str = ""
    features: str = ""
    data: bool | None = None
    """Whether data or its integrity is at risk."""
    security: bool | None = None
    """Whether security is at risk."""
    money: float | None = None


class MatrixRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the matrix: all that it names must be so. ``impact`` are the classes it is for,
    empty for any; ``down`` compares the time down, in seconds."""

    level: Level
    impact: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    share: Threshold | None = None
    down: Threshold | None = None
    money: Threshold | None = None
    data: bool | None = None
    security: bool | None = None


def proposed(
    matrix: tuple[MatrixRow, ...], assessment: Assessment, down: float
) -> tuple[Level, str]:
    """The level of the first row that fits, and in words why; both empty where none does.

    ``down`` is how long it has been broken, in seconds.
    """
    for row in matrix:
        why = _fits(row, assessment, down)
        if why is not None:
            return row.level, why
    return "", ""


def _fits(row: MatrixRow, said: Assessment, down: float) -> str | None:
    """Why the row fits; None when it does not. What was not answered fits no row that asks."""
    words = []
    for wanted, answer in ((row.impact, said.impact), (row.scope, said.scope)):
        if wanted and answer not in wanted:
            return None
        if wanted:
            words.append(answer)
    for threshold, value, told in (
        (row.share, said.share, "{} % of users"),
        (row.money, said.money, "cost {} an hour"),
    ):
        if threshold is None:
            continue
        if value is None or not threshold.holds(value):
            return None
        words.append(told.format(f"{value:g}"))
    if row.down is not None:
        if not row.down.holds(down):
            return None
        words.append(f"down {row.down.words(written_span)}")
    for flag, answered, told in (
        (row.data, said.data, "data at risk"),
        (row.security, said.security, "security at risk"),
    ):
        if flag is None:
            continue
        if answered is not flag:
            return None
        words.append(told if flag else f"no {told}")
    return ", ".join(words) or "whatever it is"


def written_span(seconds: float) -> str:
    """``90 s``, ``30 min``, ``2 h``."""
    if seconds >= 3600 and seconds % 3600 == 0:
        return f"{seconds / 3600:g} h"
    if seconds >= 60 and seconds % 60 == 0:
        return f"{seconds / 60:g} min"
    return f"{seconds:g} s"
