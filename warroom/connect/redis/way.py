"""The way to a Redis server, made of settings and the secrets they refer to."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from warroom.config.secrets import Secret, SecretRef, resolve
from warroom.connect.dsn import DsnSettings, reveal
from warroom.connect.redis.address import place, sentinel
from warroom.connect.redis.door import Sentinel, Way
from warroom.connect.tls import TlsOptions
from warroom.errors import ProbeError

HINT = 'write dsn = { env = "REDIS_URL" }, or password = { env = "NAME" } beside dsn without it'


class Extras(Protocol):
    """What Redis' settings have beside a dsn's."""

    @property
    def sentinels(self) -> tuple[str, ...]: ...
    @property
    def sentinel_user(self) -> str: ...
    @property
    def sentinel_password(self) -> SecretRef | None: ...
    @property
    def ca_file(self) -> str | None: ...
    @property
    def client_cert(self) -> str | None: ...
    @property
    def client_key(self) -> str | None: ...


async def way_of(
    settings: DsnSettings, extras: Extras, folder: Path, mask: Callable[[Secret], None]
) -> Way:
    """Every secret in it is masked. Raises ProbeError ``set-up``."""
    secrets = await reveal(settings, folder, mask)
    asked: Secret | None = None
    if extras.sentinel_password is not None:
        asked = await resolve(extras.sentinel_password, folder)
        mask(asked)
    try:
        where = place(secrets.dsn.reveal())
    except ValueError as error:
        raise ProbeError("set-up", str(error), HINT) from None
    if secrets.password is not None:
        where = where._replace(password=secrets.password)
    return Way(
        place=where,
        address=settings.address,
        tls=TlsOptions(extras.ca_file, extras.client_cert, extras.client_key),
        sentinels=tuple(
            Sentinel(*sentinel(each), extras.sentinel_user, asked) for each in extras.sentinels
        ),
    )
