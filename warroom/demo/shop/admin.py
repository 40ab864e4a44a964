"""The operator's API of the web app. Each change answers `{"was": …, "is": …}`.

    PUT    /admin/maintenance              {"on": true}
    PUT    /admin/read-only                {"on": true}
    PUT    /admin/flags/NAME               {"on": false}; 404 with the known ones
    PUT    /admin/rate-limit               {"on": true, "per_client": 60}, requests a minute of a
                                           client: an address and a User-Agent
    PUT    /admin/blocked/ADDRESS          and DELETE
    PUT    /admin/blocked-agents/NAME      and DELETE; NAME is part of a User-Agent, in any case
    POST   /admin/sessions/invalidate      {"was": 31, "is": 0, "carts": 19, "customers": 12}
    GET    /admin/state                    all of it

A bearer token is wanted, else 401: `SecretFiles.admin`. 400 for a body that cannot be read.
Maintenance, blocks and rate limits do not hold for who has the token.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.shop.store import Store
from warroom.demo.switches import FLAGS, Standing, Switches

STRICT = 60
"""Requests a minute, when the limit is switched on without a number."""
MOST = 100_000
NAME = range(4, 101)
"""Characters of a blocked User-Agent's name: a shorter one would be part of too many."""

Handler = Callable[[Request], Awaitable[Response]]


class Switch(msgspec.Struct, forbid_unknown_fields=True):
    on: bool


class Limit(msgspec.Struct, forbid_unknown_fields=True):
    on: bool
    per_client: int = STRICT


class Admin:
    """The handlers. `changed` is called after each change of the switches."""

    def __init__(
        self, settings: Settings, switches: Switches, store: Store, changed: Callable[[], None]
    ) -> None:
        self._token = SecretFiles(settings.folder.secrets).admin
        self._version = settings.version
        self._switches = switches
        self._store = store
        self._changed = changed

    def is_operator(self, headers: Headers) -> bool:
        """Whether the request has the token."""
        given = headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, b"Bearer " + self._token.read_bytes())

    def routes(self) -> list[Route]:
        both = ["PUT", "DELETE"]
        found: list[tuple[str, Handler, list[str]]] = [
            ("maintenance", self.maintenance, ["PUT"]),
            ("read-only", self.read_only, ["PUT"]),
            ("flags/{name}", self.flag, ["PUT"]),
            ("rate-limit", self.rate_limit, ["PUT"]),
            ("blocked/{address}", self.blocked, both),
            ("blocked-agents/{name}", self.blocked_agent, both),
            ("sessions/invalidate", self.invalidate, ["POST"]),
            ("state", self.state, ["GET"]),
        ]
        return [
            Route(f"/admin/{path}", self._guarded(handler), methods=methods)
            for path, handler, methods in found
        ]

    async def maintenance(self, request: Request) -> Response:
        wish = msgspec.json.decode(await request.body(), type=Switch)
        was = self._standing.maintenance
        self._put(maintenance=wish.on)
        return _told(was, wish.on)

    async def read_only(self, request: Request) -> Response:
        wish = msgspec.json.decode(await request.body(), type=Switch)
        was = self._standing.read_only
        self._put(read_only=wish.on)
        return _told(was, wish.on)

    async def flag(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FLAGS:
            return JSONResponse({"error": f"there is no flag {name!r}", "known": FLAGS}, 404)
        wish = msgspec.json.decode(await request.body(), type=Switch)
        was = self._switches.flag(name)
        self._put(off=_changed(self._standing.off, name, not wish.on))
        return _told(was, wish.on)

    async def rate_limit(self, request: Request) -> Response:
        wish = msgspec.json.decode(await request.body(), type=Limit)
        if not 1 <= wish.per_client <= MOST:
            return _refused(f"per_client must be 1 to {MOST} requests a minute")
        was = self._rate_limit()
        self._put(per_client=wish.per_client if wish.on else None)
        return _told(was, self._rate_limit())

    async def blocked(self, request: Request) -> Response:
        try:
            address = str(ipaddress.ip_address(request.path_params["address"]))
        except ValueError as error:
            return _refused(str(error))
        on, blocked = request.method == "PUT", self._standing.blocked
        self._put(blocked=_changed(blocked, address, on))
        return _told(address in blocked, on)

    async def blocked_agent(self, request: Request) -> Response:
        name = request.path_params["name"].lower()
        if len(name) not in NAME:
            return _refused(f"a name has {NAME.start} to {NAME.stop - 1} characters")
        on, blocked = request.method == "PUT", self._standing.blocked_agents
        self._put(blocked_agents=_changed(blocked, name, on))
        return _told(name in blocked, on)

    async def invalidate(self, request: Request) -> Response:
        """UnavailableError while Redis is away."""
        carts, signed_in = await self._store.end_sessions()
        told = {"was": carts + signed_in, "is": 0, "carts": carts, "customers": signed_in}
        return JSONResponse(told)

    async def state(self, request: Request) -> Response:
        standing = self._standing
        told = {
            "version": self._version,
            "maintenance": standing.maintenance,
            "read_only": standing.read_only,
            "rate_limit": self._rate_limit(),
            "flags": {name: self._switches.flag(name) for name in FLAGS},
            "blocked": standing.blocked,
            "blocked_agents": standing.blocked_agents,
        }
        return JSONResponse(told)

    @property
    def _standing(self) -> Standing:
        return self._switches.standing

    def _put(self, **changes: Any) -> None:
        self._switches.put(msgspec.structs.replace(self._standing, **changes))
        self._changed()

    def _rate_limit(self) -> dict[str, Any]:
        per_client = self._standing.per_client
        return {"on": per_client is not None, "per_client": per_client}

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if not self.is_operator(request.headers):
                return JSONResponse({"error": "the token is missing or wrong"}, 401)
            try:
                return await handler(request)
            except msgspec.DecodeError as error:
                return _refused(str(error))

        return guarded


def _changed(listed: tuple[str, ...], name: str, on: bool) -> tuple[str, ...]:
    """The list with the name, or without it."""
    return tuple(sorted({*listed, name} if on else {*listed} - {name}))


def _told(was: object, now: object) -> Response:
    return JSONResponse({"was": was, "is": now})


def _refused(why: str) -> Response:
    return JSONResponse({"error": why}, 400)
