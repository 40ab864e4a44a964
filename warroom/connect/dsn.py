"""Addresses of databases: a URL without a password, or the whole of it by reference."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, field_validator

from warroom.config.secrets import Secret, SecretField, SecretRef, resolve
from warroom.config.settings import SourceSettings
from warroom.connect.values import IpAddress, TextOrSecret
from warroom.errors import ProbeError

_SECRET_OPTIONS = frozenset({"password", "sslpassword"})


class DsnSettings(SourceSettings):
    """Where a database is, and with which password; a kind's own model adds to them."""

    dsn: TextOrSecret | None = Field(
        None, description='postgresql://user@host:5432/database, or { env = "DATABASE_URL" }'
    )
    password: SecretField | None = Field(
        None, description="where the password is to be found, if not in dsn or ~/.pgpass"
    )
    address: IpAddress | None = Field(
        None, description="IP address to connect to; TLS still proves the host's name, DNS is free"
    )

    @field_validator("dsn")
    @classmethod
    def _no_password(cls, value: str | SecretRef | None) -> str | SecretRef | None:
        return database_address(value) if isinstance(value, str) else value


def database_address(value: str) -> str:
    """``value``, if it is an address in clear; raises ValueError that says what would be right."""
    example = "write it as postgresql://user@db.example:5432/database"
    try:
        parts = urlsplit(value)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise ValueError(f"no address; {example}") from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"no address of a database; {example}")
    if ":" in parts.netloc.rpartition("@")[0] or _SECRET_OPTIONS & set(options):
        raise ValueError(
            'a password does not stand in the file; write dsn = { env = "DATABASE_URL" }, or '
            'password = { env = "NAME" } beside the address without it'
        )
    return value


def hosts_of(dsn: str) -> list[tuple[str, int | None]]:
    """The hosts of an address with their ports, None where it names none; empty when it
    leaves them to the environment or a service. Raises ValueError."""
    parts = urlsplit(dsn)
    named = parts.netloc.rpartition("@")[2]
    if not named:
        options = dict(parse_qsl(parts.query))
        ports = [int(port) if port else None for port in options.get("port", "").split(",")]
        hosts = [host for host in options.get("host", "").split(",") if host]
        if len(ports) == 1:
            ports *= len(hosts)
        return list(zip(hosts, ports, strict=True))
    return [_host(part) for part in named.split(",")]


def _host(part: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", part)
    if match is None:
        raise ValueError("a host that cannot be read")
    host = unquote(match[1].removeprefix("[").removesuffix("]"))
    return host or "localhost", int(match[2]) if match[2] else None


class DsnSecrets:
    """The address and the password of one source, as they are to be handed to a driver."""

    def __init__(self, dsn: str, password: Secret | None) -> None:
        self.dsn = Secret(dsn)
        self.password = password
        self.options = dict(parse_qsl(urlsplit(dsn).query))


async def reveal(settings: DsnSettings, folder: Path, mask: Callable[[Secret], None]) -> DsnSecrets:
    """What ``settings`` refer to; every secret in it is masked. Raises ProbeError ``set-up``."""
    dsn = settings.dsn
    if isinstance(dsn, SecretRef):
        whole = await resolve(dsn, folder)
        mask(whole)
        for inner in _passwords(whole.reveal()):
            mask(Secret(inner))
        dsn = whole.reveal().strip()
        _readable(dsn)
    password = None
    if settings.password is not None:
        password = await resolve(settings.password, folder)
        mask(password)
    return DsnSecrets(dsn or "", password)


def _readable(dsn: str) -> None:
    """Raises ProbeError for what is no address; the parser's own words would tell the password."""
    try:
        urlsplit(dsn)
    except ValueError:
        raise ProbeError("set-up", "dsn cannot be read as an address", "check dsn") from None


def _passwords(dsn: str) -> list[str]:
    """The passwords in an address, as they stand there and as they are meant."""
    try:
        parts = urlsplit(dsn)
        held = [value for name, value in parse_qsl(parts.query) if name in _SECRET_OPTIONS]
    except ValueError:
        return []
    written = parts.netloc.rpartition("@")[0].partition(":")[2]
    return [text for text in (*held, written, unquote(written)) if text]
