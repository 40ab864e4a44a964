"""How outcomes, verdicts and grades of danger look: a sign, a word, a style. Pure."""

from warroom.console.look import Look
from warroom.incident.acting.kinds import Danger, OutcomeWord, VerdictWord
from warroom.incident.acting.runs import RunView

OUTCOMES: dict[OutcomeWord, tuple[str, str, str]] = {
    "succeeded": ("✔", "+", ".ok"),
    "failed": ("✖", "X", ".level-0"),
    "timed out": ("◷", "T", ".level-1"),
    "cancelled": ("■", "C", ".level-1"),
    "unknown": ("?", "?", ".unseen"),
}
"""By outcome: its sign, the same in ASCII, its style."""
VERDICTS: dict[VerdictWord, tuple[str, str, str]] = {
    "HELPED": ("▲", "^", ".ok"),
    "NO EFFECT": ("▬", "=", ".level-2"),
    "WORSE": ("▼", "v", ".level-0"),
    "CAN'T TELL": ("?", "?", ".unseen"),
}
DANGER_STYLES: dict[Danger, str] = {
    "mild": ".ok",
    "moderate": ".level-2",
    "severe": ".level-0",
}


def outcome(run: RunView, look: Look, *, blind: bool = False) -> tuple[str, str]:
    """How a run stands, in a word with its sign, and in what style; ``blind`` is whether nobody
    tells of those that have not ended."""
    if run.outcome is None and blind:
        return "? NO WORD OF IT", ".unseen"
    if run.outcome is None:
        word = "WAITS FOR YOU" if run.state == "waiting" else "running"
        return f"{'»' if look.unicode else '>'} {word}", ".accent"
    sign, ascii_sign, style = OUTCOMES[run.outcome]
    return f"{sign if look.unicode else ascii_sign} {run.outcome.upper()}", style


def verdict(run: RunView, look: Look) -> tuple[str, str]:
    """What the signals say of it; empty while they have not spoken."""
    if run.verdict is None:
        return "", ""
    sign, ascii_sign, style = VERDICTS[run.verdict]
    return f"{sign if look.unicode else ascii_sign} {run.verdict}", style


def arrows(text: str, look: Look) -> str:
    """Arrows where there are none to be had."""
    return text if look.unicode else text.replace("→", "->")
