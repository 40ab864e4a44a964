"""Cancel a query, terminate a session: by pid and backend_start and query in one statement.

Each is told off in a transaction of its own: within one, pg_stat_activity stays as it was at the
first look (PostgreSQL, "Viewing Statistics"). The boolean is read, and so is whether it is gone.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple

import asyncpg

from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.postgres_line import CONNECTS, Database, Line, Who, sql
from warroom.config.actions_settings import SqlAction
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import PlanStep, Target
from warroom.text import safe, short_duration

LISTED = 200
"""Sessions that a plan lists, and touches, at the most."""
GOES = 2.0
"""Seconds a session has to go once it was told to."""
LOOKS = 0.1
"""Seconds between two looks whether it is gone."""
LIMITS = "SET LOCAL statement_timeout = 5000; SET LOCAL lock_timeout = 2000"


class Found(NamedTuple):
    """One session, as it was when it was listed."""

    pid: int
    backend_start: datetime
    query_start: datetime | None
    words: str

    @property
    def identity(self) -> str:
        return f"pid {self.pid}, backend_start {self.backend_start.isoformat()}"


class SessionsHand:
    """One ``[actions.NAME]`` of kind sql with something built in."""

    def __init__(self, name: str, settings: SqlAction, tools: Tools) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._database = Database(settings, tools)

    async def plan(self, values: Mapping[str, str]) -> "SessionsWork":
        cancels = self._settings.builtin == "cancel_query"
        async with self._database.line() as (line, who):
            found, count = await _listed(line, values)
        if not found:
            raise ActionError(self._none(values), "nothing is to be done")
        what = "cancel the query of" if cancels else "terminate"
        statement = sql("cancel" if cancels else "terminate")
        step = PlanStep(
            action=self._name,
            title=self._settings.title,
            lines=tuple(line for line in statement.splitlines() if not line.startswith("--")),
            targets=tuple(Target(identity=one.identity, words=one.words) for one in found),
            reach=f"{what} {_sessions(len(found))} of {count}",
            rights=who.rights,
            proof=f"{who.database} at {who.peer} answered",
            deadline=self._settings.deadline,
        )
        return SessionsWork(step, found, who, self._settings, self._database)

    def _none(self, values: Mapping[str, str]) -> str:
        for unit in ("minutes", "seconds"):
            if unit in values:
                return f"no query is active for over {values[unit]} {unit}"
        return "that session is gone"


async def _listed(line: Line, values: Mapping[str, str]) -> tuple[tuple[Found, ...], int]:
    """The sessions that are meant, and how many there are in all. Raises ``ActionError``."""
    pid, started = _session(values.get("session", ""))
    seconds = float(values.get("seconds", 0)) + 60 * float(values.get("minutes", 0))
    try:
        async with asyncio.timeout(CONNECTS):
            async with transaction(line):
                rows = await line.fetch(sql("sessions"), pid, seconds)
                count = await line.fetchval(sql("count_sessions"))
    except TimeoutError:
        raise ActionError("the sessions could not be read within 5 s") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise ActionError(f"the sessions could not be read: {outside(str(error))}") from error
    if len(rows) > LISTED:
        raise ActionError(f"more than {LISTED} sessions: too many to be looked through")
    if started is not None:
        rows = [row for row in rows if row["backend_start"] == started]
    return tuple(map(_found, rows)), int(count)


@asynccontextmanager
async def transaction(line: Line) -> AsyncIterator[None]:
    """One transaction with limits of its own; undone when something is raised in it."""
    await line.execute("BEGIN")
    try:
        await line.execute(LIMITS)
        yield
    except BaseException:
        # What is raised counts, not that a connection in the middle of it cannot be tidied up.
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await line.execute("ROLLBACK")
        raise
    await line.execute("COMMIT")


def _session(key: str) -> tuple[int, datetime | None]:
    """The pid and backend_start in a session's key (``session:4711:…``); 0 for none."""
    if not key:
        return 0, None
    _, pid, started = key.split(":", 2)
    return int(pid), datetime.fromisoformat(started)


def _found(row: Any) -> Found:
    running = "" if row["running"] is None else f" for {short_duration(row['running'])}"
    # The query comes last: how long it is must not hide who it is.
    words = (
        f"pid {row['pid']} {row['role'] or '?'}@{row['client']} {row['application'] or '-'}"
        f" {row['state'] or '?'}{running}: {' '.join((row['query'] or '').split())}"
    )
    return Found(row["pid"], row["backend_start"], row["query_start"], safe(words, 240))


def _sessions(count: int) -> str:
    return f"{count} session" + ("" if count == 1 else "s")


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

    async def check(self) -> None:
        """Each is checked in the statement that tells it off."""

    async def run(self, stage: Stage) -> Result:
        cancels = self._settings.builtin == "cancel_query"
        try:
            async with self._database.line() as (line, who):
                if who[:3] != self._who[:3]:
                    return Result("failed", f"nothing was done: {who.rights}, not as was shown")
                await stage.begins()
                return await self._each(line, stage, cancels)
        except ActionError as error:
            return Result("failed", f"nothing was done: {error}")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            words = f"the connection was lost after {self._told} were told: {outside(str(error))}"
            return Result("unknown", words, self._told)

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if not self._told:
            return Result(why, "no session was told anything")
        return Result(why, f"{_sessions(self._told)} had been told already", self._told)

    async def _each(self, line: Line, stage: Stage, cancels: bool) -> Result:
        statement = sql("cancel" if cancels else "terminate")
        told: list[Found] = []
        refused: list[str] = []
        failed: list[str] = []
        for one in self._found:
            arguments = (one.pid, one.backend_start, one.query_start)
            self._told += 1
            try:
                async with transaction(line):
                    done = await line.fetch(statement, *arguments)
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
        arguments = (one.pid, one.backend_start, one.query_start, not cancels)
        return bool(await line.fetchval(sql("still_there"), *arguments))


def _came(
    told: int, staying: int, refused: Sequence[str], failed: Sequence[str], cancels: bool
) -> Result:
    done = told - staying
    word = "cancelled" if cancels else "terminated"
    parts = [f"{_sessions(done)} {word}"]
    if staying:
        parts.append(f"{_sessions(staying)} still there after {GOES:g} s")
    if failed:
        parts.append("; ".join(failed[:3]))
    if refused:
        parts.append(f"{len(refused)} left alone, gone or changed since")
    wrong = bool(staying or failed) or (not done)
    return Result("failed" if wrong else "succeeded", "; ".join(parts), done, tuple(refused))
