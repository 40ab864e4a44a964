"""The one connection a source holds: opened when first needed, kept through a storm."""

from pathlib import Path

from warroom.connect.dsn import DsnSecrets, reveal
from warroom.connect.kept import Kept
from warroom.connect.postgres import Connection, connect, farewell
from warroom.errors import ProbeError
from warroom.sources.base import Context
from warroom.sources.postgres.settings import PostgresSettings


class Line:
    """Holds at most one connection. ``peer`` is the address it goes to."""

    def __init__(self, settings: PostgresSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._secrets = Kept(self._reveal, settings, context.clock)
        self._connection: Connection | None = None
        self.peer = ""

    @property
    def open(self) -> bool:
        """Whether there is a connection that has been used already."""
        return self._connection is not None and not self._connection.is_closed()

    async def get(self, seconds: float) -> Connection:
        """The connection, opened within ``seconds`` if there is none. Raises RefusedError,
        ProbeError."""
        if self._connection is not None and not self._connection.is_closed():
            return self._connection
        self._connection = None
        secrets = await self._secrets.get()
        try:
            self._connection, self.peer = await connect(
                secrets,
                self._context.network.resolver,
                service=self._settings.service,
                address=self._settings.address,
                seconds=seconds,
            )
        except ProbeError as error:
            if error.phase == "set-up":
                self._secrets.doubt()
            raise
        return self._connection

    def drop(self) -> None:
        """Let go of the connection at once: asked in the middle, it is of no use any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def close(self) -> None:
        await self._secrets.close()
        connection, self._connection = self._connection, None
        if connection is not None:
            await farewell(connection)

    async def _reveal(self) -> DsnSecrets:
        folder: Path = self._context.folder
        return await reveal(self._settings, folder, self._context.mask)
