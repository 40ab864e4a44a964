"""A step that a person does by hand, and says so."""

from collections.abc import Mapping, Sequence
from typing import Literal

from warroom.actions import rows
from warroom.actions.hand import Result, Stage, Tools
from warroom.config.actions_facts import put
from warroom.config.actions_settings import ManualAction
from warroom.incident.acting.kinds import Parameter
from warroom.incident.acting.plan import PlanStep


class ManualHand:
    """One ``[actions.NAME]`` of kind manual."""

    def __init__(
        self, name: str, settings: ManualAction, parameters: Sequence[Parameter], tools: Tools
    ) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._parameters = parameters

    async def plan(self, values: Mapping[str, str]) -> "ManualWork":
        picked = rows.chosen(self._parameters, values, self._tools)
        words = put(self._settings.text, rows.given(values, picked))
        step = PlanStep(
            action=self._name,
            title=self._settings.title,
            lines=(f"by hand: {words}",),
            targets=tuple(rows.target_of(one) for one in picked) or None,
            reach="; ".join(one.row.words for one in picked),
            age=max((self._tools.age(one.source) or 0.0 for one in picked), default=None),
            deadline=self._settings.deadline,
        )
        return ManualWork(step, picked, self._tools)


class ManualWork:
    """One time of it."""

    def __init__(self, step: PlanStep, picked: tuple[rows.Chosen, ...], tools: Tools) -> None:
        self.step = step
        self._picked, self._tools = picked, tools

    async def check(self) -> None:
        rows.check(self._picked, self._tools)

    async def run(self, stage: Stage) -> Result:
        await stage.begins()
        done = await stage.by_hand(self.step.lines[0])
        return Result("succeeded", "done by hand") if done else Result("failed", "not done")

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        return Result(why, "nobody said that it was done by hand")
