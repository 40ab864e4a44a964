"""What may stand after a command, for completion. Pure.

Each gives whole replacements for what is left of the line; ``complete`` keeps those that begin
with what is typed.
"""

from collections.abc import Iterable

from warroom.incident.scribe import facts as facts
from warroom.incident.scribe import impact as impact
from warroom.incident.scribe import work as work
from warroom.incident.scribe.types import Piece, ScribeContext


def nothing(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return ()


def levels(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [f"{name} " for name in context.scale.names]


def statuses(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [step.name for step in context.procedures.statuses if not step.final]


def phases(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [step.name for step in context.procedures.phases]


def roles(piece: Piece, context: ScribeContext) -> Iterable[str]:
    """The role, then who takes it."""
    names = [kind.name for kind in context.procedures.roles]
    typed = piece.text.casefold()
    for name in sorted(names, key=len, reverse=True):
        if typed.startswith(f"{name.casefold()} "):
            begun = piece.text[: len(name) + 1]
            return [f"{begun}{who}" for who in ("me", *context.people, "-")]
    return [f"{name} " for name in names]


def people(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [f"{who} " for who in (*context.people, "me")]


def tasks(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [str(task.task) for task in work.open_tasks(context)]


def milestones(piece: Piece, context: ScribeContext) -> Iterable[str]:
    """Those that are not reached first."""
    reached = context.incident.milestones if context.incident is not None else {}
    names = [step.name for step in context.procedures.milestones]
    return sorted(names, key=lambda name: name in reached)


def dues(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [due.name for due in context.procedures.dues]


def resolutions(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [f"{how} " for how in context.procedures.resolutions]


def newest(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [f"{context.incident.number} "] if context.incident is not None else ()


def items(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return dict.fromkeys(item.text for _, item in work.items(context))


def title(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return [context.incident.title] if context.incident is not None else ()


def links(piece: Piece, context: ScribeContext) -> Iterable[str]:
    incident = context.incident
    return [f"{link.name} " for link in incident.links] if incident is not None else ()


def reports(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return _last_word(piece, ("support ", "customer ", "social-media ", "phone "))


def updates(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return ("next 30m ",)


def causes(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return _last_word(piece, [f"{part} " for part in facts.PARTS])


def impacts(piece: Piece, context: ScribeContext) -> Iterable[str]:
    return _last_word(piece, [f"{word} " for word in impact.WORDS])


def todos(piece: Piece, context: ScribeContext) -> Iterable[str]:
    """``@`` a person, ``#`` a sort, ``due``."""
    names = [f"@{who} " for who in context.people]
    names += [f"#{sort} " for sort in context.procedures.sorts]
    return _last_word(piece, [*names, "due "], begun=True)


def _last_word(piece: Piece, words: Iterable[str], *, begun: bool = False) -> Iterable[str]:
    """The words in the place of the last one typed; with ``begun`` only once it has begun."""
    head, tail = _split(piece.text)
    return () if begun and not tail else [f"{head}{word}" for word in words]


def _split(text: str) -> tuple[str, str]:
    tail = text.split()[-1] if text and not text[-1].isspace() else ""
    return text[: len(text) - len(tail)], tail
