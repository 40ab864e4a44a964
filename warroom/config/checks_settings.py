"""The settings of ``[checks.NAME]``: what is looked at on request, by kind. They only read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt, model_validator

from warroom.config.actions_settings import Pattern
from warroom.config.receivers_settings import sound_headers, web_address
from warroom.config.redis_reads import reads
from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings
from warroom.config.types import Duration, FilePath


class CheckSettings(Settings):
    """What all kinds share."""

    kind: str = Field(description="command, sql, redis, burst or logs")
    title: str = Field("", max_length=60, description="what it is called; its name if not given")
    deadline: Duration = Field(30.0, ge=1, le=300, description="over it is ended")


class CommandCheck(CheckSettings):
    """A program whose exit status is the answer."""

    kind: Literal["command"]
    argv: tuple[str, ...] = Field(min_length=1, max_length=60, description="program and arguments")
    cwd: FilePath = Field("", description="where it is run; this file's folder by default")
    env: dict[str, str | SecretRef] = Field({}, description="variables it gets")
    stdin: str = Field("", max_length=8_000, description="what it reads")
    statuses: tuple[StrictInt, ...] = Field((0,), description="exit statuses that mean good")


class SqlCheck(CheckSettings):
    """A query in a transaction that can only read."""

    kind: Literal["sql"]
    source: str = Field(description="the postgres source whose server is asked")
    sql: str = Field(min_length=1, max_length=8_000, description="one query")
    rows: int = Field(20, ge=1, le=200, description="how many rows are shown")


class RedisCheck(CheckSettings):
    """A command of Redis that only reads."""

    kind: Literal["redis"]
    source: str = Field(description="the redis source whose server is asked")
    command: Annotated[tuple[str, ...], AfterValidator(reads)] = Field(
        min_length=1, max_length=10, description='such as ["INFO", "memory"]'
    )


class BurstCheck(CheckSettings):
    """Several requests in a row, each with its phases."""

    kind: Literal["burst"]
    url: Annotated[str, AfterValidator(web_address)] = Field(description="what to ask")
    method: Literal["GET", "HEAD"] = Field("GET", description="GET or HEAD")
    count: int = Field(10, ge=1, le=60, description="how many requests")
    gap: Duration = Field(1.0, ge=0.1, le=30, description="from the start of one to the next")
    headers: Annotated[dict[str, str | SecretRef], AfterValidator(sound_headers)] = Field(
        {}, max_length=20, description="to send"
    )
    bearer: SecretField | None = Field(None, description="bearer token (RFC 6750)")
    ca_file: FilePath | None = Field(
        None, min_length=1, description="PEM file of the authorities to trust, and no others"
    )
    expect: StrictInt | None = Field(None, description="the status that is good; 2xx if not given")
    slow: Duration | None = Field(None, description="over this an answer is slow")


class LogsCheck(CheckSettings):
    """Log lines of a file, or that a program prints: those that match, grouped and counted."""

    kind: Literal["logs"]
    argv: tuple[str, ...] = Field((), max_length=60, description="the program that prints them")
    file: FilePath = Field("", description="instead: the file they stand in")
    cwd: FilePath = Field("", description="where the program is run")
    env: dict[str, str | SecretRef] = Field({}, description="variables it gets")
    pattern: Pattern = Field(r'ERROR|FATAL|" 5\d\d ', description="which lines count (RE2)")
    groups: int = Field(10, ge=1, le=60, description="how many groups are shown")

    @model_validator(mode="after")
    def _one(self) -> "LogsCheck":
        if bool(self.argv) == bool(self.file):
            raise ValueError("give argv, the program that prints them, or file, where they stand")
        return self


KINDS: dict[str, type[CheckSettings]] = {
    "command": CommandCheck,
    "sql": SqlCheck,
    "redis": RedisCheck,
    "burst": BurstCheck,
    "logs": LogsCheck,
}
"""The kinds of check, each with its model."""
