"""What ``[sources.NAME]`` with ``kind = "postgres"`` may hold."""

from typing import Literal

from pydantic import Field, model_validator

from warroom.config.secrets import SecretRef
from warroom.config.types import Duration
from warroom.connect.dsn import DsnSettings
from warroom.sources.down import DownSettings


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

    @model_validator(mode="after")
    def _somewhere(self) -> "PostgresSettings":
        if self.dsn is None and self.service is None:
            raise ValueError('dsn or service is needed: dsn = { env = "DATABASE_URL" }')
        if self.password is not None and isinstance(self.dsn, SecretRef):
            raise ValueError("password goes with a dsn in clear, or a service")
        return self
