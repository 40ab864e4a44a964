"""The web app fills its memory: a crawler makes it draw, and keep, every picture size."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class Memory(Fault):
    """Past 90 % within a minute, and bounded a little above the limit."""

    name = "memory"
    title = "Memory climbs: the app keeps every picture size that a crawler asks for"

    async def switch_on(self, parts: Parts) -> str:
        await parts.outsider("crawler").start()
        return "a crawler asks for every picture in every size; the app keeps each one it drew"

    async def switch_off(self, parts: Parts) -> str:
        await parts.outsider("crawler").stop()
        await parts.restart_web()
        return "the crawler is gone, and the web app was started again with its memory empty"
