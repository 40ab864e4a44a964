"""The queue's figures on /metrics: what waits, is in hand, failed, is done, and who is at work."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from warroom.demo.shop.health import Probe
from warroom.demo.shop.jobs import Tally, tally
from warroom.demo.shop.store import QUEUE, Store


class QueueFigures(Collector):
    """Told as they were when `look` was called last; left out while Redis does not say."""

    def __init__(self, store: Store, workers: int, registry: CollectorRegistry) -> None:
        """`workers` is how many there may be."""
        self._probe = Probe(lambda: tally(store, workers))
        self._seen: Tally | None = None
        registry.register(self)

    async def look(self) -> None:
        """Count anew."""
        self._seen = await self._probe.answer()

    def collect(self) -> Iterator[Metric]:
        if self._seen is None:
            return
        jobs = GaugeMetricFamily("shop_jobs", "Jobs that are not done.", labels=["queue", "state"])
        for state in ("waiting", "in_hand", "failed"):
            jobs.add_metric([QUEUE, state], getattr(self._seen, state))
        yield jobs
        done = CounterMetricFamily("shop_jobs_done", "Jobs finished.", labels=["queue"])
        done.add_metric([QUEUE], self._seen.done)
        yield done
        workers = GaugeMetricFamily("shop_workers", "Workers heard of just now.", labels=["queue"])
        workers.add_metric([QUEUE], self._seen.workers)
        yield workers
