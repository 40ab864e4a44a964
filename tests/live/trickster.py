"""A source that does what a file tells it, brought into the engine by the strangers' door."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, ClassVar

from warroom.config.secrets import Secret, SecretField, resolve
from warroom.config.settings import SourceSettings
from warroom.errors import ProbeError
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold, Rule
from warroom.measure.snapshot import GenericSeen, Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source


class TrickSettings(SourceSettings):
    script: str = ""
    token: SecretField | None = None


class TrickSource(Source):
    kind = "trick"
    Settings: ClassVar[type[SourceSettings]] = TrickSettings

    def __init__(self, name: str, settings: TrickSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self.settings = settings
        self.count = 0

    async def sample(self) -> Sample:
        self.count += 1
        told: dict[str, Any] = json.loads(Path(self.settings.script).read_text() or "{}")
        await self._misbehave(told)
        if self.settings.token is not None:
            secret: Secret = await resolve(self.settings.token, self.context.folder)
            self.context.mask(secret)
            raise ValueError(f"refused with the token {secret.reveal()}")
        value = told.get("value", 1.0)
        seen = GenericSeen(
            faults=tuple(told.get("faults", ())), maintenance=bool(told.get("maintenance"))
        )
        signals = (
            Signal(f"{self.name}.load", float("nan") if value == "nan" else value, "ms"),
            Signal(f"{self.name}.up", 0.0 if seen.faults else 1.0),
        )
        return Sample(seen, signals, told.get("retry_after"))

    async def _misbehave(self, told: dict[str, Any]) -> None:
        if "begun" in told:
            Path(told["begun"]).touch()
        if "fail" in told:
            raise ProbeError("connect", told["fail"])
        await asyncio.sleep(told.get("slow", 0))
        if told.get("hang"):
            await asyncio.Event().wait()
        if told.get("block"):
            time.sleep(60)  # the very mistake an engine must outlive
        while told.get("cling"):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                continue

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.load": "ms", f"{name}.up": ""}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        down = ((scale.names[0], Threshold("<", 1.0)),)
        hold = Hold(polls=2)
        return (
            Rule(
                name=f"{name} is down",
                signal=f"{name}.up",
                levels=down,
                raise_after=hold,
                clear_after=hold,
            ),
        )
