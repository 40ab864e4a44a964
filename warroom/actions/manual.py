"""A step that a person does by hand, and says so."""

from collections.abc import Mapping
from typing import Literal

from warroom.actions.hand import Result, Stage
from warroom.config.actions_facts import put
from warroom.config.actions_settings import ManualAction
from warroom.incident.acting.plan import PlanStep


class ManualHand:
    """One ``[actions.NAME]`` of kind manual."""

    def __init__(self, name: str, settings: ManualAction) -> None:
        self._name, self._settings = name, settings

    async def plan(self, values: Mapping[str, str]) -> "ManualWork":
        return ManualWork(
            PlanStep(
                action=self._name,
                title=self._settings.title,
                lines=(f"by hand: {put(self._settings.text, values)}",),
                deadline=self._settings.deadline,
            )
        )


class ManualWork:
    """One time of it."""

    def __init__(self, step: PlanStep) -> None:
        self.step = step

    async def check(self) -> None:
        """Nobody can tell but the person."""

    async def run(self, stage: Stage) -> Result:
        await stage.begins()
        done = await stage.by_hand(self.step.lines[0])
        return Result("succeeded", "done by hand") if done else Result("failed", "not done")

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        return Result(why, "nobody said that it was done by hand")
