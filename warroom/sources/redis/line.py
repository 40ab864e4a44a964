"""The way to one Redis server, with the secrets that its settings refer to."""

from warroom.connect.redis.door import Way, connect, primary
from warroom.connect.redis.talk import Session
from warroom.connect.redis.way import way_of
from warroom.connect.refused import RefusedError
from warroom.connect.resolver import is_address
from warroom.errors import ProbeError
from warroom.sources.base import Context
from warroom.sources.held import Held
from warroom.sources.redis.settings import RedisSettings

NAMED_AGAIN = 10.0
"""Seconds after which the Sentinels are asked again who is the primary."""


class Line(Held[Way, Session]):
    """Holds at most one session; ``database`` is the number of the one it is in."""

    def __init__(self, settings: RedisSettings, context: Context) -> None:
        super().__init__(settings, context.clock)
        self._settings = settings
        self._context = context
        self.database = 0
        self._named_at = float("-inf")
        self.unnamed = ""
        """Why it is not known whom the Sentinels name now; empty when it is."""

    async def opened(self, secrets: Way, ends: float) -> Session:
        session = await connect(secrets, self._context.network, ends)
        self.database = secrets.place.database
        self._named_at, self.unnamed = self._context.clock.monotonic(), ""
        return session

    async def check_primary(self, ends: float) -> None:
        """Lets go of a session to a server that the Sentinels do not name any more: cut off
        from them, it may go on as a primary of its own. Whom none of them answers keeps what
        he has."""
        now = self._context.clock.monotonic()
        if self._connection is None or not self._settings.sentinels:
            return
        if now - self._named_at < NAMED_AGAIN:
            return
        self._named_at = now
        try:
            host, port = await primary(await self._resolved(ends), self._context.network, ends)
        except (ProbeError, RefusedError) as error:
            self.unnamed = str(error)
            return
        self.unnamed = ""
        named = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if is_address(host) and named != self._connection.peer:
            self.drop()

    async def revealed(self) -> Way:
        settings, context = self._settings, self._context
        return await way_of(settings, settings, context.folder, context.mask)
