"""What /metrics says, counted from the requests themselves."""

import logging
import time
from collections.abc import Collection

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warroom.demo.settings import Settings
from warroom.demo.shop import sockets
from warroom.demo.shop.health import MEMORY_LIMIT
from warroom.demo.shop.store import QUEUE, Store

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

log = logging.getLogger(__name__)


class Figures:
    """The shop's metrics, in a registry of their own."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._port = settings.web_port
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.requests = Counter(
            "shop_http_requests",
            "Requests answered.",
            ["path", "method", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "shop_http_request_seconds",
            "Time from request to end of answer.",
            ["path"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._depth = Gauge(
            "shop_queue_depth", "Jobs that wait.", ["queue"], registry=self._registry
        )
        self._pool = Gauge(
            "shop_db_pool_connections",
            "Database connections of the app's pool.",
            ["state"],
            registry=self._registry,
        )
        self.warehouse_seconds = Histogram(
            "shop_warehouse_seconds",
            "Time a page waited for the warehouse, answered or not.",
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._connections = Gauge(
            "shop_tcp_connections",
            "TCP connections of the app's port.",
            ["state"],
            registry=self._registry,
        )
        self._constants(settings.version)

    @property
    def registry(self) -> CollectorRegistry:
        """Where the app's other rooms put theirs."""
        return self._registry

    def _constants(self, version: str) -> None:
        limit = Gauge(
            "shop_memory_limit_bytes", "Memory the app is given.", registry=self._registry
        )
        limit.set(MEMORY_LIMIT)
        build = Info("shop_build", "What is deployed.", registry=self._registry)
        build.info({"version": version})

    def text(self, queue_depth: int | None) -> bytes:
        """All figures in Prometheus' text format; the queue's is NaN when unknown."""
        depth = float("nan") if queue_depth is None else queue_depth
        self._depth.labels(QUEUE).set(depth)
        pool = self._store.pool
        size, idle = pool.get_size(), pool.get_idle_size()
        self._pool.labels("in_use").set(size - idle)
        self._pool.labels("idle").set(idle)
        self._pool.labels("max").set(pool.get_max_size())
        for state, count in (sockets.connections(self._port) or {}).items():
            self._connections.labels(state).set(count)
        return generate_latest(self._registry)


class Measured:
    """ASGI middleware that counts and times every request, and logs those that failed."""

    def __init__(self, app: ASGIApp, figures: Figures, paths: Collection[str]) -> None:
        self._app = app
        self._figures = figures
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # of a request that died without an answer
        started = time.monotonic()

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            self._note(scope, status, time.monotonic() - started)

    def _note(self, scope: Scope, status: int, took: float) -> None:
        # Only paths that exist are labels: a scanner's guesses would never end.
        path = scope["path"] if scope["path"] in self._paths else "other"
        self._figures.requests.labels(path, scope["method"], str(status)).inc()
        self._figures.seconds.labels(path).observe(took)
        if status >= 500:
            log.error("%s %s %d %.0f ms", scope["method"], path, status, took * 1000)
