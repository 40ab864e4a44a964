"""Odd API calls: somebody looks for a way in."""

from warroom.demo.faults.fault import Fault
from warroom.demo.outside.address import INTRUDER
from warroom.demo.parts import Parts


class Intruder(Fault):
    """A program scans the shop, guesses passwords and counts through the orders."""

    name = "intruder"
    title = "Odd API calls: somebody scans the shop and guesses passwords"

    async def switch_on(self, parts: Parts) -> str:
        await parts.outsider("intruder").start()
        return f"A program tries the shop's doors, from {INTRUDER} where that can be had"

    async def switch_off(self, parts: Parts) -> str:
        await parts.outsider("intruder").stop()
        return "The program that tried the shop's doors was ended"
