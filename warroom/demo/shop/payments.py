"""Payments: asked for at the provider, and settled by its signed webhook events.

What a watcher may expect of POST /api/webhooks/payments:

    without a signature        400: the endpoint is alive, and refuses what it should
    signed by our secret       200: {"outcome": "paid"}, or "ignored" when it changes nothing
    signed by another, or old  400
    signed, a store is away    503: the provider tries again
"""

import logging
import time

import httpx
import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.shop.error_reports import Reports
from warroom.demo.shop.health import Probe
from warroom.demo.shop.store import SQL, Store, UnavailableError
from warroom.demo.webhook import HEADER, PATH, Event, Payment, SignatureError, verify

OUTCOMES = (
    "paid",
    "ignored",
    "unsigned",
    "bad_signature",
    "too_old",
    "unreadable",
    "unavailable",
)
STUCK_S = 10
"""A payment that is not settled this long after its order is stuck: it takes about one."""
ASK_S = 1.0

log = logging.getLogger(__name__)


class Payments:
    """The shop's side of the payments."""

    def __init__(
        self, settings: Settings, store: Store, registry: CollectorRegistry, reports: Reports
    ) -> None:
        self._store = store
        self._reports = reports
        self._secret = SecretFiles(settings.folder.secrets).webhook
        self._client = httpx.AsyncClient(
            base_url=settings.provider,
            headers={"Authorization": f"Bearer {settings.provider_key}"},
            timeout=ASK_S,
            trust_env=False,
        )
        self._cents = (SQL / "payment_cents.sql").read_text()
        self._settle = (SQL / "settle_payment.sql").read_text()
        self._count_stuck = (SQL / "stuck_payments.sql").read_text()
        self._stuck = Probe(self._ask_stuck)
        self._events = Counter(
            "shop_webhook_events", "Payment events received.", ["outcome"], registry=registry
        )
        for outcome in OUTCOMES:
            self._events.labels(outcome)
        self._stuck_gauge = Gauge(
            "shop_payments_stuck",
            f"Orders not paid {STUCK_S} s after they were placed.",
            registry=registry,
        )

    async def ask_for(self, order: int) -> None:
        """Have the provider take the order's payment.

        The order stands, whatever becomes of it: a payment that could not be asked for is
        logged and reported, and counts as stuck.
        """
        try:
            cents = await self._store.value(self._cents, order)
            body = msgspec.json.encode(Payment(order, cents))
            answer = await self._client.post("/v1/payments", content=body)
            answer.raise_for_status()
        except (UnavailableError, httpx.HTTPError) as error:
            log.error("the payment of order %d could not be asked for: %r", order, error)
            self._reports.take(error)

    async def webhook(self, request: Request) -> Response:
        """Take one event of the provider."""
        body = await request.body()
        try:
            verify(self._secret.read_bytes(), body, request.headers.get(HEADER), time.time())
            event = msgspec.json.decode(body, type=Event)
            settled = await self._store.value(self._settle, event.data.order, event.data.cents)
        except SignatureError as error:
            return self._answer(error.outcome, 400, str(error))
        except msgspec.DecodeError as error:
            return self._answer("unreadable", 400, str(error))
        except UnavailableError:
            self._events.labels("unavailable").inc()
            raise
        return self._answer("ignored" if settled is None else "paid", 200)

    def routes(self) -> list[Route]:
        return [Route(PATH, self.webhook, methods=["POST"])]

    async def close(self) -> None:
        await self._client.aclose()

    async def stuck(self) -> int | None:
        """How many payments are stuck; None when the database does not say at once."""
        return await self._stuck.answer()

    async def tell(self) -> None:
        """Bring the gauge up to date; NaN when it is not known."""
        stuck = await self.stuck()
        self._stuck_gauge.set(float("nan") if stuck is None else stuck)

    def _answer(self, outcome: str, status: int, error: str = "") -> Response:
        self._events.labels(outcome).inc()
        if outcome in ("bad_signature", "too_old"):
            log.warning("a payment event was refused: %s", error)
        told = {"outcome": outcome}
        return JSONResponse(told | {"error": error} if error else told, status)

    async def _ask_stuck(self) -> int:
        stuck: int = await self._store.value(self._count_stuck, STUCK_S)
        return stuck
