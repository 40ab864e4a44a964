"""The settings of ``[checks.NAME]``: what is looked at on request, by kind. They only read."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt, model_validator

from warroom.config.actions_settings import Pattern
from warroom.config.receivers_settings import sound_headers, web_address
from warroom.config.redis_reads import reads
from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings
from warroom.config.sql_effects import effect
from warroom.config.types import Duration, FilePath, written_duration

ONE_REQUEST = 10.0
"""Seconds that one request of a burst may take: the others are to be sent as well."""
_READING = re.compile(
    r"(?:\s|\(|--[^\n]*\n)*(?:SELECT|WITH|TABLE|VALUES|SHOW|EXPLAIN)\b", re.IGNORECASE
)


def _variables(value: dict[str, str | SecretRef]) -> dict[str, str | SecretRef]:
    for name in value:
        if not name or "=" in name or "\0" in name:
            raise ValueError(f"{name!r} is no name of a variable")
    return value


def _query(value: str) -> str:
    if not _READING.match(value):
        raise ValueError("begins with none of SELECT, WITH, TABLE, VALUES, SHOW and EXPLAIN")
    if called := effect(value):
        raise ValueError(
            f"calls {called}, which does more than read; what acts is one of [actions.NAME]"
        )
    return value


Variables = Annotated[dict[str, str | SecretRef], AfterValidator(_variables), Field(max_length=40)]


class CheckSettings(Settings):
    """The options of every kind of check."""

    kind: str = Field(description="command, sql, redis, burst or logs")
    title: str = Field(
        "",
        max_length=60,
        description="what it is called; its name, with blanks for - and _, if not given",
    )
    deadline: Duration = Field(
        30.0, ge=1, le=300, description="how long it may take; then it is ended"
    )


class CommandCheck(CheckSettings):
    """A program whose exit status is the answer: no shell, no terminal. That it only reads is the
    team's word."""

    kind: Literal["command"]
    argv: tuple[str, ...] = Field(min_length=1, max_length=60, description="program and arguments")
    cwd: FilePath = Field("", description="where it is run; this file's folder by default")
    env: Variables = Field(
        {}, description='variables it gets beside a few harmless ones; a secret as { env = "NAME" }'
    )
    stdin: str = Field("", max_length=8_000, description="what it reads")
    statuses: tuple[Annotated[StrictInt, Field(ge=0, le=255)], ...] = Field(
        (0,), min_length=1, max_length=20, description="exit statuses that mean good"
    )


class SqlCheck(CheckSettings):
    """A query, in a transaction that can only read, on a connection of its own."""

    kind: Literal["sql"]
    source: str = Field(description="the source of kind postgres whose server is asked")
    sql: Annotated[str, AfterValidator(_query)] = Field(
        min_length=1, max_length=8_000, description="one query"
    )
    rows: int = Field(20, ge=1, le=200, description="how many rows are shown")


class RedisCheck(CheckSettings):
    """A command of Redis that only reads, and costs little."""

    kind: Literal["redis"]
    source: str = Field(description="the source of kind redis whose server is asked")
    command: Annotated[tuple[str, ...], AfterValidator(reads)] = Field(
        min_length=1,
        max_length=10,
        description='the command and its arguments, such as ["INFO", "memory"]; of those that read '
        "and take little time",
    )


class BurstCheck(CheckSettings):
    """Several requests in a row, each on a new connection, and how long each part of it took."""

    kind: Literal["burst"]
    url: Annotated[str, AfterValidator(web_address)] = Field(description="the address to ask")
    method: Literal["GET", "HEAD"] = Field("GET", description="how it is asked")
    count: int = Field(10, ge=1, le=60, description="how many requests")
    gap: Duration = Field(
        1.0, ge=0.1, le=30, description="from the start of one to the start of the next"
    )
    headers: Annotated[dict[str, str | SecretRef], AfterValidator(sound_headers)] = Field(
        {}, max_length=20, description='headers to send; a secret one as { env = "NAME" }'
    )
    bearer: SecretField | None = Field(None, description="bearer token (RFC 6750)")
    ca_file: FilePath | None = Field(
        None, min_length=1, description="PEM file of the authorities to trust, and no others"
    )
    expect: Annotated[StrictInt, Field(ge=100, le=599)] | None = Field(
        None, description="the status that is good; 200 to 299 if not given"
    )
    slow: Duration | None = Field(None, description="over this an answer is slow, and not good")

    @model_validator(mode="after")
    def _in_time(self) -> "BurstCheck":
        if (self.count - 1) * self.gap >= self.deadline:
            words = f"the last of {self.count} requests {written_duration(self.gap)} apart"
            more = "write fewer, a shorter gap or a longer deadline"
            raise ValueError(
                f"{words} is not sent within the deadline of "
                f"{written_duration(self.deadline)}; {more}"
            )
        if self.bearer is not None and "authorization" in map(str.lower, self.headers):
            raise ValueError("bearer is the header Authorization; leave one of them out")
        return self


class LogsCheck(CheckSettings):
    """Log lines of a file, or that a program prints: those that match, grouped and counted."""

    kind: Literal["logs"]
    argv: tuple[str, ...] = Field((), max_length=60, description="the program that prints them")
    file: FilePath = Field(
        "", description="instead of argv: the file they stand in; its end is read"
    )
    cwd: FilePath = Field("", description="where argv is run; this file's folder by default")
    env: Variables = Field({}, description="variables that argv gets")
    pattern: Pattern = Field(r'ERROR|FATAL|" 5\d\d ', description="which lines count (RE2)")
    groups: int = Field(10, ge=1, le=60, description="how many groups are shown")

    @model_validator(mode="after")
    def _one(self) -> "LogsCheck":
        if bool(self.argv) == bool(self.file):
            raise ValueError("give argv, the program that prints them, or file, where they stand")
        if self.file and (self.cwd or self.env):
            raise ValueError("cwd and env go with argv")
        return self


KINDS: dict[str, type[CheckSettings]] = {
    "command": CommandCheck,
    "sql": SqlCheck,
    "redis": RedisCheck,
    "burst": BurstCheck,
    "logs": LogsCheck,
}
"""The kinds of check, each with its model."""
