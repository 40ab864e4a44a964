"""A statement of the team's own: bound parameters, one transaction, its row counts read."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import asyncpg

from warroom.actions.binding import Bound, bound, prepared
from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.postgres_line import BROKEN, CONNECTS, Database, Line, Who, is_refusal
from warroom.actions.row_targets import LOOKED, columns, distinct, known, listed, read, target
from warroom.config.actions_settings import SqlAction
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import PlanStep
from warroom.text import safe

GRACE = 1.0
"""Seconds by which the server's own limit is shorter than ours, so that it is the one to undo."""


class SqlHand:
    """One ``[actions.NAME]`` of kind sql with a statement of its own."""

    def __init__(self, name: str, settings: SqlAction, tools: Tools) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._database = Database(settings, tools)

    async def plan(self, values: Mapping[str, str]) -> "SqlWork":
        statement, targets = bound(self._settings.sql), bound(self._settings.targets)
        rows: tuple[dict[str, Any], ...] | None = None
        async with self._database.line() as (line, who):
            try:
                async with asyncio.timeout(CONNECTS):
                    if targets.text:
                        rows = await listed(line, targets, values)
            except TimeoutError:
                raise ActionError("the rows could not be listed within 5 s") from None
        if rows is not None:
            distinct(rows, statement, values)
        given = [
            f"${at} = {values[name]!r}"
            for at, name in enumerate(statement.names, 1)
            if name in values
        ]
        step = PlanStep(
            action=self._name,
            title=self._settings.title,
            lines=(*statement.text.strip().splitlines(), *given),
            targets=None if rows is None else tuple(map(target, rows)),
            reach="" if rows is None else _count(len(rows)),
            rights=who.rights,
            proof=f"{who.database} at {who.peer} answered",
            deadline=self._settings.deadline,
        )
        work = Frozen(statement, targets, dict(values), rows, who)
        return SqlWork(step, work, self._settings, self._database)


class Frozen(NamedTuple):
    """What will run, and on which rows."""

    statement: Bound
    targets: Bound
    values: dict[str, str]
    rows: "tuple[dict[str, Any], ...] | None"
    who: Who


class SqlWork:
    """One transaction, frozen."""

    def __init__(
        self, step: PlanStep, frozen: Frozen, settings: SqlAction, database: Database
    ) -> None:
        self.step = step
        self._frozen, self._settings, self._database = frozen, settings, database
        self._stood: Literal["before", "open", "committing"] = "before"
        self._came: Result | None = None

    async def check(self) -> None:
        """The rows are compared inside the transaction that changes them."""

    async def run(self, stage: Stage) -> Result:
        try:
            async with self._database.line() as (line, who):
                if who != self._frozen.who:
                    words = f"nothing was done: {who.rights}, which is not what was shown"
                    return Result("failed", words, 0)
                await stage.begins()
                self._came = await self._transaction(line, stage)
                return self._came
        except ActionError as error:
            return Result("failed", f"nothing was changed: {error}", 0)
        except asyncpg.PostgresError as error:
            return self._refused(error)
        except BROKEN as error:
            return self._lost(outside(str(error)) or "closed")

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if self._came is not None:
            return self._came
        if self._stood == "committing":
            return Result("unknown", f"{why} during COMMIT: whether it counts, nobody knows")
        return Result(why, "before COMMIT: nothing was changed", 0)

    def _refused(self, error: asyncpg.PostgresError) -> Result:
        """What asyncpg raised as an error of the server's, which need not be one."""
        words = outside(str(error))
        if not is_refusal(error) and (
            self._stood == "committing" or isinstance(error, asyncpg.PostgresConnectionError)
        ):
            return self._lost(words)
        # Its transaction is undone, also by its time limit.
        timed_out = error.sqlstate == "57014"
        return Result("timed out" if timed_out else "failed", f"undone by the server: {words}", 0)

    def _lost(self, words: str) -> Result:
        if self._stood == "committing":
            return Result(
                "unknown", f"lost during COMMIT ({words}): nobody knows whether it counts"
            )
        return Result("failed", f"connection lost before COMMIT ({words}): nothing was changed", 0)

    async def _transaction(self, line: Line, stage: Stage) -> Result:
        limit = int(max(self._settings.deadline - GRACE, 0.5) * 1000)
        # Rows are compared, and then changed: who changes one in between must not go unnoticed.
        kept = "" if self._frozen.rows is None else " ISOLATION LEVEL REPEATABLE READ"
        await line.execute(f"BEGIN{kept}")
        self._stood = "open"
        await line.execute(
            f"SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = {limit}"
        )
        touched, refused = await self._statements(line, stage)
        least, most = self._settings.least, self._settings.most
        if most is not None and touched > most:
            await line.execute("ROLLBACK")
            return Result("failed", f"undone: {_count(touched)} changed, {most} is the most", 0)
        if least is not None and touched < least:
            await line.execute("ROLLBACK")
            return Result("failed", f"undone: {_count(touched)} changed, {least} is the least", 0)
        self._stood = "committing"
        if (tag := await line.execute("COMMIT")) != "COMMIT":
            return Result("failed", f"undone: COMMIT was answered with {safe(tag, 40)}", 0)
        words = f"{_count(touched)} changed"
        if refused:
            words += f"; {len(refused)} left alone, gone or changed since"
        failed = bool(refused) and not touched
        return Result("failed" if failed else "succeeded", words, touched, tuple(refused))

    async def _statements(self, line: Line, stage: Stage) -> tuple[int, list[str]]:
        """The statement, once or for each row that still is what it was."""
        frozen = self._frozen
        if frozen.rows is None:
            tag = await _ran(line, frozen.statement, frozen.values)
            stage.output.say(tag)
            return _touched(tag), []
        now = set(map(repr, await read(line, frozen.targets, frozen.values, LOOKED)))
        touched, refused = 0, []
        for row in frozen.rows:
            words = target(row).words
            if repr(row) not in now:
                refused.append(words)
                stage.output.say(f"left alone: {words}")
                continue
            tag = await _ran(line, frozen.statement, {**frozen.values, **columns(row)})
            touched += _touched(tag)
            stage.output.say(f"{tag}: {words}")
        return touched, refused


async def _ran(line: Line, statement: Bound, values: Mapping[str, Any]) -> str:
    """Runs it; what the server calls it when it is done. Raises ``ActionError``."""
    made, arguments = await prepared(line, statement, known(statement, values))
    await made.fetch(*arguments)
    return made.get_statusmsg()


def _count(rows: int) -> str:
    return f"{rows} row" + ("" if rows == 1 else "s")


def _touched(tag: str) -> int:
    """The rows in a command's tag: ``UPDATE 3``, ``INSERT 0 1``; 0 where it counts none."""
    last = tag.rpartition(" ")[2]
    return int(last) if last.isdigit() and not tag.startswith("SELECT") else 0


__all__: Sequence[str] = ["SqlHand", "SqlWork"]
