"""The way to one Redis server, with the secrets that its settings refer to."""

from warroom.config.secrets import Secret, resolve
from warroom.connect.dsn import reveal
from warroom.connect.redis.address import place, sentinel
from warroom.connect.redis.door import Sentinel, Way, connect
from warroom.connect.redis.talk import Session
from warroom.connect.tls import TlsOptions
from warroom.errors import ProbeError
from warroom.sources.base import Context
from warroom.sources.held import Held
from warroom.sources.redis.settings import HINT, RedisSettings


class Line(Held[Way, Session]):
    """Holds at most one session; ``database`` is the number of the one it is in."""

    def __init__(self, settings: RedisSettings, context: Context) -> None:
        super().__init__(settings, context.clock)
        self._settings = settings
        self._context = context
        self.database = 0

    async def opened(self, secrets: Way, ends: float) -> Session:
        session = await connect(secrets, self._context.network, ends)
        self.database = secrets.place.database
        return session

    async def revealed(self) -> Way:
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
