"""The mail queue grows past ten thousand jobs: a campaign, and a worker that hangs."""

import msgspec

from warroom.demo.faults.fault import Fault
from warroom.demo.faults.stores import redis
from warroom.demo.parts import Parts
from warroom.demo.shop.store import QUEUE, Job

CAMPAIGN = 11_000


class QueueBacklog(Fault):
    """Nothing is sent any more; the health endpoint says degraded, the worker's nothing."""

    name = "queue-backlog"
    title = "Queue backlog: a campaign queued 11,000 mails, and the worker hangs"

    async def switch_on(self, parts: Parts) -> str:
        jobs = [
            msgspec.json.encode(Job(order, f"customer{order % 400}@shop.example"))
            for order in range(1, CAMPAIGN + 1)  # orders that were there from the beginning
        ]
        async with redis(parts) as client:
            await client.rpush(QUEUE, *jobs)
        hanging = parts.workers.suspend()
        who = "the worker was" if hanging == 1 else f"{hanging} workers were"
        return f"{CAMPAIGN:,} mails were queued, and {who} suspended in mid-work"

    async def switch_off(self, parts: Parts) -> str:
        resumed = parts.workers.resume()
        if not resumed:
            return "no worker hangs any more: they were started anew before"
        who = "the worker goes" if resumed == 1 else f"{resumed} workers go"
        return f"{who} on, and what is queued is worked off"
