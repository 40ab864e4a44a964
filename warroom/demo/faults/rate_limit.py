"""Customers are limited: a robot uses the budget of the address they share."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class RateLimited(Fault):
    """Most requests to the API are answered with 429; the pages stay."""

    name = "rate-limit"
    title = "Rate limited: a price robot uses up the customers' budget of requests"

    async def switch_on(self, parts: Parts) -> str:
        await parts.outsider("scraper").start()
        return "a price robot asks 60 times a second from the customers' address"

    async def switch_off(self, parts: Parts) -> str:
        await parts.outsider("scraper").stop()
        return "the price robot is gone; the budget fills again at once"
