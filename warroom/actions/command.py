"""A program, run without a shell, in a process group of its own, without a terminal."""

import os
import shlex
from collections.abc import Mapping, Sequence
from typing import Literal

from warroom.actions import rows
from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.judging import Judging
from warroom.actions.values import argument
from warroom.config.actions_facts import put
from warroom.config.actions_settings import CommandAction
from warroom.config.secrets import Secret, SecretRef, resolve
from warroom.connect.last_run import LastRun
from warroom.connect.process import run
from warroom.connect.program import environment
from warroom.errors import ProbeError
from warroom.incident.acting.kinds import Parameter
from warroom.incident.acting.plan import PlanStep

NO_ROOM = 1
"""Nothing of the output is kept by the runner of programs: it goes to the stage as it comes."""


class CommandHand:
    """One ``[actions.NAME]`` of kind command."""

    def __init__(
        self, name: str, settings: CommandAction, parameters: Sequence[Parameter], tools: Tools
    ) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._parameters = parameters

    async def plan(self, values: Mapping[str, str]) -> "CommandWork":
        picked = rows.chosen(self._parameters, values, self._tools)
        values = rows.given(values, picked)
        argv = tuple(argument(text, values) for text in self._settings.argv)
        stdin = self._settings.stdin
        text = put(stdin, values) if isinstance(stdin, str) else ""
        step = PlanStep(
            action=self._name,
            title=self._settings.title,
            lines=tuple(self._lines(argv, text)),
            targets=tuple(rows.target_of(one) for one in picked) or None,
            reach="; ".join(one.row.words for one in picked),
            rights=f"as {_account()} on {os.uname().nodename}",
            age=max((self._tools.age(one.source) or 0.0 for one in picked), default=None),
            deadline=self._settings.deadline,
        )
        return CommandWork(step, argv, text, picked, self._settings, self._tools)

    def _lines(self, argv: Sequence[str], stdin: str) -> "list[str]":
        """All of it as a person reads it: the list is quoted, as a shell would want it."""
        masked = self._tools.masked
        lines = [masked(shlex.join(argv))]
        if self._settings.cwd is not None:
            lines.append(f"in {self._settings.cwd}")
        for name, value in self._settings.env.items():
            lines.append(f"with {name}={'***' if isinstance(value, SecretRef) else masked(value)}")
        if isinstance(self._settings.stdin, SecretRef):
            lines.append("reads ***")
        elif stdin:
            lines.append(f"reads {masked(stdin)!r}")
        return lines


class CommandWork:
    """A run of it, frozen."""

    def __init__(
        self,
        step: PlanStep,
        argv: tuple[str, ...],
        stdin: str,
        picked: tuple[rows.Chosen, ...],
        settings: CommandAction,
        tools: Tools,
    ) -> None:
        self.step = step
        self._argv, self._stdin, self._picked = argv, stdin, picked
        self._settings, self._tools = settings, tools
        self._begun = False
        self._last = LastRun()

    async def check(self) -> None:
        rows.check(self._picked, self._tools)

    async def run(self, stage: Stage) -> Result:
        settings = self._settings
        try:
            named, stdin = await self._secrets()
        except ProbeError as error:
            return Result("failed", f"nothing was run: {error}")
        await stage.begins()
        self._begun = True
        judging = Judging(settings.succeeds_if, settings.fails_if, self._tools.masked)

        def hear(data: bytes, of: int) -> None:
            judging.hear(data, of)
            stage.output.hear(data, of)

        try:
            finished = await run(
                self._argv,
                folder=settings.cwd or str(self._tools.folder),
                environ=environment(os.environ, named),
                deadline=settings.deadline,
                cap=NO_ROOM,
                last=self._last,
                stdin=stdin,
                hear=hear,
            )
        except ProbeError as error:
            if error.phase == "deadline":
                return self.cut("timed out")
            return Result("failed", f"nothing was run: {error}")
        finally:
            stage.output.close()
        return self._result(finished.status, judging)

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if not self._begun:
            return Result(why, "nothing was run")
        if self._last.reaping is not None and not self._last.reaping.done():
            return Result(why, f"process {self._last.pid} cannot be ended by us, and goes on")
        ended = "it and all it started were ended"
        return Result(why, f"{ended}; what it had done until then stands, and is not known")

    def _result(self, status: int | None, judging: Judging) -> Result:
        assert status is not None
        ended = f"killed by signal {-status}" if status < 0 else f"exit {status}"
        if status not in self._settings.statuses:
            return Result("failed", ended)
        wrong = judging.wrong()
        return Result("failed", f"{ended}, but {wrong}") if wrong else Result("succeeded", ended)

    async def _secrets(self) -> tuple[dict[str, str], bytes]:
        """The variables and what it reads, revealed now and kept nowhere."""
        named = {}
        for name, value in self._settings.env.items():
            named[name] = await self._revealed(value) if isinstance(value, SecretRef) else value
        stdin = self._settings.stdin
        if isinstance(stdin, SecretRef):
            return named, (await self._revealed(stdin)).encode()
        return named, self._stdin.encode()

    async def _revealed(self, ref: SecretRef) -> str:
        secret: Secret = await resolve(ref, self._tools.folder)
        self._tools.mask(secret)
        return secret.reveal()


def _account() -> str:
    """As whom this engine runs, by its number where it has no name."""
    uid = os.geteuid()
    return "root" if uid == 0 else os.environ.get("USER") or f"uid {uid}"
