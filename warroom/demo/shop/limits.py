"""Rate limiting of /api/*: so many requests a minute and client, told in every answer."""

import time
from collections import Counter

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = 600
WINDOW_S = 60
EXEMPT = frozenset({"/api/health", "/api/checkout/health"})
"""A monitor must not be locked out, nor use up what customers may: told, not counted."""


class RateLimit:
    """ASGI middleware that counts by client address in fixed windows of a minute."""

    def __init__(self, app: ASGIApp, limit: int = LIMIT) -> None:
        self._app = app
        self._limit = limit
        self._window = 0
        self._used: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers, allowed = self._count(scope)

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        refused = JSONResponse({"error": "too many requests"}, 429)
        await (self._app if allowed else refused)(scope, receive, send_told)

    def _count(self, scope: Scope) -> tuple[dict[str, str], bool]:
        window, into = divmod(int(time.monotonic()), WINDOW_S)
        if window != self._window:
            self._window = window
            self._used.clear()
        client = scope["client"][0] if scope["client"] else ""
        if scope["path"] not in EXEMPT:
            self._used[client] += 1
        remaining = self._limit - self._used[client]
        headers = {
            "X-RateLimit-Limit": str(self._limit),
            "X-RateLimit-Remaining": str(max(remaining, 0)),
            "X-RateLimit-Reset": str(WINDOW_S - into),
        }
        return headers, remaining >= 0 or scope["path"] in EXEMPT
