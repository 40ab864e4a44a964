"""What ``[sources.NAME]`` with ``kind = "pgbouncer"`` may hold."""

from pydantic import Field, field_validator, model_validator

from warroom.config.secrets import SecretRef
from warroom.connect.dsn import DsnSettings
from warroom.connect.pgbouncer import place
from warroom.connect.values import TextOrSecret
from warroom.sources.down import DownSettings


class PgbouncerSettings(DownSettings, DsnSettings):
    """One PgBouncer, by its admin console."""

    dsn: TextOrSecret = Field(
        description='postgresql://user@host:6432/pgbouncer, or { env = "PGBOUNCER_URL" }'
    )

    @field_validator("dsn")
    @classmethod
    def _one_console(cls, value: str | SecretRef) -> str | SecretRef:
        if isinstance(value, str):
            place(value)
        return value

    @model_validator(mode="after")
    def _one_password(self) -> "PgbouncerSettings":
        if self.password is not None and isinstance(self.dsn, SecretRef):
            raise ValueError("password goes with a dsn in clear")
        return self
