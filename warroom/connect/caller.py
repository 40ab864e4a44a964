"""A source's one way to its web address: secrets, route, one connection, doubts."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from warroom.clock import Clock
from warroom.config.secrets import Secret
from warroom.connect.access import Access, Granted
from warroom.connect.channel import Route
from warroom.connect.http import Answer, HttpClient, Request
from warroom.connect.network import Network
from warroom.connect.reply import Asking
from warroom.connect.tls import TlsOptions
from warroom.connect.web import WebSettings
from warroom.errors import ProbeError
from warroom.text import short_duration

_REFUSED = (401, 403)


class Caller:
    """Asks as ``settings`` say. Relative paths in them start at ``folder``; ``mask``
    registers every secret that was revealed."""

    def __init__(
        self,
        settings: WebSettings,
        clock: Clock,
        network: Network,
        folder: Path,
        mask: Callable[[Secret], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._network = network
        self._folder = folder
        self._access = Access(settings, clock, folder, mask)
        self._granted: Granted | None = None
        self._client: HttpClient | None = None

    async def ask(
        self,
        request: Request,
        asking: Asking,
        *,
        spent: float = 0.0,
    ) -> Answer:
        """One exchange within the source's deadline, of which ``spent`` seconds are gone.

        The headers of the settings come on top of the request's own. Raises ProbeError, or
        CertificateError. Secrets that were refused, or did not fit, are looked up again
        before the next exchange.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        client, granted = await self._prepared(spent)
        try:
            answer = await client.exchange(
                replace(request, headers=request.headers + granted.headers),
                asking,
                deadline=self._settings.deadline,
                spent=spent + loop.time() - begun,
            )
        except ProbeError as error:
            if error.phase in ("set-up", "proxy"):
                self._access.doubt()
            raise
        if answer.status in _REFUSED:
            self._access.doubt()
        return answer

    async def close(self) -> None:
        """Let go of the connection and of a look-up of secrets under way."""
        await self._access.close()
        if self._client is not None:
            self._client.close()

    async def _prepared(self, spent: float) -> tuple[HttpClient, Granted]:
        deadline = self._settings.deadline
        try:
            async with asyncio.timeout(max(deadline - spent, 0.0)):
                granted = await self._access.get()
        except TimeoutError:
            within = short_duration(deadline)
            raise ProbeError("set-up", f"the secrets were not there within {within}") from None
        if self._client is None or granted is not self._granted:
            if self._client is not None:
                self._client.close()
            self._client = HttpClient(self._network, self._clock, self._route(granted))
            self._granted = granted
        return self._client, granted

    def _route(self, granted: Granted) -> Route:
        settings, folder = self._settings, self._folder
        files = (settings.ca_file, settings.client_cert, settings.client_key)
        paths = (None if file is None else os.path.join(folder, file) for file in files)
        return Route(TlsOptions(*paths), granted.proxy, settings.address)
