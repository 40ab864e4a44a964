"""The entries of an action's run: that it began, how it ended, what came of it.

That it began is durable before anything is done; an engine that finds a begun run of another's
life writes that nobody knows.
"""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.incident.acting.kinds import Danger, OutcomeWord, VerdictWord
from warroom.incident.tagged import Tagged


class ActionStarted(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="action-started"):
    """An action was confirmed, and begins. ``lines`` and ``targets`` are what the plan showed,
    under the ``digest`` that was confirmed; ``proof`` what proved the environment."""

    run: str
    action: str
    title: str
    danger: Danger
    digest: str
    lines: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    reach: str = ""
    values: dict[str, str] = {}
    environment: str = ""
    proof: str = ""
    rights: str = ""


class Switched(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something was switched on. ``name`` is what is on, ``detail`` from what to what; ``undo`` is
    the action that switches it off, with its values; ``until`` when it should be off again, and
    ``proposes`` whether the undo is put before people then."""

    name: str
    undo: str = ""
    values: dict[str, str] = {}
    detail: str = ""
    until: datetime | None = None
    proposes: bool = False


class ActionFinished(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="action-finished"):
    """How a run ended, taken from its result. ``touched`` counts what was changed, None where that
    is not known; ``refused`` names what had changed meanwhile and was left alone; ``output`` is its
    last lines. ``seconds`` is how long it took. ``on`` is what is on now, ``off`` the names of what
    is not any more."""

    run: str
    action: str
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

    run: str
    action: str
    title: str
    verdict: VerdictWord
    text: str = ""


class StillOn(Tagged, frozen=True, kw_only=True, omit_defaults=True, tag="still-on"):
    """A person's word on something that is on: it is ``kept`` on purpose, or is ``off`` already
    (switched off by hand)."""

    name: str
    state: Literal["kept", "off"]
    text: str = ""
