"""The entries of an action's run: that it began, how it ended, what came of it.

That it began is durable before anything is done; an engine that finds a begun run of another's
life writes that nobody knows.
"""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.incident.acting.kinds import Danger, OutcomeWord, VerdictWord
from warroom.incident.acting.plan import PlanStep, digest_of
from warroom.incident.tagged import Tagged
from warroom.sharing.kinds import Ident, Name, Person


class Switched(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something was switched on. ``name`` is what is on, ``detail`` from what to what; ``undo`` is
    the action that switches it off, with its values; ``until`` when it should be off again, and
    ``proposes`` whether the undo is put before people then. ``by`` is who switched it on, where
    somebody else writes it down."""

    name: str
    undo: Name = ""
    values: dict[str, str] = {}
    detail: str = ""
    until: datetime | None = None
    proposes: bool = False
    by: Person = ""


class ActionStarted(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="action-started"):
    """An action was confirmed, and begins. ``steps`` are what the plan showed, whole, so that the
    ``digest`` that was confirmed can be reckoned again from the entry alone; ``proof`` what proved
    the environment; ``on`` what it switches on, which may be on whatever becomes of the run."""

    run: Ident
    action: Name
    title: str
    danger: Danger
    digest: Ident
    steps: tuple[PlanStep, ...] = ()
    values: dict[str, str] = {}
    environment: Name = ""
    proof: str = ""
    on: Switched | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that was to run, a line each."""
        return tuple(line for step in self.steps for line in step.lines)

    @property
    def targets(self) -> tuple[str, ...]:
        """What it was to touch, as a person reads it."""
        found = (target for step in self.steps for target in step.targets or ())
        return tuple(f"{t.identity}: {t.words}" if t.words else t.identity for t in found)

    @property
    def reach(self) -> str:
        """What it was to touch, in words."""
        return "; ".join(step.reach for step in self.steps if step.reach)

    def digest_in(self, incident: str) -> str:
        """The digest of what this entry tells, as one of that incident: the same as ``digest``,
        or it was changed."""
        return digest_of(
            self.action, self.danger, self.environment, self.steps, self.values, incident
        )


class ActionFinished(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="action-finished"):
    """How a run ended, taken from its result. ``touched`` counts what was changed, None where that
    is not known; ``refused`` names what had changed meanwhile and was left alone; ``output`` is its
    last lines. ``seconds`` is how long it took. ``on`` is what is on now, ``off`` the names of what
    is not any more."""

    run: Ident
    action: Name
    title: str
    outcome: OutcomeWord
    text: str = ""
    seconds: float = 0.0
    touched: int | None = None
    refused: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    on: Switched | None = None
    off: tuple[str, ...] = ()


class ActionVerdict(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="action-verdict"):
    """What the signals say of a run, with figures and seconds."""

    run: Ident
    action: Name
    title: str
    verdict: VerdictWord
    text: str = ""


class StillOn(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="still-on"):
    """A person's word on something that is on: it is ``kept`` on purpose, or is ``off`` already
    (switched off by hand)."""

    name: str
    state: Literal["kept", "off"]
    text: str = ""
