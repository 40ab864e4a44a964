"""What a declaration is made of: an assessment from fields, a level and a start proposed. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec
from textual.content import Content

from warroom.console.incident.rows import Row
from warroom.console.incident.times import ago
from warroom.console.look import Look, style_of
from warroom.console.state import RoomState
from warroom.incident.assessment import Assessment, MatrixRow, proposed, written_span
from warroom.measure.past import Onset, Past
from warroom.severity import Level, Scale, Step
from warroom.text import safe
from warroom.zone import IN_UTC, Zone, both

_FLAGS = {"yes": True, "no": False}
_TIMES = {"k": 1e3, "m": 1e6}
LABEL = 11
"""Cells of a label, as wide as those of the fields."""


class WrongFieldError(ValueError):
    """A field holds what it cannot; ``field`` names it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def amount(text: str) -> float | None:
    """What was typed as a number: ``25``, ``25 %``, ``12k``, ``$ 12,000``; None for nothing.

    Raises ``ValueError`` that says what is wrong.
    """
    bare = text.strip().lower().replace(",", "").strip("%$€£ ")
    if not bare:
        return None
    try:
        value = float(bare.rstrip("km").strip()) * _TIMES.get(bare[-1], 1.0)
    except ValueError:
        raise ValueError(f"{text.strip()[:20]!r} is no number: write 25, 12k or 1.5m") from None
    if not 0 <= value < 1e15:
        raise ValueError(f"{text.strip()[:20]!r} is not an amount that can be")
    return value


def assessment_of(fields: Mapping[str, str]) -> Assessment:
    """The answers as they stand in the fields; raises ``WrongFieldError``."""
    found: dict[str, float | None] = {}
    for name in ("share", "money"):
        try:
            found[name] = amount(fields.get(name, ""))
        except ValueError as error:
            raise WrongFieldError(name, str(error)) from None
    share = found["share"]
    if share is not None and share > 100:
        raise WrongFieldError("share", f"{share:g} % is more than all users")
    return Assessment(
        impact=fields.get("impact", ""),
        scope=fields.get("scope", ""),
        share=share,
        regions=fields.get("regions", "").strip(),
        features=fields.get("features", "").strip(),
        data=_FLAGS.get(fields.get("data", "")),
        security=_FLAGS.get(fields.get("security", "")),
        money=found["money"],
    )


class Proposal(msgspec.Struct, frozen=True):
    """A level, whose it is, and why."""

    level: Level
    by: Literal["matrix", "board", ""] = ""
    why: str = ""


def proposal(
    matrix: tuple[MatrixRow, ...], said: Assessment, down: float, state: RoomState
) -> Proposal:
    """What the matrix makes of the answers, else the board's worst level if it is a step."""
    level, why = proposed(matrix, said, down)
    if level:
        return Proposal(level, "matrix", why)
    if state.scale.index(state.worst) is not None:
        return Proposal(state.worst, "board", state.room.cause if state.room else "")
    return Proposal("")


def first_lasting(past: Past, scale: Scale) -> Onset | None:
    """The first trouble that lasts: of a figure that is bad, else of what cannot be seen."""
    lasting = [onset for onset in past.onsets if onset.until is None]
    reds = [onset for onset in lasting if scale.index(onset.level) is not None]
    return min(reds or lasting, key=lambda onset: onset.at, default=None)


def onset_words(onset: Onset, state: RoomState) -> str:
    """``the first red: api error rate``."""
    source = state.named(onset.source)
    title = source.title if source is not None else onset.source
    if not onset.source:
        return "when the room was cut off"
    if not onset.signal:
        return f"when {safe(title, 40)} was not seen any more"
    return f"the first red: {safe(onset.rule or onset.signal, 60)}"


def level_rows(step: Step, scale: Scale, look: Look, label_cells: int = LABEL) -> list[Row]:
    """What a level means and asks of people: the most urgent first."""
    name = f"{look.sign(step.name, scale)} {look.plain(safe(step.name, 20))} "
    lead = (name.ljust(label_cells), style_of(step.name, scale))
    meaning = look.plain(safe(step.meaning))
    rows = [Row(Content.assemble(lead, meaning), indent=label_cells)]
    respond = f"within {written_span(step.response)}" if step.response else ""
    for label, words in (
        ("At once", "; ".join(step.first)),
        ("Respond", ", ".join(part for part in (respond, step.cover) if part)),
        ("Tell", ", ".join(step.told)),
        ("Such as", ", ".join(step.examples)),
    ):
        if words:
            shown = look.plain(safe(words))
            lead = (label.ljust(label_cells), ".dim")
            rows.append(Row(Content.assemble(lead, shown), indent=label_cells))
    return rows


def no_level_rows(look: Look) -> list[Row]:
    """What it means to have given none."""
    words = "No level yet: you will be reminded. Answer what is broken, or choose one."
    return [Row(Content.assemble((words, ".dim")))]


def started_words(
    typed: datetime | str,
    onset: Onset | None,
    state: RoomState,
    now: datetime,
    zone: Zone = IN_UTC,
) -> str:
    """What the start that was typed means: how long ago, and where it comes from; or what is
    wrong with it."""
    if isinstance(typed, str):
        return typed
    day = "" if typed.date() == now.date() else f"{typed:%Y-%m-%d}, "
    own = "" if zone.utc else f"{both(typed, zone, now)}, "
    words = f"{own or day}{ago(typed, now)}"
    if onset is not None and abs((onset.at - typed).total_seconds()) < 1:
        return f"{words}: {onset_words(onset, state)}"
    return words


def proposed_words(found: Proposal, state: RoomState, look: Look, *, touched: bool) -> Content:
    """What the matrix proposes and why, and the board's worst level beside it."""
    scale = state.scale
    board = f"{look.sign(state.worst, scale)} {state.worst}"
    cause = state.room.cause if state.room else ""
    seen = [
        ("As the board has it: " if found.by == "board" and not touched else "The board: ", ".dim"),
        (board, style_of(state.worst, scale)),
    ]
    if cause:
        seen.append((f" {look.plain(safe(cause, 120))}", ".dim"))
    if found.by != "matrix":
        return Content.assemble(*seen)
    lead = "Would be: " if touched else "As assessed: "
    return Content.assemble(
        (lead, ".dim"),
        (look.plain(safe(found.level, 20)), style_of(found.level, scale)),
        (f" {look.plain(safe(found.why, 80))}   ", ".dim"),
        *seen,
    )
