"""The shop's customers: about ten requests a second, so that there is something to see."""

import asyncio
import logging
import os
import random
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from warroom.demo import customers, lifeline
from warroom.demo.settings import Settings
from warroom.demo.shop.pages import PICTURE_WIDTH, SESSION

RATE = 10.0
AT_ONCE = 20
TIMEOUT_S = 3.0
PRODUCTS = 8
MISTYPED = 0.04
"""The share of sign-ins with a wrong password: people mistype."""
REGULARS = 20
"""Customers who have a cart and come again."""

log = logging.getLogger(__name__)


class Traffic:
    """Customers who come at random and do not wait for one another."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self._client = client
        self._key = key
        self._under_way: set[asyncio.Task[None]] = set()
        self._regulars = [f"{SESSION}={secrets.token_hex(8)}" for _ in range(REGULARS)]
        self._wishes: dict[Callable[[], Awaitable[httpx.Response]], float] = {
            lambda: client.get("/"): 38,
            self._look_at_cart: 18,
            self._add_to_cart: 10,
            lambda: client.get("/login"): 4,
            self._sign_in: 4,
            self._checkout: 15,
            self._picture: 5,
            lambda: client.get("/api/products"): 3,
            lambda: client.get("/export/orders.csv"): 1,
            lambda: client.get("/api/health"): 1,  # a load balancer's
            lambda: client.get("/api/checkout/health"): 1,
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
        regular = {"Cookie": random.choice(self._regulars)}
        return await self._client.post(
            "/cart", params={"product": self._product()}, headers=regular
        )

    async def _look_at_cart(self) -> httpx.Response:
        """Every third is a newcomer, who has nothing in it."""
        regular = {"Cookie": random.choice(self._regulars)} if random.randrange(3) else {}
        return await self._client.get("/cart", headers=regular)

    async def _picture(self) -> httpx.Response:
        wish = {"product": self._product(), "width": PICTURE_WIDTH}
        return await self._client.get("/picture", params=wish)

    async def _sign_in(self) -> httpx.Response:
        number = random.randrange(customers.COUNT)
        password = customers.password(self._key, number)
        if random.random() < MISTYPED:
            password = password[1:]
        form = {"email": customers.email(number), "password": password}
        return await self._client.post("/login", data=form)

    async def _checkout(self) -> httpx.Response:
        customer = f"customer{random.randrange(1000)}@shop.example"
        wish = {"product": self._product(), "quantity": random.randint(1, 3), "email": customer}
        return await self._client.post("/api/checkout", json=wish)

    def _product(self) -> int:
        return random.randint(1, PRODUCTS)


async def main(settings: Settings) -> None:
    """Send traffic to the shop's web app until SIGTERM."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    # One client plays all customers: what the shop gives one of them is not another's.
    none_kept = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    async with httpx.AsyncClient(
        base_url=settings.web, timeout=TIMEOUT_S, limits=limits, trust_env=False, cookies=none_kept
    ) as client:
        await Traffic(client, settings.customers_key).run()


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    lifeline.watch(lambda: os.kill(os.getpid(), signal.SIGTERM))
    asyncio.run(main(Settings.read(Path(sys.argv[1]))))
