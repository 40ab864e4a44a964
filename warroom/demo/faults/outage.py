"""Everything down: the database is gone, and with it whatever needs it."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class Outage(Fault):
    """The shop answers 503, the worker stands still; both heal by themselves."""

    name = "outage"
    title = "Complete outage: the database is stopped"
    stops_store = True

    async def switch_on(self, parts: Parts) -> str:
        await parts.postgres.stop()
        return "PostgreSQL was shut down at once, every connection to it was cut"

    async def switch_off(self, parts: Parts) -> str:
        ran = parts.postgres.child is not None and parts.postgres.child.running
        await parts.postgres.start()
        if ran:
            return "PostgreSQL had been started again before, and answers"
        return "PostgreSQL was started again and has recovered; the shop reconnects by itself"
