"""A query's plan, because somebody asks: never run, only planned.

``EXPLAIN`` without ``ANALYZE`` executes nothing, and a read-only transaction lets it plan what
would write (PostgreSQL documentation, "EXPLAIN"). It wants the rights of the query itself.
"""

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from warroom.connect.postgres import Connection
from warroom.connect.transaction import Tally, lost, read_only
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.sources.postgres.settings import first_word
from warroom.sources.postgres.texts import Texts
from warroom.sources.postgres.turn import CUT, REFUSED

EXPLAINABLE = ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE", "WITH")
GENERIC_FROM = 16
"""The first version that plans a text with ``$1`` in it (``GENERIC_PLAN``)."""
LONGEST = 10_000
"""Characters of a statement that ``texts`` reads."""
HIDDEN = "<insufficient privilege>"
_PARAMETER = re.compile(r"\$\d")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """Whose plan is wanted, and what is known of the server."""

    connection: Connection
    texts: Texts
    number: int
    seconds: float
    tally: Tally
    schema: str = ""

    def sql(self, name: str) -> str:
        return self.texts.get(name, self.number).replace("{schema}", self.schema)


async def plan(asked: Asked, key: str, user: str) -> str:
    """The plan of a session's query, or of a statement, in lines. Raises ProbeError, and what
    ends the session."""
    kind, _, rest = key.partition(":")
    try:
        if kind == "session":
            text = await _of_session(asked, rest)
        elif kind == "statement" and asked.schema:
            text = await _of_statement(asked, rest)
        else:
            raise ProbeError("answer", "only a session's query or a statement can be explained")
        generic = has_parameters(text)
        command = explain(text, asked.number)
        async with read_only(asked.connection, asked.seconds, asked.tally):
            if generic:
                lines = await _noticed(asked.connection, command)
            else:
                lines = [str(row[0]) for row in await asked.connection.fetch(command)]
    except asyncpg.PostgresError as error:
        if lost(error):
            raise
        raise _in_words(error, user) from error
    head = "Estimates of the server: nothing was run."
    if generic:
        head += " Its parameters have values that are not known: a generic plan."
    head += f" Names are looked up as {user} does."
    return "\n".join([head, "", *lines, "", "of:", text])


def explain(text: str, number: int) -> str:
    """The command that explains ``text`` on this server. Raises ProbeError for what cannot be
    explained."""
    word = first_word(text)
    if word not in EXPLAINABLE:
        said = f"{word} is" if word else "there is"
        raise ProbeError("answer", f"{said} nothing that has a plan")
    if not has_parameters(text):
        return f"/* warroom explain */ EXPLAIN {text}"
    major = number // 10_000
    if major < GENERIC_FROM:
        words = f"its parameters' values are not known, and PostgreSQL {major} needs them"
        hint = f"PostgreSQL {GENERIC_FROM} and newer can plan without them"
        raise ProbeError("answer", words, hint)
    return _generic(text)


def has_parameters(text: str) -> bool:
    """Whether ``$1`` and the like stand in it, outside of what is quoted."""
    return _PARAMETER.search(_QUOTED.sub("", text)) is not None


def _generic(text: str) -> str:
    """Explains a text with parameters. A driver would bind values to them, and the server plan
    for these; inside the server nothing is bound. A cursor takes one statement only, and the
    tag of the quotes cannot be guessed: nothing in the text gets out of them."""
    tag = f"w{secrets.token_hex(8)}"
    return (
        f"DO $d{tag}$ DECLARE line text; BEGIN FOR line IN EXECUTE ${tag}$"
        f"EXPLAIN (GENERIC_PLAN) {text}\n${tag}$ "
        f"LOOP RAISE NOTICE '%', line; END LOOP; END $d{tag}$ /* warroom explain */"
    )


async def _noticed(connection: Connection, command: str) -> list[str]:
    """What a command tells in notices, which pass poolers as rows do."""
    lines: list[str] = []

    def listen(_connection: Any, notice: Any) -> None:
        lines.append(str(notice.message))

    connection.add_log_listener(listen)
    try:
        await connection.execute(f"SET LOCAL client_min_messages = notice; {command}")
        await asyncio.sleep(0)  # the last notices are delivered in the loop's next turn
    finally:
        connection.remove_log_listener(listen)
    return lines


async def _of_session(asked: Asked, rest: str) -> str:
    pid, _, started = rest.partition(":")
    try:
        number, when = int(pid), datetime.fromisoformat(started)
    except ValueError:
        raise ProbeError("answer", "this is not the key of a session") from None
    async with read_only(asked.connection, asked.seconds, asked.tally):
        rows = await asked.connection.fetch(asked.sql("query"), number, when)
    if not rows:
        raise ProbeError("answer", f"session {number} has ended")
    return _whole(rows[0])


def _whole(row: Mapping[str, Any]) -> str:
    """The session's query, if it can be explained from here."""
    text = str(row["query"])
    if text == HIDDEN:
        raise ProbeError("answer", "its query may not be read", "GRANT pg_monitor lets us")
    if not row["here"]:
        where = outside(row["database"]) or "no database"
        raise ProbeError("answer", f"it runs in {where}; only a source of that database can say")
    if row["kept"] is not None and len(text.encode()) >= _bytes(row["kept"]) - 1:
        words = f"the server keeps {row['kept']} of a query's text, and this one is longer"
        raise ProbeError("answer", words, "track_activity_query_size makes it more")
    return text


def _bytes(setting: str) -> int:
    """``1kB`` as a number; PostgreSQL's own words for sizes (``pg_settings.unit``)."""
    match = re.fullmatch(r"(\d+)(B|kB|MB)?", setting)
    if match is None:
        return 1024
    return int(match[1]) * {"kB": 1024, "MB": 1 << 20}.get(match[2] or "B", 1)


async def _of_statement(asked: Asked, rest: str) -> str:
    query_id = rest.partition(":")[0]
    async with read_only(asked.connection, asked.seconds, asked.tally):
        rows = await asked.connection.fetch(asked.sql("texts"), [query_id])
    if not rows:
        raise ProbeError("answer", "its text is not kept any more")
    text = str(rows[0]["query"])
    if len(text) >= LONGEST:
        raise ProbeError("answer", f"it is longer than the {LONGEST} characters that are read")
    return text


def _in_words(error: asyncpg.PostgresError, user: str) -> ProbeError:
    said = outside(str(error))
    if error.sqlstate == REFUSED:
        words = f"{said}: EXPLAIN wants the rights of the query itself"
        return ProbeError("answer", words, f"GRANT SELECT ON … TO {user}; for one that reads")
    if error.sqlstate in CUT:
        return ProbeError("answer", f"the plan {CUT[error.sqlstate]}", "try again later")
    return ProbeError("answer", f"the server will not explain it: {said}")
