"""Secrets: kept by reference in the file, and in a type that does not print in memory."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

COMMAND_LIMIT = 10.0
"""Seconds a secret's command may take."""


class Secret:
    """A resolved secret. It prints as ``***`` everywhere; ``reveal`` is the only way in."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself: hand it to a driver and nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> Any:
        raise TypeError("a secret is not to be copied out of the process")


class SecretRef(BaseModel):
    """Where a secret is to be found: exactly one of ``env``, ``file`` and ``command``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    env: str | None = Field(None, description="name of an environment variable")
    file: str | None = Field(None, description="path of a file only its owner can read")
    command: tuple[str, ...] | None = Field(
        None, description="argv of a command that prints it; no shell, 10 s at most"
    )

    @model_validator(mode="after")
    def _one(self) -> "SecretRef":
        if sum(x is not None for x in (self.env, self.file, self.command)) != 1:
            raise ValueError('give exactly one of env, file, command: { env = "NAME" }')
        if self.command is not None and not self.command:
            raise ValueError("the command is empty")
        return self


def _not_plain(value: object) -> object:
    if isinstance(value, str):
        raise ValueError('a secret is not written into the file; write { env = "NAME" }')
    return value


SecretField = Annotated[SecretRef, BeforeValidator(_not_plain)]
