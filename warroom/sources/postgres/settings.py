"""What ``[sources.NAME]`` with ``kind = "postgres"`` may hold."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from warroom.config.secrets import SecretRef
from warroom.config.settings import Settings
from warroom.config.types import Duration, FilePath
from warroom.connect.dsn import DsnSettings
from warroom.connect.values import figure_name, too_many_figures
from warroom.sources.down import DownSettings
from warroom.sources.postgres.figures import UNITS

READS = ("SELECT", "WITH", "VALUES", "TABLE", "SHOW")
"""What a query of the team's own may begin with. That it writes nothing is the transaction's
to see to: it is read-only."""
_COMMENT = re.compile(r"\s*(?:--[^\n]*(?:\n|\Z)|/\*.*?\*/)", re.DOTALL)
_FIRST = re.compile(r"[\s(]*([A-Za-z]+)")


def first_word(sql: str) -> str:
    """The word a statement begins with, in capitals; comments and parentheses left out."""
    rest = sql
    while match := _COMMENT.match(rest):
        rest = rest[match.end() :]
    word = _FIRST.match(rest)
    return word[1].upper() if word is not None else ""


def reads(sql: str) -> str:
    """``sql``, if it begins as something that reads; raises ValueError."""
    if first_word(sql) not in READS:
        raise ValueError(f"a query that reads begins with {', '.join(READS[:-1])} or {READS[-1]}")
    return sql


def _own_name(value: str) -> str:
    return figure_name(value, UNITS, "postgres")


ReadingSql = Annotated[str, AfterValidator(reads)]


class QuerySettings(Settings):
    """``[[sources.NAME.queries]]``: a question of the team's own."""

    name: Annotated[str, AfterValidator(_own_name)] = Field(
        description="what the figure is called: migrations"
    )
    sql: ReadingSql | None = Field(None, description="one statement that reads")
    file: FilePath | None = Field(None, description="a file that holds it, instead of sql")
    gives: Literal["figure", "rows"] = Field(
        "figure", description="one number, or rows, whose count is the figure"
    )
    unit: str = Field("", max_length=20, description='"ms", "s", "%", "B" or a plural noun')
    title: str = Field("", max_length=60, description="what the rows are called on the screen")
    every: Duration = Field(60.0, description="how often it is asked")

    @property
    def measured_in(self) -> str:
        """The figure's unit."""
        return self.unit or ("rows" if self.gives == "rows" else "")

    @model_validator(mode="after")
    def _one_text(self) -> "QuerySettings":
        if (self.sql is None) == (self.file is None):
            said = "one of them is needed" if self.sql is None else "not both"
            raise ValueError(f"sql is the query, file where it is written: {said}")
        return self


class PostgresSettings(DownSettings, DsnSettings):
    """One database of a PostgreSQL server."""

    service: str | None = Field(
        None, description="name of a service in ~/.pg_service.conf, instead of or beside dsn"
    )
    long_query: Duration = Field(
        1.0, description="from when on a query, or an idle transaction, is listed"
    )
    statements: Duration | Literal["off"] = Field(
        30.0, description="how often pg_stat_statements is read, where it is installed"
    )
    environment: ReadingSql | None = Field(
        None, description="a query whose one value names the environment, as proof of [room]"
    )
    queries: tuple[QuerySettings, ...] = Field((), description="questions of the team's own")

    @model_validator(mode="after")
    def _somewhere(self) -> "PostgresSettings":
        if self.dsn is None and self.service is None:
            raise ValueError('dsn or service is needed: dsn = { env = "DATABASE_URL" }')
        if self.password is not None and isinstance(self.dsn, SecretRef):
            raise ValueError("password goes with a dsn in clear, or a service")
        names = [query.name for query in self.queries]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"there are two queries called {twice}; give one another name")
        if wrong := too_many_figures(len(names)):
            raise ValueError(wrong[0])
        return self

    @property
    def units(self) -> dict[str, str]:
        """Every figure of this source with its unit, its own queries' at the end."""
        return UNITS | {query.name: query.measured_in for query in self.queries}
