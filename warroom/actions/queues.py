"""What is built in for a queue, in its library's layout: flush, clear stuck, retry failed."""

import asyncio
from collections.abc import Mapping
from typing import Literal, cast
from uuid import uuid4

from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.redis import same_server
from warroom.actions.redis_line import Server, Who, looked, moment
from warroom.config.actions_settings import RedisAction
from warroom.connect.lost import LostError
from warroom.connect.queues.layout import Layout
from warroom.connect.queues.remedies.remedy import RemedyName, Survey, apply, survey
from warroom.connect.queues.settings import QueueSettings
from warroom.connect.queues.talk import ReplyError
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import PlanStep, Target
from warroom.text import safe

PLANS = 10.0
"""Seconds in which a queue must have been looked through."""
LEFT = {
    "flush": "flush",
    "unflush": "bring back",
    "clear_stuck": "requeue",
    "retry_failed": "retry",
}
"""How each is called in a plan."""


class QueueHand:
    """One ``[actions.NAME]`` of kind redis with something built in."""

    def __init__(self, name: str, settings: RedisAction, tools: Tools) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._server = Server(settings, tools)

    async def plan(self, values: Mapping[str, str]) -> "QueueWork":
        settings = self._settings
        remedy = cast(RemedyName, settings.builtin)
        layout = self._layout(values["queue"])
        try:
            async with self._server.session() as (session, who), asyncio.timeout(PLANS):
                now = await moment(session, who)
                found = await looked(session, survey(layout, remedy, now, settings.stuck_for))
        except (LostError, ReplyError, TimeoutError) as error:
            words = outside(str(error)) or "no answer in time"
            raise ActionError(f"{layout.place}: {words}") from error
        if not found.targets:
            raise ActionError(f"{layout.place}: nothing is to be done", "nothing is there for it")
        token = uuid4().hex[:8]
        step = PlanStep(
            action=self._name,
            title=settings.title,
            lines=tuple(safe(line.replace("<run>", token), 300) for line in found.commands),
            targets=tuple(
                Target(identity=safe(one.identity, 200), words=safe(one.words, 240))
                for one in found.targets
            ),
            reach=_reach(remedy, found, values["queue"]),
            rights=who.rights,
            proof=who.proof,
            deadline=settings.deadline,
            undo=safe(found.undo, 240),
            notes=tuple(safe(note, 240) for note in found.notes),
        )
        return QueueWork(step, layout, remedy, found, who, settings, self._server, token)

    def _layout(self, name: str) -> Layout:
        settings = self._tools.settings(self._settings.source)
        queues = cast("tuple[QueueSettings, ...]", getattr(settings, "queues", ()))
        queue = next((one for one in queues if one.name == name), None)
        if queue is None:
            known = ", ".join(one.name for one in queues)
            raise ActionError(f"there is no queue {safe(name, 60)}", f"there are: {known}")
        return queue.layout()


def _reach(remedy: str, found: Survey, queue: str) -> str:
    jobs = f"{found.total:,} job" + ("" if found.total == 1 else "s")
    of = "" if found.of is None else f" of {found.of:,}"
    first = f", the first {len(found.targets)}" if 1 < len(found.targets) < found.total else ""
    return f"{LEFT[remedy]} {jobs}{of} in {queue}{first}"


class QueueWork:
    """What was found in the queue, and nothing else."""

    def __init__(
        self,
        step: PlanStep,
        layout: Layout,
        remedy: RemedyName,
        found: Survey,
        who: Who,
        settings: RedisAction,
        server: Server,
        token: str,
    ) -> None:
        """``token`` names a flush: no two have the same."""
        self.step, self._token = step, token
        self._layout, self._remedy, self._found = layout, remedy, found
        self._who, self._settings, self._server = who, settings, server
        self._sent = False

    async def check(self) -> None:
        """Every job is compared in the script that moves it."""

    async def run(self, stage: Stage) -> Result:
        settings = self._settings
        try:
            async with self._server.session() as (session, who):
                same_server(self._who, who)
                await stage.begins()
                self._sent = True
                look = apply(
                    self._layout, self._remedy, self._found, self._token, settings.stuck_for
                )
                async with asyncio.timeout(settings.deadline):
                    came = await looked(session, look)
        except ActionError as error:
            return Result("failed", f"nothing was sent: {error}", 0)
        except ReplyError as error:
            return Result("failed", f"refused: {outside(str(error))}")
        except (LostError, TimeoutError) as error:
            words = outside(str(error)) or "no answer in time"
            return Result("unknown", f"it was sent; {words}: whether it was done, nobody knows")
        refused = tuple(safe(one, 240) for one in came.refused)
        for one in refused:
            stage.output.say(f"left alone: {one}")
        stage.output.say(came.words)
        outcome: Literal["succeeded", "failed"] = "succeeded" if came.touched else "failed"
        return Result(outcome, safe(came.words, 240), came.touched, refused)

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if not self._sent:
            return Result(why, "nothing was sent", 0)
        return Result("unknown", f"{why} after it was sent: whether it was done, nobody knows")
