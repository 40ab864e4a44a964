"""What Celery's worker is asked to do; run and imported by it."""

import os
import time

from celery import Celery

app = Celery("shop", broker=os.environ.get("BROKER", "memory://"))
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = False


@app.task(name="shop.wait")  # type: ignore[untyped-decorator]
def wait(number: int) -> None:
    """Waits for the key ``go``, which holds how many may be done."""
    import redis

    with redis.Redis.from_url(os.environ["BROKER"]) as client:
        while int(client.get("go") or 0) <= number:
            time.sleep(0.01)


@app.task(name="shop.late", acks_late=True)  # type: ignore[untyped-decorator]
def late(number: int) -> None:
    """As ``wait``, acknowledged when it is done, and noted then."""
    import redis

    with redis.Redis.from_url(os.environ["BROKER"]) as client:
        while int(client.get("go") or 0) <= number:
            time.sleep(0.01)
        client.rpush("done", number)
