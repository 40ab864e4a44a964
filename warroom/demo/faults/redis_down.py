"""Redis is gone, and with it carts, checkout and the queue."""

from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts


class RedisDown(Fault):
    """What needs Redis answers 503; the storefront stays."""

    name = "redis-down"
    title = "Redis is down: no carts, no checkout, no queue"
    stops_store = True

    async def switch_on(self, parts: Parts) -> str:
        await parts.redis.stop()
        return "Redis was shut down, every connection to it was cut"

    async def switch_off(self, parts: Parts) -> str:
        ran = parts.redis.child is not None and parts.redis.child.running
        await parts.redis.start()
        if ran:
            return "Redis had been started again before, and answers"
        return "Redis was started again with what it held; the shop reconnects by itself"
