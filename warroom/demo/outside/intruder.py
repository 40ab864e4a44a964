"""Somebody who looks for a way into the shop: scans, guesses passwords, counts through orders."""

import asyncio
import itertools
import logging
import random
from collections.abc import Awaitable, Callable

import httpx

from warroom.demo import customers
from warroom.demo.outside.address import INTRUDER, usable
from warroom.demo.outside.run import run
from warroom.demo.settings import Settings

SCAN_S, GUESS_S, COUNT_S = 0.5, 0.2, 0.4
"""Between two requests of each kind: some ten a second in all."""

SCANNER = "Mozilla/5.0 (compatible; Nmap Scripting Engine)"
SCRIPT = "python-requests/2.31.0"
DOORS = (
    "/.env",
    "/.git/config",
    "/wp-login.php",
    "/phpmyadmin/index.php",
    "/admin",
    "/actuator/env",
    "/api/v1/users?id=1%20OR%201=1",
    "/cgi-bin/.%2e/.%2e/etc/passwd",
    "/backup.sql",
    "/server-status",
)
WORDS = ("123456", "password", "qwerty", "letmein", "iloveyou", "welcome1", "shop2026")

log = logging.getLogger(__name__)


Try = Callable[[], Awaitable[httpx.Response]]


class Intruder:
    """Its three ways, each at a pace of its own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._doors = itertools.cycle(DOORS)
        self._orders = itertools.count(1)

    async def run(self) -> None:
        """Go on until the process ends."""
        await asyncio.gather(
            _again(self._scan, SCAN_S), _again(self._guess, GUESS_S), _again(self._count, COUNT_S)
        )

    async def _scan(self) -> httpx.Response:
        return await self._client.get(next(self._doors), headers={"User-Agent": SCANNER})

    async def _guess(self) -> httpx.Response:
        email = customers.email(random.randrange(customers.COUNT))
        form = {"email": email, "password": random.choice(WORDS)}
        return await self._client.post("/login", data=form, headers={"User-Agent": SCRIPT})

    async def _count(self) -> httpx.Response:
        order = next(self._orders)
        return await self._client.get(f"/api/orders/{order}", headers={"User-Agent": SCRIPT})


async def _again(attempt: Try, pause: float) -> None:
    while True:
        try:
            await attempt()
        except httpx.TransportError as error:
            log.info("no answer: %r", error)
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))


async def main(settings: Settings) -> None:
    """Try the shop's doors, from an address of its own where there is one."""
    transport = httpx.AsyncHTTPTransport(local_address=usable(INTRUDER))
    async with httpx.AsyncClient(
        base_url=settings.web, timeout=3.0, trust_env=False, transport=transport
    ) as client:
        await Intruder(client).run()


if __name__ == "__main__":
    run(main)
