"""The resolve gate on the screen: every condition, met or not. Pure."""

from collections.abc import Sequence

from textual.content import Content

from warroom.console.incident.rows import Row
from warroom.console.look import Look
from warroom.incident.gate import Condition
from warroom.text import safe

LABEL = 8
"""Cells of sign and word before a condition."""


def gate_rows(conditions: Sequence[Condition] | None, look: Look) -> list[Row]:
    """What is not met comes first; None while the engine has not said."""
    if conditions is None:
        return [Row(Content.assemble(("Asking the engine what must be so.", ".dim")))]
    if not conditions:
        return [Row(Content.assemble(("Nothing is asked for: this team has no gate.", ".dim")))]
    ordered = sorted(conditions, key=lambda condition: condition.met)
    return [_condition(condition, look) for condition in ordered]


def _condition(condition: Condition, look: Look) -> Row:
    met, unmet = ("✔ met", "✖ NOT") if look.unicode else ("+ met", "X NOT")
    word, style = (met, ".ok") if condition.met else (unmet, ".level-0")
    name = look.plain(safe(condition.name, 80))
    words = look.plain(safe(f"  {condition.words}", 300)) if condition.words else ""
    return Row(
        Content.assemble(
            (word.ljust(LABEL), style), (name, "" if condition.met else ".strong"), (words, ".dim")
        ),
        indent=LABEL,
    )


def unmet(conditions: Sequence[Condition] | None) -> tuple[Condition, ...]:
    """Those that are not met, as far as is known."""
    return tuple(condition for condition in conditions or () if not condition.met)


def refusal(conditions: Sequence[Condition]) -> str:
    """Why Enter does not resolve, and what would."""
    names = ", ".join(safe(condition.name, 60) for condition in conditions)
    return (
        f"Not resolved: {names}. Mend it, or say in the last field why it is over all the same; "
        "that is recorded."
    )
