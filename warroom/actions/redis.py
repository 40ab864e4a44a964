"""One command to Redis, sent once on a session of its own."""

import asyncio
from collections.abc import Mapping
from typing import Literal

from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.redis_line import Server, Who
from warroom.config.actions_facts import put
from warroom.config.actions_settings import RedisAction
from warroom.connect.lost import LostError
from warroom.connect.queues.talk import ErrorReply, Reply
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import PlanStep, Target
from warroom.regex import Pattern
from warroom.text import safe

SCRIPTS = ("EVAL", "FCALL", "EXEC")
"""How the commands begin that run others."""


class RedisHand:
    """One ``[actions.NAME]`` of kind redis with a command of its own."""

    def __init__(self, name: str, settings: RedisAction, tools: Tools) -> None:
        self._name, self._settings = name, settings
        self._server = Server(settings, tools)
        self._masked = tools.masked

    async def plan(self, values: Mapping[str, str]) -> "RedisWork":
        command = tuple(put(part, values) for part in self._settings.command)
        async with self._server.session() as (_, who):
            step = PlanStep(
                action=self._name,
                title=self._settings.title,
                lines=(self._masked(" ".join(_quoted(part) for part in command)),),
                targets=(Target(identity=f"run id {who.run_id}, database {who.database}"),),
                rights=who.rights,
                proof=who.proof,
                deadline=self._settings.deadline,
            )
        return RedisWork(step, command, who, self._settings, self._server)


class RedisWork:
    """One command, frozen."""

    def __init__(
        self,
        step: PlanStep,
        command: tuple[str, ...],
        who: Who,
        settings: RedisAction,
        server: Server,
    ) -> None:
        self.step = step
        self._command, self._who = command, who
        self._settings, self._server = settings, server
        self._sent = False

    async def check(self) -> None:
        """Who answers is compared on the session that is used."""

    async def run(self, stage: Stage) -> Result:
        try:
            async with self._server.session() as (session, who):
                same_server(self._who, who)
                await stage.begins()
                self._sent = True
                async with asyncio.timeout(self._settings.deadline):
                    (reply,) = await session.ask([self._command])
        except ActionError as error:
            return Result("failed", f"nothing was sent: {error}", 0)
        except (LostError, TimeoutError) as error:
            words = outside(str(error)) or "no answer in time"
            return Result("unknown", f"it was sent; {words}: whether it was done, nobody knows")
        return self._result(reply, stage)

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if not self._sent:
            return Result(why, "nothing was sent", 0)
        return Result("unknown", f"{why} after it was sent: whether it was done, nobody knows")

    def _result(self, reply: Reply, stage: Stage) -> Result:
        if isinstance(reply, ErrorReply):
            # A script that fails in the middle has done what it did before.
            ran = str(self._command[0]).upper().startswith(SCRIPTS)
            return Result("failed", f"refused: {outside(reply.words)}", None if ran else 0)
        said = _words(reply)
        stage.output.say(said)
        if (error := _error_in(reply)) is not None:
            return Result("failed", f"answered with an error: {outside(error.words)}")
        wanted = self._settings.reply
        if wanted and not Pattern(wanted).matches(said):
            return Result("failed", f"answered {safe(said, 120)}, not {safe(wanted, 60)}")
        touched = reply if isinstance(reply, int) else None
        return Result("succeeded", f"answered {safe(said, 120)}", touched)


def same_server(planned: Who, now: Who) -> None:
    """Raises ``ActionError`` where another server answers than the one that was shown."""
    if (planned.run_id, planned.database) != (now.run_id, now.database):
        raise ActionError(
            f"another server answers: run id {now.run_id[:12]}, not {planned.run_id[:12]}",
            "it was restarted, or failed over; look again",
        )


def _quoted(part: str) -> str:
    return (
        part
        if part and all("!" <= char <= "~" and char not in "\"'" for char in part)
        else repr(part)
    )


def _error_in(reply: Reply) -> ErrorReply | None:
    """The first error among the elements of a reply."""
    elements = reply if isinstance(reply, list) else []
    return next((each for each in elements if isinstance(each, ErrorReply)), None)


def _words(reply: Reply) -> str:
    if isinstance(reply, bytes):
        return reply.decode("utf-8", "replace")
    if isinstance(reply, list):
        return f"{len(reply)} elements"
    return "nothing" if reply is None else str(reply)
