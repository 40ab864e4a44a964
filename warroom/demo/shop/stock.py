"""What the warehouse has in stock, asked of its service for every page."""

import asyncio
import logging
from collections.abc import Mapping

import httpx
import msgspec
from prometheus_client import Histogram

from warroom.demo.settings import Settings
from warroom.demo.switches import Switches

PATIENCE_S = 2.4
"""How long a page waits for the warehouse before it goes without."""

log = logging.getLogger(__name__)


class Warehouse:
    """The client of the warehouse's service."""

    def __init__(self, settings: Settings, switches: Switches, seconds: Histogram) -> None:
        self._switches = switches
        self._client = httpx.AsyncClient(
            base_url=settings.warehouse, timeout=PATIENCE_S, trust_env=False
        )
        self._seconds = seconds

    async def stock(self) -> Mapping[int, int]:
        """Pieces by product; empty when the warehouse does not say, for a page sells without,
        and when it is not to be asked."""
        if not self._switches.flag("stock"):
            return {}
        with self._seconds.time():
            try:
                async with asyncio.timeout(PATIENCE_S):  # httpx counts each phase by itself
                    answer = await self._client.get("/stock")
                return msgspec.json.decode(answer.content, type=dict[int, int])
            except (httpx.TransportError, TimeoutError, msgspec.DecodeError) as error:
                log.warning("the warehouse does not say what is in stock: %r", error)
                return {}

    async def close(self) -> None:
        await self._client.aclose()
