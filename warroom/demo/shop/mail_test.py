"""POST /api/mail/test: send one mail the way the worker does, and say what became of it.

    without the token          401
    the server took the mail   200: {"status": "sent", "took_ms": 12.3}
    it did not                 502: {"status": "refused", "error": "… 535 …"}

Each request that is let through sends a mail: a watcher asks on request only.
"""

import hmac
import logging
import time

from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.shop.mail import Mailer, MailError

PATH = "/api/mail/test"
RECEIVER = "operations@shop.example"

log = logging.getLogger(__name__)


class MailTest:
    """The endpoint; a bearer token is wanted, for each request sends a mail."""

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._token = SecretFiles(settings.folder.secrets).test_mail
        self.mailer = Mailer(settings, registry)

    def routes(self) -> list[Route]:
        return [Route(PATH, self.send, methods=["POST"])]

    async def send(self, request: Request) -> Response:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, b"Bearer " + self._token.read_bytes()):
            return JSONResponse({"error": "the token is missing or wrong"}, 401)
        began = time.monotonic()
        # A connection of its own each time: the test is of the sign-in too.
        try:
            await self.mailer.send(RECEIVER, "Test", "A test of the shop's mail.")
        except MailError as error:
            log.error("the test mail was not sent: %s", error)
            return JSONResponse({"status": error.outcome, "error": str(error)}, 502)
        finally:
            self.mailer.close()
        took = round((time.monotonic() - began) * 1000, 1)
        return JSONResponse({"status": "sent", "took_ms": took})
