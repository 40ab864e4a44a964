"""Rate limiting: a budget for each client, told in every answer it counts.

A token bucket: a budget of `LIMIT` requests to /api/* that fills again at `REFILL` requests a
second, so that who stops asking too much is served again at once. While an operator has
switched a strict limit on, the budget is that many requests to anything, for a minute.

A client is an address. Under a strict limit it is an address and a User-Agent: a robot behind
the customers' address uses up a budget of its own.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warroom.demo import webhook
from warroom.demo.switches import Switches

LIMIT = 300
REFILL = 5.0
CLIENTS = 10_000
"""Budgets kept at most; a client that has its whole budget needs none."""
EXEMPT = frozenset({"/api/health", "/api/checkout/health", webhook.PATH})
"""A monitor must not be locked out, nor use up what customers may: told, not counted."""
UNLIMITED = ("/metrics", "/admin/")
"""Beginnings of paths for which no limit holds."""


@dataclass
class Budget:
    """What one client has left, as of a moment."""

    left: float
    at: float


class RateLimit:
    """ASGI middleware that keeps a budget by client address; 429 for who has used it up."""

    def __init__(
        self,
        app: ASGIApp,
        switches: Switches,
        limit: int = LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._switches = switches
        self._usual = limit, REFILL
        self._limit, self._refill = self._usual
        self._clock = clock
        self._budgets: dict[str, Budget] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._holds(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers, allowed = self._count(scope)

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        refused = JSONResponse({"error": "too many requests"}, 429)
        await (self._app if allowed else refused)(scope, receive, send_told)

    def _holds(self, path: str) -> bool:
        """Whether there is a limit for this path now; when it changes, all budgets are new."""
        strict = self._switches.standing.per_client
        now = (strict, strict / 60) if strict else self._usual
        if now != (self._limit, self._refill):
            self._limit, self._refill = now
            self._budgets.clear()
        return path.startswith("/api/") or (strict is not None and not path.startswith(UNLIMITED))

    def _client(self, scope: Scope) -> str:
        address = scope["client"][0] if scope["client"] else ""
        if self._switches.standing.per_client is None:
            return str(address)
        return f"{address} {Headers(scope=scope).get('User-Agent', '')}"

    def _count(self, scope: Scope) -> tuple[dict[str, str], bool]:
        budget = self._budget(self._client(scope))
        allowed = True
        if scope["path"] not in EXEMPT:
            allowed = budget.left >= 1
            budget.left -= allowed
        headers = {
            "X-RateLimit-Limit": str(self._limit),
            "X-RateLimit-Remaining": str(int(budget.left)),
            "X-RateLimit-Reset": str(math.ceil((self._limit - budget.left) / self._refill)),
        }
        if not allowed:
            headers["Retry-After"] = str(math.ceil((1 - budget.left) / self._refill))
        return headers, allowed

    def _budget(self, client: str) -> Budget:
        now = self._clock()
        if len(self._budgets) > CLIENTS:
            self._budgets = {
                address: budget
                for address, budget in self._budgets.items()
                if self._filled(budget, now) < self._limit
            }
            if len(self._budgets) > CLIENTS:  # somebody has a new name for each request
                self._budgets.clear()
        budget = self._budgets.setdefault(client, Budget(float(self._limit), now))
        budget.left, budget.at = self._filled(budget, now), now
        return budget

    def _filled(self, budget: Budget, now: float) -> float:
        return min(float(self._limit), budget.left + (now - budget.at) * self._refill)
