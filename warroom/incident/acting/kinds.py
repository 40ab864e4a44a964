"""What an action is, as a console sees it: no secret is in it."""

from typing import Literal, get_args

import msgspec

from warroom.measure.verdict_word import Word as VerdictWord
from warroom.sharing.kinds import Ident, Name

__all__ = [
    "DANGERS",
    "ActionKind",
    "ActionView",
    "Danger",
    "OutcomeWord",
    "Parameter",
    "Rows",
    "VerdictWord",
    "phrase_of",
]

Danger = Literal["mild", "moderate", "severe"]
"""How it is confirmed: ``y``; the action's word typed; the environment's name typed."""
DANGERS: tuple[Danger, ...] = get_args(Danger)

ActionKind = Literal["command", "sql", "redis", "http", "steps", "manual"]

OutcomeWord = Literal["succeeded", "failed", "timed out", "cancelled", "unknown"]
"""``unknown``: something left, and nobody knows what came of it. It is never tried again by
itself."""

Rows = Literal["", "sessions", "queues", "items"]
"""Of what kind the live rows of a source are: a database's sessions, a server's queues, what a
command listed (deployments)."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value an action takes.

    ``default`` is None where one must be given. A ``row`` is chosen among what ``source`` shows
    now, and called by its key; ``gives`` is what of it is put in place. ``minimum`` and
    ``maximum`` bound an integer, ``longest`` is in characters; ``pattern`` is an RE2 expression
    that the whole of a string must match.
    """

    name: Ident
    title: str = ""
    type: Literal["string", "integer", "choice", "row"] = "string"
    choices: tuple[str, ...] = ()
    pattern: Ident = ""
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 200
    default: str | None = None
    source: Name = ""
    rows: Rows = ""
    gives: Literal["key", "title"] = "key"
    secret: bool = False
    """Whether its value is shown nowhere, and not written down."""

    @property
    def called(self) -> str:
        return self.title or self.name


class ActionView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A configured action. ``word`` is what is typed to confirm a moderate one; ``undo`` the
    paired action's name; ``turns_on`` what is on after it; ``roles`` who may, anybody if none;
    ``expects`` what it should move, in words. ``deadline`` and ``cooldown`` are in seconds."""

    name: Name
    title: str
    kind: ActionKind
    key: Ident = ""
    group: str = ""
    danger: Danger = "moderate"
    word: Ident = ""
    help: str = ""
    deadline: float = 60.0
    cooldown: float = 0.0
    parameters: tuple[Parameter, ...] = ()
    roles: tuple[str, ...] = ()
    undo: Name = ""
    turns_on: str = ""
    expects: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Parameter, ...]:
        """The parameters that have no value of their own."""
        return tuple(one for one in self.parameters if one.default is None)


def phrase_of(action: ActionView, environment: str) -> str:
    """What is typed to confirm it; empty for a mild one, which wants ``y``."""
    if action.danger == "mild":
        return ""
    return action.word if action.danger == "moderate" else environment
