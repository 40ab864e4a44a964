"""Somebody's price robot, behind the same address as the customers, in a great hurry.

It takes no notice of status 429 nor of Retry-After.
"""

import asyncio
import logging

import httpx

from warroom.demo.outside.run import run
from warroom.demo.settings import Settings

ROBOTS = 4
PAUSE_S = 0.06
"""Between two requests of one robot: some 60 requests a second in all."""

log = logging.getLogger(__name__)


async def main(settings: Settings) -> None:
    """Ask for the prices again and again."""
    headers = {"User-Agent": "price-robot/0.9"}
    async with httpx.AsyncClient(
        base_url=settings.web, timeout=3.0, headers=headers, trust_env=False
    ) as client:
        await asyncio.gather(*(_ask(client) for _ in range(ROBOTS)))


async def _ask(client: httpx.AsyncClient) -> None:
    while True:
        try:
            await client.get("/api/products")
        except httpx.TransportError as error:
            log.info("no answer: %r", error)
        await asyncio.sleep(PAUSE_S)


if __name__ == "__main__":
    run(main)
