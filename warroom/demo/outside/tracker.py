"""The error tracker: groups the errors the shop reports, and tells of them in Sentry's API.

The shop reports with its key; who reads needs the token in `SecretFiles.tracker`.

    POST /api/web/store/                                          [{"type": …, "frames": […]}]
    GET  /api/0/projects/shop/web/issues/                         unresolved, seen last first
    GET  /api/0/projects/shop/web/stats/?resolution=10s&since=…   [[1541455200, 12], …]
    GET  /api/0/organizations/shop/issues/1/events/latest/
"""

import hmac
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.error_report import PATH, ErrorReport
from warroom.demo.outside.issues import STEP_S, Issue, Issues
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.shop.serve import serve

ORGANIZATION, PROJECT = "shop", "web"
PAGE = 100
BODY_LIMIT = 4 * 1024 * 1024

Handler = Callable[[Request], Awaitable[Response]]


class Tracker:
    """Reports come in, issues go out."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.tracker_key.encode()
        self._token = SecretFiles(settings.folder.secrets).tracker
        self._address = settings.tracker
        self._issues = Issues()

    async def store(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > BODY_LIMIT:
            return JSONResponse({"detail": "too large"}, 413)
        try:
            reports = msgspec.json.decode(body, type=list[ErrorReport])
        except msgspec.DecodeError as error:
            return JSONResponse({"detail": str(error)}, 400)
        for report in reports:
            self._issues.take(report)
        return JSONResponse({"taken": len(reports)})

    async def issues(self, request: Request) -> Response:
        _, _, place = request.query_params.get("cursor", "").partition(":")
        start = int(place) if place.isdecimal() else 0
        found = self._issues.newest_first()
        page = found[start : start + PAGE]
        after, more = start + PAGE, str(len(found) > start + PAGE).lower()
        link = f'<{request.url.path}>; rel="next"; results="{more}"; cursor="0:{after}"'
        return JSONResponse([self._told(issue) for issue in page], headers={"Link": link})

    async def stats(self, request: Request) -> Response:
        since, until = (request.query_params.get(key, "") for key in ("since", "until"))
        if not (since.isdecimal() and until.isdecimal()):
            return JSONResponse({"detail": "since and until are Unix times"}, 400)
        if request.query_params.get("resolution") != f"{STEP_S}s":
            return JSONResponse({"detail": f"the only resolution is {STEP_S}s"}, 400)
        return JSONResponse(self._issues.counts(int(since), int(until)))

    async def latest(self, request: Request) -> Response:
        issue = self._issues.by_id(request.path_params["issue"])
        if issue is None:
            return JSONResponse({"detail": "The requested resource does not exist"}, 404)
        report = issue.latest
        frames = [
            {
                "filename": frame.filename,
                "function": frame.function,
                "lineNo": frame.line,
                "inApp": frame.in_app,
            }
            for frame in report.frames
        ]
        value = {"type": report.type, "value": report.value, "stacktrace": {"frames": frames}}
        event = {
            "eventID": f"{issue.id:032x}",
            "title": issue.title,
            "dateCreated": _iso(report.at),
            "release": {"version": report.release},
            "tags": [{"key": "environment", "value": "demo"}],
            "entries": [{"type": "exception", "data": {"values": [value]}}],
        }
        return JSONResponse(event)

    def for_shop(self, handler: Handler) -> Handler:
        """The handler for who has the shop's key; 401 for all others."""
        return _guarded(handler, lambda: self._key)

    def for_readers(self, handler: Handler) -> Handler:
        """The handler for who has the token; 401 for all others."""
        return _guarded(handler, self._token.read_bytes)

    def _told(self, issue: Issue) -> dict[str, Any]:
        return {
            "id": str(issue.id),
            "shortId": f"WEB-{issue.id}",
            "title": issue.title,
            "culprit": issue.latest.culprit,
            "level": "error",
            "status": "unresolved",
            "substatus": "new",
            "permalink": f"{self._address}/organizations/{ORGANIZATION}/issues/{issue.id}/",
            "count": str(issue.count),
            "firstSeen": _iso(issue.first),
            "lastSeen": _iso(issue.last),
            "metadata": {"type": issue.latest.type, "value": issue.latest.value},
        }


def _guarded(handler: Handler, secret: Callable[[], bytes]) -> Handler:
    async def guarded(request: Request) -> Response:
        given = request.headers.get("Authorization", "").encode()
        if hmac.compare_digest(given, b"Bearer " + secret()):
            return await handler(request)
        return JSONResponse({"detail": "Invalid token"}, 401)

    return guarded


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def build(settings: Settings) -> Starlette:
    """The tracker, with nothing reported yet."""
    tracker = Tracker(settings)
    project = f"/api/0/projects/{ORGANIZATION}/{PROJECT}"
    event = f"/api/0/organizations/{ORGANIZATION}/issues/{{issue:int}}/events/latest/"
    routes = [
        Route(PATH, tracker.for_shop(tracker.store), methods=["POST"]),
        Route(f"{project}/issues/", tracker.for_readers(tracker.issues)),
        Route(f"{project}/stats/", tracker.for_readers(tracker.stats)),
        Route(event, tracker.for_readers(tracker.latest)),
    ]
    return Starlette(routes=routes)


if __name__ == "__main__":
    serve(build, lambda settings: settings.tracker_port)
