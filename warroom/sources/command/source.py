"""One command: run at each poll, without a shell, and what it prints and returns.

A check says by its exit status whether all is well, and is DOWN when it says no. Any other
command that does not end as it should has told nothing: that is CAN'T SEE.
"""

import asyncio
import os
from collections.abc import Mapping
from signal import Signals
from typing import ClassVar

from warroom.config.settings import SourceSettings
from warroom.connect import threads
from warroom.connect.last_run import LastRun
from warroom.connect.process import Finished, last_line, run
from warroom.connect.program import environment
from warroom.connect.unanswered import Unanswered
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.command import CommandSeen
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold, Rule
from warroom.measure.snapshot import Signal
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.command.deployments import Deployments, age, newest_failed
from warroom.sources.command.meanings import MEANINGS
from warroom.sources.command.reading import Reading, read
from warroom.sources.command.settings import CommandSettings
from warroom.sources.command.variables import Variables
from warroom.sources.down import NO_RULE, down_rules, step
from warroom.sources.known import as_signals
from warroom.text import mask_urls, short_duration

_LEAST = 0.05
"""Seconds a command is given at the least, however long its secrets took."""
_SOON = 0.1
"""Seconds for secrets that are not counted: the engine is that patient, and the words for a
command that is late are the same each time."""


class CommandSource(Source):
    """Runs one command at each poll."""

    kind = "command"
    Settings: ClassVar[type[SourceSettings]] = CommandSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._declared = self.signals(name, settings)
        self._variables = Variables(self._settings, context.clock, context.folder, context.mask)
        self._last = LastRun()
        self._deployments = Deployments()
        self._unanswered = Unanswered()

    async def sample(self) -> Sample:
        """Run it once, within the source's deadline. Raises ProbeError when it told nothing."""
        done = await self._run()
        trouble = _trouble(done, self._settings)
        if trouble:
            self._variables.doubt()
            if self._settings.shows != "exit":
                raise ProbeError("answer", trouble, "run it by hand to see why")
        found = await asyncio.shield(
            threads.start(lambda: read(done, self._settings), "read-output")
        )
        self._unanswered.answered()
        return Sample(self._seen(done, found, trouble), self._figures(done, found, trouble))

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        return as_signals(self._declared, self._unanswered.after(error))

    async def close(self) -> None:
        await self._variables.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        own = _own(settings)
        units: dict[str, str] = {}
        if own.shows == "number":
            units["value"] = own.unit
        elif own.shows == "exit":
            units |= {"up": "", "exit_status": ""}
        if own.lists is not None:
            units |= ({"failed": ""} if own.judges else {}) | {"age": "s"}
        if own.shows in ("lines", "json"):
            units["count"] = "items" if own.told else "lines"
        units["unanswered"] = "polls"
        return {f"{name}.{figure}": unit for figure, unit in units.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        own = _own(settings)
        if own.shows == "exit":
            return down_rules(name, own, scale)
        if not own.judges or own.failed_deployment == NO_RULE:
            return ()
        third = scale.names[min(2, len(scale.names) - 1)]
        level = step(own.failed_deployment or third, scale, "failed_deployment")
        return (
            Rule(
                name=f"{own.title or name}: deployment failed",
                signal=f"{name}.failed",
                levels=((level, Threshold(">=", 1)),),
                raise_after=Hold(polls=1),
                clear_after=Hold(polls=1),
            ),
        )

    async def _run(self) -> Finished:
        settings, loop = self._settings, asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(settings.deadline):
                named = await self._variables.get()
        except TimeoutError:
            words = f"the secrets of env were not there within {short_duration(settings.deadline)}"
            raise ProbeError("set-up", words) from None
        spent = loop.time() - began
        left = settings.deadline - spent if spent > _SOON else settings.deadline
        revealed = {variable: secret.reveal() for variable, secret in named.items()}
        return await run(
            settings.argv,
            folder=settings.cwd or str(self.context.folder),
            environ=environment(os.environ, revealed),
            deadline=max(left, _LEAST),
            cap=settings.max_bytes,
            last=self._last,
        )

    def _seen(self, done: Finished, found: Reading, trouble: str) -> CommandSeen:
        settings = self._settings
        changes: tuple[Change, ...] = ()
        if settings.lists is not None:
            changes = self._deployments.look(found.items, self.context.clock.now())
        return CommandSeen(
            argv=tuple(map(mask_urls, settings.argv)),
            shows=settings.shows,
            status=done.status,
            lists=settings.lists or "",
            items=found.items,
            hidden=found.hidden,
            number=found.number,
            output=found.output,
            faults=(trouble,) if trouble else (),
            notes=found.notes,
            changes=changes,
        )

    def _figures(self, done: Finished, found: Reading, trouble: str) -> tuple[Signal, ...]:
        status = done.status
        return as_signals(
            self._declared,
            {
                "value": found.number,
                "up": float(not trouble),
                "exit_status": None if status is None else float(status),
                "failed": newest_failed(found.items),
                "age": age(found.items, self.context.clock.now()),
                "count": None if found.count is None else float(found.count),
                "unanswered": 0.0,
            },
        )


def _trouble(done: Finished, settings: CommandSettings) -> str:
    """Why it did not end as it should, in its own last words; empty when it did. One that was
    ended for its flood has not said."""
    if done.status is None or done.status in settings.ok:
        return ""
    said = last_line(done.stderr) or last_line(done.stdout)
    last = f": {outside(said)}" if said else ""
    return f"{outside(settings.argv[0])} {_ended(done.status)}{last}"


def _ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _own(settings: SourceSettings) -> CommandSettings:
    if not isinstance(settings, CommandSettings):
        words = f"a command source needs CommandSettings, not {type(settings).__name__}"
        raise TypeError(words)
    return settings
