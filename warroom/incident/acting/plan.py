"""A plan: what exactly would run now, and on what. It is frozen, and has one digest."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from warroom.incident.acting.kinds import Danger
from warroom.sharing.kinds import Ident, Line, Name

LIFE = 60.0
"""Seconds in which a plan must be confirmed; after that the world is another one."""


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing a step touches: ``identity`` tells it from all others at all times (pid and
    backend_start, run id and database), ``words`` is how a person knows it."""

    identity: str
    words: str = ""


class PlanStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one action does.

    ``lines`` are the exact argument list, statement or request, with secrets by reference.
    ``targets`` are what it touches and nothing else; None where it has no such list. ``reach``
    says it in words (``3 sessions of 41``). ``rights`` is as whom it is done, ``proof`` what the
    connection itself says of where it goes. ``age`` is how many seconds old the newest reading is
    that the plan rests on; None where it was read for it. ``undo`` says what takes it back by
    itself, ``notes`` what is to be known before.
    """

    action: Name
    title: str
    lines: tuple[Line, ...]
    targets: tuple[Target, ...] | None = None
    reach: str = ""
    rights: str = ""
    proof: str = ""
    age: float | None = None
    deadline: float = 0.0
    undo: str = ""
    notes: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What would run. ``digest`` is the SHA-256 of what of it is done: action, danger, environment,
    steps with their lines and targets, values, incident.

    ``proof`` says in words whether a connection proved the environment; ``blocked`` why it cannot
    be confirmed, and is empty when it can; ``notes`` what a person should know before. ``undo``
    says in words what takes it back, and is empty where nothing does. ``phrase`` is what must be
    typed.
    """

    action: Name
    title: str
    danger: Danger
    environment: Name
    phrase: Ident = ""
    proof: str = ""
    steps: tuple[PlanStep, ...] = ()
    values: dict[str, str] = {}
    incident: Ident = ""
    undo: str = ""
    turns_on: str = ""
    expects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: str = ""
    made: datetime | None = None
    expires_s: float = LIFE
    digest: Ident = ""

    @property
    def reckoned(self) -> str:
        """The digest, reckoned from what it is of."""
        return digest_of(
            self.action, self.danger, self.environment, self.steps, self.values, self.incident
        )

    @property
    def reach(self) -> str:
        """What it touches, in words."""
        return "; ".join(step.reach for step in self.steps if step.reach)

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that runs, a line each."""
        return tuple(line for step in self.steps for line in step.lines)

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(target for step in self.steps for target in step.targets or ())


_encoder = msgspec.json.Encoder(order="deterministic")


def digest_of(
    action: str,
    danger: Danger,
    environment: str,
    steps: Iterable[PlanStep],
    values: Mapping[str, str],
    incident: str,
) -> str:
    """The SHA-256, in hex, of what is shown, run and journalled. How old the readings are is not
    in it."""
    ageless = [msgspec.structs.replace(step, age=None) for step in steps]
    parts = (action, danger, environment, ageless, dict(values), incident)
    import hashlib  # OpenSSL, which a first frame does without

    return hashlib.sha256(_encoder.encode(parts)).hexdigest()
