"""Who does not get in: clients that are blocked, and everybody in maintenance.

What is turned away on purpose is no failure: it is counted apart, by
`shop_turned_away_total{reason}`, and not among the requests that were answered. The access
log has it all.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from warroom.demo.shop import pages
from warroom.demo.switches import Switches

ADMIN = "/admin/"
METRICS = "/metrics"
REASONS = ("address", "agent", "maintenance", "read-only")
WRITES = frozenset({"/cart", "/api/checkout"})
"""What a POST changes for a customer: nothing of it goes on while the shop is read-only."""


class Door:
    """ASGI middleware; `is_operator` says by a request's headers who is let in in any case."""

    def __init__(
        self,
        app: ASGIApp,
        switches: Switches,
        is_operator: Callable[[Headers], bool],
        registry: CollectorRegistry,
    ) -> None:
        self._app = app
        self._switches = switches
        self._is_operator = is_operator
        self._turned_away = Counter(
            "shop_turned_away", "Requests refused on purpose.", ["reason"], registry=registry
        )
        for reason in REASONS:
            self._turned_away.labels(reason)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = self._reason(scope) if scope["type"] == "http" else ""
        if not reason:
            await self._app(scope, receive, send)
            return
        self._turned_away.labels(reason).inc()
        await _refusal(reason, scope)(scope, receive, send)

    def _reason(self, scope: Scope) -> str:
        """Why the request is turned away; empty when it is not."""
        standing, path = self._switches.standing, scope["path"]
        headers = Headers(scope=scope)
        if path.startswith(ADMIN) and self._is_operator(headers):
            return ""
        if scope["client"] and scope["client"][0] in standing.blocked:
            return "address"
        agent = headers.get("User-Agent", "").lower()
        if any(name.lower() in agent for name in standing.blocked_agents):
            return "agent"
        if path == METRICS or path.startswith(ADMIN):
            return ""
        if standing.maintenance:
            return "maintenance"
        if standing.read_only and scope["method"] == "POST" and path in WRITES:
            return "read-only"
        return ""


def _refusal(reason: str, scope: Scope) -> Response:
    """In JSON for the API and for who asks for it, else a page."""
    wants_json = "application/json" in Headers(scope=scope).get("Accept", "")
    as_json = scope["path"].startswith("/api/") or wants_json
    if reason in ("address", "agent"):
        return (
            JSONResponse({"error": "blocked"}, 403) if as_json else _page("You are blocked.", 403)
        )
    if as_json:
        return JSONResponse({"status": reason, "environment": "demo"}, 503)
    if reason == "maintenance":
        return _page("We are working on the shop. Please come again in a while.", 503)
    return _page("Nothing can be ordered just now. Your cart is kept.", 503)


def _page(words: str, status: int) -> Response:
    return HTMLResponse(pages.sorry(words), status)
