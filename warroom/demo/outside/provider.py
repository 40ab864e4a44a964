"""The payments provider: takes payments, and tells the shop of each by a signed webhook.

Its API wants the shop's key as a bearer token.

    POST /v1/payments               {"order": 7, "cents": 1400} → 202; the event follows
    GET  /v1/events                 {"delivered": 12, "pending": 3, "waiting": 2,
                                     "last_status": 400}
    POST /v1/events/resend          try every pending event now → {"resent": 3}
    POST /v1/webhook-secret/roll    sign with a new secret from now on
"""

import asyncio
import hmac
import itertools
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.outside.address import PROVIDER, usable
from warroom.demo.secret_files import SecretFiles, renew
from warroom.demo.settings import Settings
from warroom.demo.shop.serve import serve
from warroom.demo.webhook import HEADER, PATH, Event, Payment, sign

AT_ONCE = 4
TIMEOUT_S = 3.0
FIRST_RETRY_S = 1.0
LAST_RETRY_S = 300.0
"""Between tries of one event: doubled each time, as providers do, though theirs are hours."""
PAYING_S = (0.2, 1.0)
"""How long a customer takes to pay."""

log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


class Provider:
    """Every event is tried until the shop has taken it."""

    def __init__(self, settings: Settings) -> None:
        self._key = f"Bearer {settings.provider_key}".encode()
        self._secret = SecretFiles(settings.folder.secrets).webhook_at_provider
        self.client = httpx.AsyncClient(
            base_url=settings.web,
            timeout=TIMEOUT_S,
            trust_env=False,
            transport=httpx.AsyncHTTPTransport(local_address=usable(PROVIDER)),
        )
        self._ids = itertools.count(1)
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._resend = asyncio.Event()
        self._waiting = 0
        self._delivered = 0
        self._last_status: int | None = None

    async def pay(self, request: Request) -> Response:
        try:
            payment = msgspec.json.decode(await request.body(), type=Payment)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, 400)
        event = Event(f"evt_{next(self._ids):08d}", "payment.succeeded", payment)
        task = asyncio.create_task(self._settle(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return JSONResponse({"event": event.id}, 202)

    async def events(self, request: Request) -> Response:
        told = {
            "delivered": self._delivered,
            "pending": len(self._tasks),
            "waiting": self._waiting,
            "last_status": self._last_status,
        }
        return JSONResponse(told)

    async def resend(self, request: Request) -> Response:
        resent, self._resend, woken = self._waiting, asyncio.Event(), self._resend
        woken.set()
        return JSONResponse({"resent": resent})

    async def roll(self, request: Request) -> Response:
        renew(self._secret)
        return JSONResponse({"rolled": True})

    def for_shop(self, handler: Handler) -> Handler:
        """The handler for those who have the shop's key; 401 for all others."""

        async def guarded(request: Request) -> Response:
            given = request.headers.get("Authorization", "").encode()
            if hmac.compare_digest(given, self._key):
                return await handler(request)
            return JSONResponse({"error": "the API key is missing or wrong"}, 401)

        return guarded

    async def _settle(self, event: Event) -> None:
        await asyncio.sleep(random.uniform(*PAYING_S))
        body = msgspec.json.encode(event)
        pause = FIRST_RETRY_S
        while not await self._delivered_now(body):
            await self._wait_for_resend(pause)
            pause = min(2 * pause, LAST_RETRY_S)
        self._delivered += 1

    async def _delivered_now(self, body: bytes) -> bool:
        async with self._gate:
            # Read and signed for each try: the secret may be new, and an old time is refused.
            signature = sign(self._secret.read_bytes(), body, int(time.time()))
            headers = {"Content-Type": "application/json", HEADER: signature}
            try:
                answer = await self.client.post(PATH, content=body, headers=headers)
            except httpx.TransportError as error:
                log.info("the shop did not answer: %r", error)
                return False
        self._last_status = answer.status_code
        return answer.is_success

    async def _wait_for_resend(self, pause: float) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(pause):
                await self._resend.wait()
        except TimeoutError:
            return
        finally:
            self._waiting -= 1


def build(settings: Settings) -> Starlette:
    """The provider's API, with its deliveries running beside it."""
    provider = Provider(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with provider.client:
            yield

    guard = provider.for_shop
    routes = [
        Route("/v1/payments", guard(provider.pay), methods=["POST"]),
        Route("/v1/events", guard(provider.events)),
        Route("/v1/events/resend", guard(provider.resend), methods=["POST"]),
        Route("/v1/webhook-secret/roll", guard(provider.roll), methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    serve(build, lambda settings: settings.provider_port)
