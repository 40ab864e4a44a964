"""A crawler that wants every picture of the shop in every size there is."""

import asyncio
import itertools
import logging

import httpx

from warroom.demo.outside.run import run
from warroom.demo.settings import Settings

RATE = 12.0
"""Pictures a second: with `WIDTHS` 5 MB/s at the beginning."""
WIDTHS = range(420, 1025)
PRODUCTS = range(1, 9)

log = logging.getLogger(__name__)


async def main(settings: Settings) -> None:
    """Ask for one picture after the other, and begin again after the last."""
    headers = {"User-Agent": "picture-crawler/2.1"}
    async with httpx.AsyncClient(
        base_url=settings.web, timeout=3.0, headers=headers, trust_env=False
    ) as client:
        for width, product in itertools.cycle(itertools.product(WIDTHS, PRODUCTS)):
            try:
                await client.get("/picture", params={"product": product, "width": width})
            except httpx.TransportError as error:
                log.info("no answer: %r", error)
            await asyncio.sleep(1 / RATE)


if __name__ == "__main__":
    run(main)
