"""The shop's pages are slow: each waits for the warehouse until its patience is over."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class Slow(Fault):
    """Storefront and cart take more than two seconds; what needs no stock stays quick."""

    name = "slow"
    title = "Slow pages: the warehouse's service hangs, and every page waits for it"

    async def switch_on(self, parts: Parts) -> str:
        parts.warehouse.suspend()
        return "the warehouse's service was suspended: it takes connections and never answers"

    async def switch_off(self, parts: Parts) -> str:
        if not parts.warehouse.suspended:
            return "the warehouse's service had been started anew before, and answers"
        parts.warehouse.resume()
        return "the warehouse's service goes on, and answers what it was asked meanwhile"
