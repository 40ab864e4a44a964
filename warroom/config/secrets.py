"""Secrets: kept by reference in the file, and in a type that does not print in memory."""

import asyncio
import os
import shlex
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from warroom.config.command import OUTPUT_LIMIT, run
from warroom.config.types import from_folder
from warroom.errors import ProbeError

LIMIT = 10.0
"""Seconds in which a secret must be there."""


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

    @field_validator("file")
    @classmethod
    def _beside(cls, path: str | None, info: ValidationInfo) -> str | None:
        return path and from_folder(path, info)

    @model_validator(mode="after")
    def _one(self) -> "SecretRef":
        given = [x for x in (self.env, self.file, self.command) if x is not None]
        if len(given) != 1:
            raise ValueError('give exactly one of env, file, command: { env = "NAME" }')
        if not given[0] or not given[0][0]:
            raise ValueError("the reference is empty")
        return self


def _not_plain(value: object) -> object:
    if isinstance(value, str):
        raise ValueError('a secret is not written into the file; write { env = "NAME" }')
    return value


SecretField = Annotated[SecretRef, BeforeValidator(_not_plain)]


def references(
    settings: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], SecretRef]]:
    """Every reference in ``settings`` (a model, or what one holds), with where it stands."""
    if isinstance(settings, SecretRef):
        yield path, settings
    elif isinstance(settings, BaseModel):
        for name, field in type(settings).model_fields.items():
            yield from references(getattr(settings, name), (*path, field.alias or name))
    elif isinstance(settings, Mapping):
        for key, inner in settings.items():
            yield from references(inner, (*path, key))
    elif isinstance(settings, (tuple, list)):
        for index, inner in enumerate(settings):
            yield from references(inner, (*path, index))


async def resolve(
    ref: SecretRef, base_dir: Path, environ: Mapping[str, str] | None = None
) -> Secret:
    """The secret itself; raises ProbeError("set-up") within ``LIMIT`` when it is not there.

    A relative ``file`` and the command's working folder are taken from ``base_dir``, the
    configuration's own folder. No error repeats any part of what was read.
    """
    environ = os.environ if environ is None else environ
    if ref.env is not None:
        return Secret(_from_environment(ref.env, environ))
    if ref.file is not None:
        try:
            async with asyncio.timeout(LIMIT):
                return Secret(await asyncio.to_thread(_from_file, base_dir, ref.file))
        except TimeoutError:
            message = f"the secret's file {ref.file} was not read within {LIMIT:g} s"
            raise _missing(message) from None
    output = await run(ref.command or (), base_dir, environ, LIMIT)
    return Secret(_text(output, f"the output of the secret's command {(ref.command or '?')[0]}"))


def at_hand(ref: SecretRef, base_dir: Path) -> Secret:
    """As ``resolve``, at once and without running a command; raises ProbeError."""
    if ref.env is not None:
        return Secret(_from_environment(ref.env, os.environ))
    if ref.file is None:
        raise _missing("the secret is a command's to print")
    return Secret(_from_file(base_dir, ref.file))


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if value:
        return value
    state = "not set" if value is None else "empty"
    raise _missing(
        f"the environment variable {name} is {state}",
        f"export {name}=… where the engine starts, then warroom restart",
    )


def _from_file(folder: Path, name: str) -> str:
    """The file's text. Links are followed (secrets are often mounted as links); what they
    lead to must be a regular file of its owner's alone."""
    path = folder / os.path.expanduser(name)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise _missing(f"the secret's file {path} is no regular file")
            if status.st_mode & 0o066:
                raise _missing(
                    f"the secret's file {path} can be read or written by others",
                    f"chmod 600 {shlex.quote(str(path))}",
                )
            data = file.read(OUTPUT_LIMIT + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _missing(f"the secret's file {path} cannot be read: {reason}") from error
    return _text(data, f"the secret's file {path}")


def _text(data: bytes, what: str) -> str:
    """The secret without its one trailing newline."""
    if len(data) > OUTPUT_LIMIT:
        raise _missing(f"{what} is longer than {OUTPUT_LIMIT >> 10} KiB")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        # Not chained: the error carries the bytes, and a traceback would print them.
        raise _missing(f"{what} is not UTF-8 text") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise _missing(f"{what} is empty")
    return text


def _missing(message: str, hint: str = "") -> ProbeError:
    return ProbeError("set-up", message, hint)
