"""The way to one admin console, with the secrets that its settings refer to."""

from warroom.connect.dsn import DsnSecrets, reveal
from warroom.connect.pgbouncer import Console, connect
from warroom.errors import ProbeError
from warroom.sources.base import Context
from warroom.sources.held import Held
from warroom.sources.pgbouncer.settings import PgbouncerSettings


class Line(Held[DsnSecrets, Console]):
    """Holds at most one connection to the admin console."""

    def __init__(self, settings: PgbouncerSettings, context: Context) -> None:
        super().__init__(settings, context.clock)
        self._settings = settings
        self._context = context

    async def opened(self, secrets: DsnSecrets, ends: float) -> Console:
        resolver, address = self._context.network.resolver, self._settings.address
        return await connect(secrets, resolver, address=address, ends=ends)

    async def revealed(self) -> DsnSecrets:
        try:
            return await reveal(self._settings, self._context.folder, self._context.mask)
        except ValueError:
            # Not chained: the cause repeats what it could not read, password and all.
            raise ProbeError("set-up", "dsn cannot be read", "check dsn") from None
