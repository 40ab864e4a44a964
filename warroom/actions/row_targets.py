"""The rows that a statement is for: listed, told apart, and looked for when it runs."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from warroom.actions.binding import Bound, prepared
from warroom.actions.postgres_line import BROKEN, CONNECTS, Line
from warroom.connect.wording import outside
from warroom.errors import ActionError
from warroom.incident.acting.plan import Target
from warroom.text import safe

LISTED = 200
"""Rows that a plan lists, and touches, at the most."""
LOOKED = 10_000
"""Rows among which those are looked for when it runs: others may have come before them."""


async def listed(
    line: Line, targets: Bound, values: Mapping[str, str]
) -> tuple[dict[str, Any], ...]:
    """The rows that are meant, read without writing anything. Raises ``ActionError``."""
    try:
        await line.execute("BEGIN READ ONLY")
        await line.execute(f"SET LOCAL statement_timeout = {int(CONNECTS * 1000)}")
        rows = await read(line, targets, values, LISTED + 1)
        await line.execute("ROLLBACK")
    except (asyncpg.PostgresError, *BROKEN) as error:
        raise ActionError(f"the rows could not be listed: {outside(str(error))}") from error
    if len(rows) > LISTED:
        raise ActionError(
            f"over {LISTED} rows: too many to be looked through", "narrow the SELECT of targets"
        )
    return rows


async def read(
    line: Line, targets: Bound, values: Mapping[str, str], most: int
) -> tuple[dict[str, Any], ...]:
    """The first ``most`` rows of ``targets``. Raises ``ActionError``."""
    asked, arguments = await prepared(line, targets, known(targets, values))
    cursor = await asked.cursor(*arguments)
    found = tuple(await cursor.fetch(most))
    rows = tuple(dict(row) for row in found)
    if rows and len(rows[0]) != len(tuple(found[0].values())):
        raise ActionError("two columns of targets have the same name", "give one another: AS …")
    return rows


def distinct(
    rows: Sequence[Mapping[str, Any]], statement: Bound, values: Mapping[str, str]
) -> None:
    """Raises ``ActionError`` unless there are rows, which tell themselves apart, with every column
    that the statement takes."""
    if not rows:
        raise ActionError("no row is to be changed", "the SELECT of targets gave none")
    if len(set(map(repr, rows))) != len(rows):
        raise ActionError(
            "two of the rows are alike: which of them is meant, nobody can tell",
            "the SELECT of targets must have what tells them apart, such as their key",
        )
    known(statement, {**values, **columns(rows[0])})


def columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values by the names under which the statement takes them."""
    return {f"row_{name}": value for name, value in row.items()}


def known(statement: Bound, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """``values``, with all that the statement takes. Raises ``ActionError``."""
    for name in statement.names:
        if name not in values:
            hint = f"there are: {', '.join(values)}" if values else "there is none"
            raise ActionError(f"{{{name}}} is no value, and no column of targets", hint)
    return values


def target(row: Mapping[str, Any]) -> Target:
    """A row as a person sees it: its first column is its identity."""
    words = ", ".join(f"{name} {value}" for name, value in row.items())
    first = next(iter(row.items()), ("row", ""))
    return Target(identity=safe(f"{first[0]} {first[1]}", 200), words=safe(words, 240))
