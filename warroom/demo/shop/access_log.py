"""The access log: a line for each request, in the combined format of Apache and nginx.

    127.0.0.66 - - [20/Nov/2026:20:47:58 +0000] "GET /.env HTTP/1.1" 404 9 "-" "curl/8.5.0"

https://httpd.apache.org/docs/2.4/logs.html#combined
"""

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = 2 * 1024 * 1024
KEPT = 2
"""Bytes a file, and how many full ones are kept: at ten requests a second, half an hour."""


def open_log(path: Path) -> logging.Logger:
    """The log at that place, rotated by size."""
    handler = RotatingFileHandler(path, maxBytes=LIMIT, backupCount=KEPT)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.Logger("access", logging.INFO)  # of its own: no other log repeats its lines
    log.addHandler(handler)
    return log


class AccessLog:
    """ASGI middleware that writes a line when a request has been answered."""

    def __init__(self, app: ASGIApp, log: logging.Logger) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size = 500, 0  # of a request that died without an answer

        async def send_seen(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            self._log.info(_line(scope, status, size))


def _line(scope: Scope, status: int, size: int) -> str:
    client = scope["client"][0] if scope["client"] else "-"
    headers = dict(scope["headers"])
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    request = f"{scope['method']} {_shown(target)} HTTP/{scope['http_version']}"
    agent, referrer = (_shown(headers.get(name, b"-")) for name in (b"user-agent", b"referer"))
    at = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
    return f'{client} - - [{at}] "{request}" {status} {size} "{referrer}" "{agent}"'


def _shown(sent: bytes) -> str:
    """What a client sent, so that it can neither end the line nor the quotes around it."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in sent
    )
