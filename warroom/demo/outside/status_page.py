"""The status pages of the payments provider and of the mail provider.

They tell what is: the providers' own servers are asked every second, and what is found of them
is what stands here.

    GET /payments/api/v2/summary.json    as Statuspage's API has it, with an ETag
    GET /mail/api/v2/summary.json
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warroom.demo.outside.status_report import DEGRADED, MAJOR, OPERATIONAL, PARTIAL, Report
from warroom.demo.settings import Settings
from warroom.demo.shop.serve import serve

EVERY_S = 1.0
PATIENCE_S = 2.0
STRIKES = 2
"""Looks in a row without an answer that make an outage: a server may be started again."""
API, WEBHOOKS, SMTP = "Payments API", "Webhooks", "SMTP"
LATE, STUCK = 2, 5
"""Refused events that wait to be sent again, from which webhooks are late, and from which they
are as good as not delivered."""


class Events(msgspec.Struct):
    """What the provider's API says of its webhooks."""

    waiting: int
    last_status: int | None

    @property
    def refused(self) -> bool:
        """Whether what we send is wrong: a 4xx. That a customer's own server is down or busy
        is no trouble of the provider's."""
        return self.last_status is not None and 400 <= self.last_status < 429


class Pages:
    """Both pages, and who looks at what they tell of."""

    def __init__(self, settings: Settings) -> None:
        self._mail_port = settings.mail_port
        troubles = {API: "The API does not answer", WEBHOOKS: "Webhook deliveries are refused"}
        self.payments = Report("Payments", troubles)
        self.mail = Report("Mail", {SMTP: "Mail is not taken"})
        self._missed = {API: 0, SMTP: 0}
        self.client = httpx.AsyncClient(
            base_url=settings.provider,
            timeout=PATIENCE_S,
            trust_env=False,
            headers={"Authorization": f"Bearer {settings.provider_key}"},
        )

    async def look_on(self) -> None:
        """Look once a second, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Look at everything once."""
        await asyncio.gather(self._look_at_payments(), self._look_at_mail())

    async def _look_at_payments(self) -> None:
        try:
            answer = await self.client.get("/v1/events")
            answer.raise_for_status()
            events = msgspec.json.decode(answer.content, type=Events)
        except (httpx.HTTPError, msgspec.DecodeError):
            self._found(self.payments, API, None)
            return
        self._found(self.payments, API, OPERATIONAL)
        waiting = events.waiting if events.refused else 0
        status = PARTIAL if waiting >= STUCK else DEGRADED if waiting >= LATE else OPERATIONAL
        words = f"Endpoints refuse {waiting} events: their signature is not by a secret they know."
        self.payments.observe(WEBHOOKS, status, words, datetime.now(UTC))

    async def _look_at_mail(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._mail_port)
                try:
                    greeting = await reader.readline()
                    writer.write(b"QUIT\r\n")
                    await writer.drain()
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            greeting = b""
        self._found(self.mail, SMTP, OPERATIONAL if greeting.startswith(b"220 ") else None)

    def _found(self, page: Report, component: str, status: str | None) -> None:
        """What was found of a server; an outage once it has not answered often enough."""
        self._missed[component] = 0 if status else self._missed[component] + 1
        if status is None and self._missed[component] < STRIKES:
            return
        words = "Our servers do not answer. We look into it."
        page.observe(component, status or MAJOR, words, datetime.now(UTC))


def shown(page: Report, request: Request) -> Response:
    """The page, or 304 for whoever has it; 503 before anything was looked at."""
    summary = page.summary()
    if summary is None:
        return Response(b"{}", 503, media_type="application/json")
    body = msgspec.json.encode(summary)
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def build(settings: Settings) -> Starlette:
    """The pages, with the looking beside them."""
    pages = Pages(settings)

    async def payments(request: Request) -> Response:
        return shown(pages.payments, request)

    async def mail(request: Request) -> Response:
        return shown(pages.mail, request)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with pages.client:
            looking = asyncio.create_task(pages.look_on())
            yield
            looking.cancel()

    summary = "api/v2/summary.json"
    routes = [Route(f"/payments/{summary}", payments), Route(f"/mail/{summary}", mail)]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    serve(build, lambda settings: settings.status_port)
