"""Plans that may be confirmed: made, frozen, and kept for a minute for the one who was shown it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from warroom.actions.hand import Hand, Work
from warroom.clock import Clock
from warroom.config.actions_facts import put, undo_values
from warroom.config.actions_settings import ActionSettings, StepsAction
from warroom.config.load import Config
from warroom.errors import ActionError
from warroom.incident.acting.kinds import ActionView, phrase_of
from warroom.incident.acting.plan import LIFE, Plan
from warroom.text import safe

MOST = 200
"""Plans kept at once: more are a mistake in a script, and the oldest are let go."""


@dataclass(frozen=True)
class Held:
    """A plan, and what would run; ``until`` in monotonic seconds. ``was`` is the figure before of
    what it turns on."""

    plan: Plan
    works: tuple[Work, ...]
    settings: ActionSettings
    view: ActionView
    owner: object
    until: float
    was: float | None = None

    @property
    def undo_values(self) -> dict[str, str]:
        """The values with which the paired action takes it back."""
        return undo_values(self.settings, self.plan.values, digits(self.was))

    @property
    def detail(self) -> str:
        """From what to what: ``1 → 4``."""
        numbers = [one for one in self.view.parameters if one.type == "integer"]
        to = self.plan.values.get(numbers[0].name, "") if len(numbers) == 1 else ""
        return f"{digits(self.was)} → {to}" if self.was is not None and to else to


def digits(value: float | None) -> str:
    """A figure as it is given to an action; empty where it is not known."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.0f}" if value == int(value) else f"{value:.12g}"


class Plans:
    """Those that were shown and may still be confirmed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[tuple[int, str], Held] = {}

    def hold(self, held: Held) -> None:
        """Keep it for the one who was shown it."""
        now = self._clock.monotonic()
        self._held = {key: one for key, one in self._held.items() if one.until > now}
        while len(self._held) >= MOST:
            del self._held[next(iter(self._held))]
        self._held[id(held.owner), held.plan.digest] = held

    def take(self, owner: object, digest: str) -> Held:
        """The plan of that digest, once: it is not there a second time. Raises ``ActionError``."""
        held = self._held.pop((id(owner), digest), None)
        if held is None or held.owner is not owner:
            raise ActionError(
                "there is no such plan for this console", "look again: what is shown is what runs"
            )
        if held.until <= self._clock.monotonic():
            raise ActionError(
                f"the plan is over {LIFE:.0f} s old: the world is another one", "look again"
            )
        return held

    def others(self, owner: object, action: str) -> bool:
        """Whether somebody else has a plan of that action before them."""
        now = self._clock.monotonic()
        return any(
            one.plan.action == action and one.owner is not owner and one.until > now
            for one in self._held.values()
        )

    def clear(self) -> None:
        """Nothing that was shown may be confirmed any more: the configuration is another one."""
        self._held.clear()

    def forget(self, owner: object) -> None:
        """Whoever was shown them is gone."""
        self._held = {key: one for key, one in self._held.items() if one.owner is not owner}


def steps_of(config: Config, name: str) -> tuple[str, ...]:
    """The actions that are an action's steps; itself where it has none."""
    settings = config.actions.get(name)
    return settings.steps if isinstance(settings, StepsAction) else (name,)


async def worked_out(
    name: str,
    settings: ActionSettings,
    hands: Mapping[str, Hand],
    values: Mapping[str, str],
    actions: Mapping[str, ActionSettings],
) -> tuple[Work, ...]:
    """What an action would do now, step by step. Raises ``ActionError``."""
    steps = settings.steps if isinstance(settings, StepsAction) else (name,)
    works = []
    for step in steps:
        mine = values
        if isinstance(settings, StepsAction):
            mine = {key: values[key] for key in actions[step].parameters}
        works.append(await hands[step].plan(mine))
    return tuple(works)


def _undone(works: tuple[Work, ...]) -> str:
    """What takes it back by the steps' own words."""
    return "; ".join(work.step.undo for work in works if work.step.undo)


def _way_back(undo: ActionView | None, values: Mapping[str, str], works: tuple[Work, ...]) -> str:
    """What takes it back, with which values; one that is not known yet is asked for then."""
    if undo is None:
        return _undone(works)
    told = "".join(f" {name}={value or '?'}" for name, value in values.items())
    return f"{undo.title} ({undo.name}{told})"


def made(
    view: ActionView,
    plan: Plan,
    works: tuple[Work, ...],
    back: tuple[ActionView | None, Mapping[str, str]],
) -> Plan:
    """The plan with its steps, its phrase and its digest; ``back`` is the paired action, and with
    which values it takes this one back."""
    whole = replace(
        plan,
        steps=tuple(work.step for work in works),
        phrase=phrase_of(view, plan.environment),
        undo=_way_back(*back, works),
        notes=(*plan.notes, *(note for work in works for note in work.step.notes)),
        expects=view.expects,
        turns_on=put(view.turns_on, plan.values),
    )
    blocked = whole.blocked
    if view.danger == "severe" and not whole.environment:
        blocked = blocked or "the room has no environment to be typed: write [room] environment"
    return replace(whole, blocked=safe(blocked, 400), digest=whole.reckoned)
