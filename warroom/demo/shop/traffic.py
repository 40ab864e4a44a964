"""The shop's customers: about ten requests a second, so that there is something to see."""

import asyncio
import logging
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from warroom.demo import lifeline
from warroom.demo.settings import Settings

RATE = 10.0
AT_ONCE = 20
TIMEOUT_S = 3.0
PRODUCTS = 8

log = logging.getLogger(__name__)


class Traffic:
    """Customers who come at random and do not wait for one another."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._under_way: set[asyncio.Task[None]] = set()
        self._wishes: dict[Callable[[], Awaitable[httpx.Response]], float] = {
            lambda: client.get("/"): 45,
            lambda: client.get("/cart"): 20,
            self._add_to_cart: 10,
            lambda: client.get("/login"): 10,
            self._checkout: 15,
        }

    async def run(self) -> None:
        """Send until cancelled.

        The arrivals do not slow down with the answers, as real customers would not; but
        past `AT_ONCE` unanswered requests newcomers turn away at the door.
        """
        while True:
            await asyncio.sleep(random.expovariate(RATE))
            if len(self._under_way) < AT_ONCE:
                task = asyncio.create_task(self._visit())
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def _visit(self) -> None:
        wish = random.choices(list(self._wishes), list(self._wishes.values()))[0]
        try:
            await wish()
        except httpx.TransportError as error:
            log.info("no answer: %r", error)

    async def _add_to_cart(self) -> httpx.Response:
        return await self._client.post("/cart", params={"product": self._product()})

    async def _checkout(self) -> httpx.Response:
        customer = f"customer{random.randrange(1000)}@shop.example"
        wish = {"product": self._product(), "quantity": random.randint(1, 3), "email": customer}
        return await self._client.post("/api/checkout", json=wish)

    def _product(self) -> int:
        return random.randint(1, PRODUCTS)


async def main(settings: Settings) -> None:
    """Send traffic to the shop's web app until SIGTERM."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(
        base_url=settings.web, timeout=TIMEOUT_S, limits=limits, trust_env=False
    ) as client:
        await Traffic(client).run()


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    asyncio.run(main(Settings.read(Path(sys.argv[1]))))
