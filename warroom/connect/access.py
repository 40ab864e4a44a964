"""The secrets of one source, resolved when first needed and when in doubt."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warroom.clock import Clock
from warroom.config.secrets import Secret, SecretRef, references, resolve
from warroom.connect import http
from warroom.connect.redirect import Headers
from warroom.connect.web import WebSettings

COMMAND_PAUSE = 30.0
"""Seconds between two runs of a secret's command: it may ask a person for a finger."""


@dataclass(frozen=True)
class Granted:
    """What goes with the request: all headers, and the proxy with its password."""

    headers: Headers
    proxy: Secret | None


class Access:
    """Resolves secrets in a task of its own, so that a slow command outlives one poll."""

    def __init__(
        self, settings: WebSettings, clock: Clock, folder: Path, mask: Callable[[Secret], None]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._folder = folder
        self._mask = mask
        self._task: asyncio.Task[Granted] | None = None
        self._begun = 0.0
        self._doubtful = False
        commands = (ref.command for _, ref in references(settings))
        self._pause = COMMAND_PAUSE if any(commands) else 0.0

    async def get(self) -> Granted:
        """The secrets. Raises ProbeError ``set-up``; the deadline is the caller's."""
        now = self._clock.monotonic()
        task = self._task
        if task is None or (task.done() and self._stale(task) and now - self._begun >= self._pause):
            self._doubtful, self._begun = False, now
            task = self._task = asyncio.create_task(self._resolve(), name="secrets")
        return await asyncio.shield(task)

    def doubt(self) -> None:
        """They were refused: perhaps they have changed since."""
        self._doubtful = True

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _stale(self, task: "asyncio.Task[Granted]") -> bool:
        return self._doubtful or task.cancelled() or task.exception() is not None

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
