"""POST /login: 303 and a session for the right password, 401 for a wrong one."""

import asyncio
import logging
import secrets
from urllib.parse import parse_qs

from prometheus_client import CollectorRegistry, Counter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from warroom.demo import customers
from warroom.demo.shop import pages
from warroom.demo.shop.store import SQL, Store

COOKIE = "customer"
FORM_LIMIT = 4096
"""Bytes of a form that are read as one; a longer one holds no address and password."""

log = logging.getLogger(__name__)


class SignIn:
    """Customers' sign-in; their sessions lie in Redis."""

    def __init__(self, store: Store, registry: CollectorRegistry) -> None:
        self._store = store
        self._hash = (SQL / "customer_hash.sql").read_text()
        # Checked when there is no such customer: an answer that comes sooner would tell.
        self._nobody = customers.hashed(secrets.token_hex(16))
        self._tries = Counter("shop_sign_in", "Sign-ins tried.", ["outcome"], registry=registry)
        for outcome in ("ok", "failed"):
            self._tries.labels(outcome)

    def routes(self) -> list[Route]:
        return [Route("/login", self.submit, methods=["POST"])]

    async def submit(self, request: Request) -> Response:
        email, password = _form(await request.body())
        kept = await self._store.value(self._hash, email)
        right = await asyncio.to_thread(customers.matches, password, kept or self._nobody)
        if kept is None or not right:
            self._tries.labels("failed").inc()
            return HTMLResponse(pages.login("That is not the right address and password."), 401)
        session = secrets.token_hex(16)
        await self._store.sign_in(session, email)
        self._tries.labels("ok").inc()
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, session, httponly=True, samesite="lax")
        return answer


def _form(body: bytes) -> tuple[str, str]:
    """Address and password; empty ones where the form has none."""
    fields = parse_qs(body[:FORM_LIMIT].decode("utf-8", "replace"))
    email, password = (fields.get(name, [""])[0] for name in ("email", "password"))
    return email.replace("\0", ""), password  # PostgreSQL's text takes no NUL
