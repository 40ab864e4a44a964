"""The one connection a source holds: opened when first needed, kept through a storm."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from warroom.clock import Clock
from warroom.config.settings import SourceSettings
from warroom.connect.kept import Kept
from warroom.connect.lost import LostError
from warroom.errors import ProbeError
from warroom.text import short_duration


class Closing(Protocol):
    """What is used of a connection here."""

    def close(self) -> None:
        """Let go at once, waiting for nobody."""


S = TypeVar("S")
C = TypeVar("C", bound=Closing)
T = TypeVar("T")


class Held(ABC, Generic[S, C]):
    """Holds at most one connection, opened with secrets that are kept as long as they serve."""

    def __init__(self, settings: SourceSettings, clock: Clock) -> None:
        self._within = short_duration(settings.deadline)
        self._secrets = Kept(self.revealed, settings, clock)
        self._connection: C | None = None

    @abstractmethod
    async def revealed(self) -> S:
        """What the settings refer to. Raises ProbeError ``set-up``."""

    @abstractmethod
    async def opened(self, secrets: S, ends: float) -> C:
        """A connection until ``ends`` in the loop's time. Raises RefusedError, ProbeError."""

    @property
    def open(self) -> bool:
        """Whether there is a connection that has been used already."""
        return self._connection is not None

    async def get(self, ends: float) -> C:
        """The connection, opened until ``ends`` in the loop's time if there is none. Raises
        RefusedError, ProbeError."""
        if self._connection is not None:
            return self._connection
        secrets = await self._resolved(ends)
        try:
            self._connection = await self.opened(secrets, ends)
        except ProbeError as error:
            if error.phase == "set-up":
                self._secrets.doubt()
            raise
        return self._connection

    def drop(self) -> None:
        """Let go of the connection at once: asked in the middle, it is of no use any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def over(self, once: Callable[[], Awaitable[T]]) -> T:
        """What ``once`` gives, over the connection that is held; one that proves dead is opened
        anew, once. Raises ProbeError for one that breaks again, and what ``once`` does."""
        if self.open:
            try:
                return await once()
            except LostError:
                self.drop()
        try:
            return await once()
        except LostError as error:
            raise ProbeError("answer", f"connection lost in the midst of it: {error}") from error

    async def close(self) -> None:
        await self._secrets.close()
        self.drop()

    async def _resolved(self, ends: float) -> S:
        try:
            async with asyncio.timeout_at(ends):
                return await self._secrets.get()
        except TimeoutError:
            words = f"the secrets were not there within {self._within}"
            raise ProbeError("set-up", words) from None
