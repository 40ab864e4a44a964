"""A statement of the team's own: bound parameters, one transaction, its row counts read."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

import asyncpg

from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.postgres_line import CONNECTS, Database, Line, Who
from warroom.config.actions_settings import PLACEHOLDER, SqlAction
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import PlanStep, Target
from warroom.text import safe

LISTED = 200
"""Rows that a plan lists, and touches, at the most."""
GRACE = 1.0
"""Seconds by which the server's own limit is shorter than ours, so that it is the one to undo."""


class Bound(NamedTuple):
    """A statement with ``$1`` in place of the first name, and the names in their order."""

    text: str
    names: tuple[str, ...]


def bound(text: str) -> Bound:
    """``{name}`` becomes a parameter of the statement: no value is ever written into it."""
    names: list[str] = []

    def put(match: Any) -> str:
        if not match[1]:
            return str(match[0][0])
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return Bound(PLACEHOLDER.sub(put, text), tuple(names))


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
                        rows = await _listed(line, targets, values)
            except TimeoutError:
                raise ActionError("the rows could not be listed within 5 s") from None
        if rows is not None and not rows:
            raise ActionError("no row is to be changed", "the SELECT of targets gave none")
        given = [
            f"${at} = {values[name]!r}"
            for at, name in enumerate(statement.names, 1)
            if name in values
        ]
        step = PlanStep(
            action=self._name,
            title=self._settings.title,
            lines=(*statement.text.strip().splitlines(), *given),
            targets=None if rows is None else tuple(map(_target, rows)),
            reach="" if rows is None else f"{len(rows)} row" + ("" if len(rows) == 1 else "s"),
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


async def _listed(
    line: Line, targets: Bound, values: Mapping[str, str]
) -> tuple[dict[str, Any], ...]:
    """The rows that are meant, read without writing anything. Raises ``ActionError``."""
    try:
        await line.execute("BEGIN READ ONLY")
        await line.execute(f"SET LOCAL statement_timeout = {int(CONNECTS * 1000)}")
        arguments = await _arguments(line, targets, values)
        rows = await line.fetch(targets.text, *arguments)
        await line.execute("ROLLBACK")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise ActionError(f"the rows could not be listed: {outside(str(error))}") from error
    if len(rows) > LISTED:
        raise ActionError(
            f"{len(rows)} rows are too many to be looked through; {LISTED} is the most"
        )
    return tuple(dict(row) for row in rows)


def _target(row: Mapping[str, Any]) -> Target:
    words = ", ".join(f"{name} {value}" for name, value in row.items())
    first = next(iter(row.items()), ("row", ""))
    return Target(identity=safe(f"{first[0]} {first[1]}", 200), words=safe(words, 240))


class SqlWork:
    """One transaction, frozen."""

    def __init__(
        self, step: PlanStep, frozen: Frozen, settings: SqlAction, database: Database
    ) -> None:
        self.step = step
        self._frozen, self._settings, self._database = frozen, settings, database
        self._stood: Literal["before", "open", "committing"] = "before"

    async def check(self) -> None:
        """The rows are compared inside the transaction that changes them."""

    async def run(self, stage: Stage) -> Result:
        try:
            async with self._database.line() as (line, who):
                if who[:3] != self._frozen.who[:3]:
                    return Result("failed", f"nothing was done: {who.rights}, not as was shown")
                await stage.begins()
                return await self._transaction(line, stage)
        except ActionError as error:
            return Result("failed", f"nothing was changed: {error}", 0)
        except asyncpg.PostgresError as error:
            # 08: asyncpg's own word for a connection that was cut; the server has said nothing.
            state = error.sqlstate or ""
            if state.startswith("08") or (self._stood == "committing" and state.startswith("57P")):
                return self._lost(outside(str(error)))
            # The server's own word: its transaction is undone (also by its time limit).
            why: Literal["failed", "timed out"] = (
                "timed out" if error.sqlstate == "57014" else "failed"
            )
            return Result(why, f"undone by the server: {outside(str(error))}", 0)
        except (asyncpg.InterfaceError, OSError) as error:
            return self._lost(outside(str(error)) or "closed")

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if self._stood == "committing":
            return Result("unknown", f"{why} during COMMIT: whether it counts, nobody knows")
        return Result(why, "before COMMIT: nothing was changed", 0)

    def _lost(self, words: str) -> Result:
        if self._stood == "committing":
            return Result(
                "unknown", f"lost during COMMIT ({words}): nobody knows whether it counts"
            )
        return Result("failed", f"connection lost before COMMIT ({words}): nothing was changed", 0)

    async def _transaction(self, line: Line, stage: Stage) -> Result:
        limit = int(max(self._settings.deadline - GRACE, 0.5) * 1000)
        await line.execute("BEGIN")
        self._stood = "open"
        await line.execute(
            f"SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = {limit}"
        )
        touched, refused = await self._statements(line, stage)
        least, most = self._settings.least, self._settings.most
        if most is not None and touched > most:
            await line.execute("ROLLBACK")
            return Result("failed", f"undone: {_rows(touched)} changed, {most} is the most", 0)
        if least is not None and touched < least:
            await line.execute("ROLLBACK")
            return Result("failed", f"undone: {_rows(touched)} changed, {least} is the least", 0)
        self._stood = "committing"
        await line.execute("COMMIT")
        words = f"{_rows(touched)} changed"
        if refused:
            words += f"; {len(refused)} left alone, gone or changed since"
        outcome: Literal["failed", "succeeded"] = (
            "failed" if refused and not touched else "succeeded"
        )
        return Result(outcome, words, touched, tuple(refused))

    async def _statements(self, line: Line, stage: Stage) -> tuple[int, list[str]]:
        """The statement, once or for each row that still is what it was."""
        frozen = self._frozen
        if frozen.rows is None:
            arguments = await _arguments(line, frozen.statement, frozen.values)
            status = await line.execute(frozen.statement.text, *arguments)
            stage.output.say(status)
            return _count(status), []
        wanted = await _arguments(line, frozen.targets, frozen.values)
        now = [dict(row) for row in await line.fetch(frozen.targets.text, *wanted)]
        touched, refused = 0, []
        for row in frozen.rows:
            if row not in now:
                refused.append(_target(row).words)
                stage.output.say(f"left alone: {_target(row).words}")
                continue
            extra = {f"row_{name}": value for name, value in row.items()}
            arguments = await _arguments(line, frozen.statement, frozen.values, extra)
            status = await line.execute(frozen.statement.text, *arguments)
            touched += _count(status)
            stage.output.say(f"{status}: {_target(row).words}")
        return touched, refused


def _rows(count: int) -> str:
    return f"{count} row" + ("" if count == 1 else "s")


def _count(status: str) -> int:
    """The rows in a command's tag: ``UPDATE 3``, ``INSERT 0 1``; 0 where it counts none."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() and not status.startswith("SELECT") else 0


async def _arguments(
    line: Line, statement: Bound, values: Mapping[str, str], extra: Mapping[str, Any] | None = None
) -> list[Any]:
    """The values as the types the server itself wants. Raises ``ActionError``."""
    if not statement.names:
        return []
    prepared = await line.prepare(statement.text)
    kinds = [parameter.name for parameter in prepared.get_parameters()]
    known = {**values, **(extra or {})}
    return [
        _typed(known[name], kind, name) for name, kind in zip(statement.names, kinds, strict=True)
    ]


def _typed(value: Any, kind: str, name: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if kind in ("int2", "int4", "int8", "oid"):
            return int(value)
        if kind in ("float4", "float8"):
            return float(value)
        if kind == "numeric":
            return Decimal(value)
    except (ValueError, InvalidOperation):
        raise ActionError(f"{name}: {safe(value, 40)} is no {kind}") from None
    if kind == "bool":
        return value.strip().lower() in ("1", "t", "true", "on", "yes")
    if kind in ("text", "varchar", "bpchar", "name", "unknown"):
        return value
    raise ActionError(
        f"{name}: the statement wants it as {kind}", f"write {{{name}}}::text::{kind} there"
    )


__all__: Sequence[str] = ["SqlHand", "SqlWork", "bound"]
