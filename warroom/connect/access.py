"""The secrets of one web source, resolved when first needed and when in doubt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warroom.clock import Clock
from warroom.config.secrets import Secret, SecretRef, resolve
from warroom.connect import http
from warroom.connect.kept import Kept
from warroom.connect.redirect import Headers
from warroom.connect.web import WebSettings


@dataclass(frozen=True)
class Granted:
    """What goes with the request: all headers, and the proxy with its password."""

    headers: Headers
    proxy: Secret | None


class Access(Kept[Granted]):
    """What ``settings`` name; ``mask`` registers every secret that was revealed."""

    def __init__(
        self, settings: WebSettings, clock: Clock, folder: Path, mask: Callable[[Secret], None]
    ) -> None:
        super().__init__(self._resolve, settings, clock)
        self._settings = settings
        self._folder = folder
        self._mask = mask

    async def _resolve(self) -> Granted:
        settings = self._settings
        headers: list[tuple[str, str | Secret]] = []
        for name, value in settings.headers.items():
            headers.append((name, value if isinstance(value, str) else await self._secret(value)))
        if settings.basic is not None:
            password = await self._secret(settings.basic.password)
            authorization = http.basic(settings.basic.user, password)
            self._mask(Secret(authorization.reveal().removeprefix("Basic ")))
            headers.append(("Authorization", authorization))
        if settings.bearer is not None:
            headers.append(("Authorization", http.bearer(await self._secret(settings.bearer))))
        proxy = settings.proxy
        if isinstance(proxy, SecretRef):
            return Granted(tuple(headers), await self._secret(proxy))
        return Granted(tuple(headers), None if proxy is None else Secret(proxy))

    async def _secret(self, ref: SecretRef) -> Secret:
        secret = await resolve(ref, self._folder)
        self._mask(secret)
        return secret
