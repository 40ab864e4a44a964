"""The one connection a source holds: opened when first needed, kept through a storm."""

import asyncio

from warroom.connect.dsn import DsnSecrets, reveal
from warroom.connect.kept import Kept
from warroom.connect.pgbouncer import Console, connect
from warroom.errors import ProbeError
from warroom.sources.base import Context
from warroom.sources.pgbouncer.settings import PgbouncerSettings
from warroom.text import short_duration


class Line:
    """Holds at most one connection to the admin console."""

    def __init__(self, settings: PgbouncerSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._secrets = Kept(self._reveal, settings, context.clock)
        self._console: Console | None = None

    @property
    def open(self) -> bool:
        """Whether there is a connection that has been used already."""
        return self._console is not None

    async def get(self, ends: float) -> Console:
        """The connection, opened until ``ends`` in the loop's time if there is none. Raises
        RefusedError, ProbeError."""
        if self._console is not None:
            return self._console
        secrets = await self._resolved(ends)
        try:
            self._console = await connect(
                secrets,
                self._context.network.resolver,
                address=self._settings.address,
                ends=ends,
            )
        except ProbeError as error:
            if error.phase == "set-up":
                self._secrets.doubt()
            raise
        return self._console

    def drop(self) -> None:
        """Let go of the connection at once: asked in the middle, it is of no use any more."""
        console, self._console = self._console, None
        if console is not None:
            console.close()

    async def close(self) -> None:
        await self._secrets.close()
        self.drop()

    async def _resolved(self, ends: float) -> DsnSecrets:
        try:
            async with asyncio.timeout_at(ends):
                return await self._secrets.get()
        except TimeoutError:
            within = short_duration(self._settings.deadline)
            raise ProbeError("set-up", f"the secrets were not there within {within}") from None

    async def _reveal(self) -> DsnSecrets:
        try:
            return await reveal(self._settings, self._context.folder, self._context.mask)
        except ValueError:
            # Not chained: the cause repeats what it could not read, password and all.
            raise ProbeError("set-up", "dsn cannot be read", "check dsn") from None
