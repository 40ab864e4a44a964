"""The one connection a source holds: opened when first needed, kept through a storm."""

import asyncio

from warroom.config.secrets import Secret, resolve
from warroom.connect.dsn import reveal
from warroom.connect.kept import Kept
from warroom.connect.redis.address import place, sentinel
from warroom.connect.redis.door import Sentinel, Way, connect
from warroom.connect.redis.talk import Session
from warroom.connect.tls import TlsOptions
from warroom.errors import ProbeError
from warroom.sources.base import Context
from warroom.sources.redis.settings import HINT, RedisSettings
from warroom.text import short_duration


class Line:
    """Holds at most one session."""

    def __init__(self, settings: RedisSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._secrets = Kept(self._reveal, settings, context.clock)
        self._session: Session | None = None
        self.database = 0

    @property
    def open(self) -> bool:
        """Whether there is a session that has been used already."""
        return self._session is not None

    async def get(self, ends: float) -> Session:
        """The session, opened until ``ends`` in the loop's time if there is none. Raises
        RefusedError, ProbeError."""
        if self._session is not None:
            return self._session
        way = await self._resolved(ends)
        try:
            self._session = await connect(way, self._context.network, ends)
        except ProbeError as error:
            if error.phase == "set-up":
                self._secrets.doubt()
            raise
        self.database = way.place.database
        return self._session

    def drop(self) -> None:
        """Let go of the session at once: asked in the middle, it is of no use any more."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    async def close(self) -> None:
        await self._secrets.close()
        self.drop()

    async def _resolved(self, ends: float) -> Way:
        try:
            async with asyncio.timeout_at(ends):
                return await self._secrets.get()
        except TimeoutError:
            within = short_duration(self._settings.deadline)
            raise ProbeError("set-up", f"the secrets were not there within {within}") from None

    async def _reveal(self) -> Way:
        settings, folder = self._settings, self._context.folder
        secrets = await reveal(settings, folder, self._context.mask)
        asked: Secret | None = None
        if settings.sentinel_password is not None:
            asked = await resolve(settings.sentinel_password, folder)
            self._context.mask(asked)
        try:
            where = place(secrets.dsn.reveal())
        except ValueError as error:
            raise ProbeError("set-up", str(error), HINT) from None
        if secrets.password is not None:
            where = where._replace(password=secrets.password)
        return Way(
            place=where,
            address=settings.address,
            tls=TlsOptions(settings.ca_file, settings.client_cert, settings.client_key),
            sentinels=tuple(
                Sentinel(*sentinel(each), settings.sentinel_user, asked)
                for each in settings.sentinels
            ),
        )
