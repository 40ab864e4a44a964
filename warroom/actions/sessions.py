"""Cancel a query, terminate a session: by pid and backend_start and query in one statement.

Each is told off in a transaction of its own: within one, pg_stat_activity stays as it was at the
first look (PostgreSQL, "Viewing Statistics"). The boolean is read, and so is whether it is gone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

import asyncpg

from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.postgres_line import BROKEN, Database, Line, Who, sql
from warroom.actions.session_rows import Found, listed, none, sessions, transaction, unseen
from warroom.config.actions_settings import SqlAction
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import PlanStep, Target

GOES = 2.0
"""Seconds a session has to go once it was told to."""
LOOKS = 0.1
"""Seconds between two looks whether it is gone."""


class SessionsHand:
    """One ``[actions.NAME]`` of kind sql with something built in."""

    def __init__(self, name: str, settings: SqlAction, tools: Tools) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._database = Database(settings, tools)

    async def plan(self, values: Mapping[str, str]) -> "SessionsWork":
        cancels = self._settings.builtin == "cancel_query"
        idle = self._settings.builtin == "terminate_idle"
        async with self._database.line() as (line, who):
            found, among = await listed(line, values, idle=idle)
        if not found:
            raise none(values, among, who, idle=idle)
        if cancels and (rests := next((one for one in found if one.state != "active"), None)):
            raise ActionError(
                f"pid {rests.pid} is {rests.state}: there is no query to cancel",
                "terminate_query ends a session, whatever it does",
            )
        what = "cancel the query of" if cancels else "terminate"
        statement = sql("cancel" if cancels else "terminate")
        step = PlanStep(
            action=self._name,
            title=self._settings.title,
            lines=tuple(line for line in statement.splitlines() if not line.startswith("--")),
            targets=tuple(Target(identity=one.identity, words=one.words) for one in found),
            reach=f"{what} {sessions(len(found))} of {among.clients}",
            rights=who.rights,
            proof=f"{who.database} at {who.peer} answered",
            deadline=self._settings.deadline,
            notes=unseen(among, who),
        )
        return SessionsWork(step, found, who, self._settings, self._database)


class SessionsWork:
    """The sessions that were listed, and no others."""

    def __init__(
        self,
        step: PlanStep,
        found: Sequence[Found],
        who: Who,
        settings: SqlAction,
        database: Database,
    ) -> None:
        self.step = step
        self._found, self._who, self._settings, self._database = found, who, settings, database
        self._told = 0
        self._came: Result | None = None

    async def check(self) -> None:
        """Each is checked in the statement that tells it off."""

    async def run(self, stage: Stage) -> Result:
        cancels = self._settings.builtin == "cancel_query"
        try:
            async with self._database.line() as (line, who):
                if who != self._who:
                    words = f"nothing was done: {who.rights}, which is not what was shown"
                    return Result("failed", words, 0)
                await stage.begins()
                self._came = await self._each(line, stage, cancels)
                return self._came
        except ActionError as error:
            return Result("failed", f"nothing was done: {error}", 0)
        except (asyncpg.PostgresError, *BROKEN) as error:
            words = f"it broke off after {sessions(self._told)} had been told"
            return Result("unknown", f"{words}: {outside(str(error)) or 'closed'}", self._told)

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if self._came is not None:
            return self._came
        if not self._told:
            return Result(why, "no session was told anything")
        return Result(why, f"{sessions(self._told)} had been told already", self._told)

    async def _each(self, line: Line, stage: Stage, cancels: bool) -> Result:
        statement = sql("cancel" if cancels else "terminate")
        told: list[Found] = []
        refused: list[str] = []
        failed: list[str] = []
        for one in self._found:
            self._told += 1
            try:
                async with transaction(line):
                    done = await line.fetch(statement, *one.told)
            except asyncpg.InsufficientPrivilegeError as error:
                self._told -= 1
                failed.append(f"pid {one.pid}: {outside(str(error))}")
                stage.output.say(f"pid {one.pid}: REFUSED, {outside(str(error))}")
                continue
            if not done:
                self._told -= 1
                refused.append(f"{one.words} is gone, or at something else")
                stage.output.say(f"pid {one.pid}: left alone, gone or at something else by now")
            elif not done[0]["done"]:
                failed.append(f"pid {one.pid}: the server said false")
                stage.output.say(f"pid {one.pid}: the server said false")
            else:
                told.append(one)
                stage.output.say(f"pid {one.pid}: told")
        staying = await self._staying(line, told, cancels)
        for one in staying:
            stage.output.say(f"pid {one.pid}: still there after {GOES:g} s")
        return _came(len(told), len(staying), refused, failed, cancels)

    async def _staying(self, line: Line, told: Sequence[Found], cancels: bool) -> list[Found]:
        """Those that are there all the same, a little later."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + GOES
        left = list(told)
        while left:
            left = [one for one in left if await self._is_there(line, one, cancels)]
            if loop.time() >= ends:
                break
            if left:
                await asyncio.sleep(LOOKS)
        return left

    async def _is_there(self, line: Line, one: Found, cancels: bool) -> bool:
        return bool(await line.fetchval(sql("still_there"), *one.told[:3], not cancels))


def _came(
    told: int, staying: int, refused: Sequence[str], failed: Sequence[str], cancels: bool
) -> Result:
    done = told - staying
    word = "cancelled" if cancels else "terminated"
    parts = [f"{sessions(done)} {word}"]
    if staying:
        parts.append(f"{sessions(staying)} still there after {GOES:g} s")
    if failed:
        rest = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
        parts.append("; ".join(failed[:3]) + rest)
    if refused:
        parts.append(f"{len(refused)} left alone, gone or changed since")
    wrong = bool(staying or failed) or (not done)
    return Result("failed" if wrong else "succeeded", "; ".join(parts), done, tuple(refused))
