"""The app's database pool is exhausted: slow downloads hold every connection of it."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class PoolExhausted(Fault):
    """What needs the database waits a second for a connection, then answers 503."""

    name = "pool-exhausted"
    title = "Connection pool exhausted: slow downloads sit in open transactions"

    async def switch_on(self, parts: Parts) -> str:
        await parts.outsider("partner").start()
        return "a partner on a bad line began two dozen downloads; each sits in a transaction"

    async def switch_off(self, parts: Parts) -> str:
        await parts.outsider("partner").stop()
        return "the partner has hung up, and holds none of the app's database connections"
