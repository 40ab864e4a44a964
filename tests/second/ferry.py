"""Seabird: a ferry line's booking back office, small enough to run inside a test."""

import json
import math
import socket
import socketserver
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

ROUTES = {
    "booking": ("/healthz/live", "/internal/prom"),
    "printer": ("/ping",),
    "quay": ("/status.txt",),
}
RATE_LIMIT, RATE_WINDOW = 100, 60.0
BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)
TEXT, PROM = "text/plain; charset=utf-8", "text/plain; version=0.0.4; charset=utf-8"
PING = {"serving": 204, "failing": 502, "planned-work": 503}
BERTHS = {
    "serving": (200, "all berths open\n"),
    "failing": (500, "berth status unavailable\n"),
    "planned-work": (503, "closed for planned work\n"),
}


@dataclass(frozen=True)
class Figures:
    """The truth at one moment, whatever the pages say."""

    heap_pct: float
    ledger_lag_ms: int
    rate_remaining: int
    states: dict[str, str]  # service -> "serving", "failing" or "planned-work"
    served: dict[str, int]


@dataclass
class _Desk:
    """What one service knows of itself."""

    broken: bool = False
    maintained: bool = False
    delay: float = 0.0
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    durations: list[float] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "planned-work" if self.maintained else "failing" if self.broken else "serving"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Seabird/2031.4", ""
    disable_nagle_algorithm = True

    def answer(self) -> None:
        began = time.perf_counter()
        server = self.server
        assert isinstance(server, _Server)
        if server.stopping.wait(server.ferry._desk(server.service).delay):
            self.close_connection = True  # closing down: hang up without a reply
            return
        code, text, headers = server.ferry._answer(server.service, self.path, began)
        body = text.encode()
        if code != 204:
            headers["Content-Length"] = str(len(body))
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, ferry: "Ferry", service: str, address: Any) -> None:
        self.ferry, self.service, self.stopping = ferry, service, threading.Event()
        self.live: dict[threading.Thread, Any] = {}  # touched by one thread at a time
        super().__init__(address, _Handler)
        self.loop = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.loop.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        args = (request, client_address)
        thread = threading.Thread(target=self.process_request_thread, args=args, daemon=True)
        self.live = {t: r for t, r in self.live.items() if t.is_alive()} | {thread: request}
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # OSError: the client went away
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening, hang up on every open connection, wait for the threads."""
        self.stopping.set()
        self.shutdown()
        self.loop.join()
        self.server_close()
        for thread, request in self.live.items():
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
            thread.join()


class Ferry:
    """`with Ferry() as ferry:` or `ferry = Ferry.start()` ... `ferry.stop()`."""

    def __init__(self) -> None:
        self._control = threading.RLock()  # opening and closing of sockets
        self._lock = threading.Lock()  # everything the pages are made of
        self._desks = {service: _Desk() for service in ROUTES}
        self._servers: dict[str, _Server] = {}
        # Bound but never listening: keeps each port ours, and refused, while stopped.
        self._anchors: dict[str, socket.socket] = {}
        self._heap, self._rate_used, self._rate_ends = 41.5, 0, 0.0

    @classmethod
    def start(cls) -> Self:
        return cls().__enter__()

    def __enter__(self) -> Self:
        with self._control:
            for service in () if self._anchors else ROUTES:
                anchor = self._anchors[service] = socket.socket()
                anchor.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                anchor.bind(("127.0.0.1", 0))
                self.resume(service)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        with self._control:
            for service in ROUTES:
                self.stop_answering(service)
            while self._anchors:
                self._anchors.popitem()[1].close()

    def stop_answering(self, service: str) -> None:
        self._desk(service)
        with self._control:
            if server := self._servers.pop(service, None):
                server.close()

    def resume(self, service: str) -> None:
        with self._control:
            address = self._address(service)
            if service not in self._servers:
                self._servers[service] = _Server(self, service, address)

    def url(self, service: str) -> str:
        with self._control:
            return "http://{}:{}".format(*self._address(service))

    def break_(self, service: str) -> None:
        self._set(service, "broken", True)

    def mend(self, service: str) -> None:
        self._set(service, "broken", False)

    def maintain(self, service: str, on: bool) -> None:
        self._set(service, "maintained", on)

    def slow(self, service: str, seconds: float) -> None:
        self._set(service, "delay", seconds)

    def set_heap(self, pct: float) -> None:
        with self._lock:
            self._heap = float(pct)

    def served(self, service: str) -> int:
        return len(self.durations(service))

    def durations(self, service: str) -> list[float]:
        with self._lock:
            return list(self._desk(service).durations)

    def figures(self) -> Figures:
        with self._lock:
            used = self._rate_used if time.monotonic() < self._rate_ends else 0
            states = {name: desk.state for name, desk in self._desks.items()}
            served = {name: len(desk.durations) for name, desk in self._desks.items()}
            return Figures(self._heap, self._lag(), max(0, RATE_LIMIT - used), states, served)

    def _set(self, service: str, name: str, value: object) -> None:
        with self._lock:
            setattr(self._desk(service), name, value)

    def _desk(self, service: str) -> _Desk:
        if service not in self._desks:
            raise ValueError(f"no service {service!r}; there are {', '.join(ROUTES)}")
        return self._desks[service]

    def _address(self, service: str) -> Any:
        self._desk(service)
        if not self._anchors:
            raise RuntimeError("not running: use `with Ferry() as ferry` or Ferry.start()")
        return self._anchors[service].getsockname()

    def _lag(self) -> int:
        return 9000 if self._desks["booking"].broken else 12

    def _answer(self, service: str, path: str, began: float) -> tuple[int, str, dict[str, str]]:
        """Make the reply and count it, in one step, just before it is sent."""
        route = path.partition("?")[0]
        with self._lock:
            desk = self._desks[service]
            route = route if route in ROUTES[service] else "other"
            code, text, kind = self._page(route, desk)
            headers = {"Content-Type": kind} if text else {}
            if service == "quay":
                headers |= self._spend()
            desk.counts[route, code] += 1
            desk.durations.append(time.perf_counter() - began)
            return code, text, headers

    def _page(self, route: str, desk: _Desk) -> tuple[int, str, str]:
        match route:
            case "/healthz/live":
                code = 200 if desk.state == "serving" else 503
                return code, self._health(desk), "application/json"
            case "/internal/prom":
                return 200, self._metrics(desk), PROM
            case "/ping":
                return PING[desk.state], "", TEXT
            case "/status.txt":
                return *BERTHS[desk.state], TEXT
        return 404, "not found\n", TEXT

    def _health(self, desk: _Desk) -> str:
        health: dict[str, object] = {"state": desk.state}
        if not desk.maintained:
            ledger = {"ok": not desk.broken, "lag_ms": self._lag()}
            needs, heap = {"ledger": ledger, "seats": {"ok": True}}, {"used_pct": self._heap}
            health |= {"build": "2031.4", "dependencies": needs, "heap": heap}
        return json.dumps(health, separators=(",", ":"))

    def _spend(self) -> dict[str, str]:
        now = time.monotonic()
        if now >= self._rate_ends:
            self._rate_used, self._rate_ends = 0, now + RATE_WINDOW
        self._rate_used += 1
        left, reset = max(0, RATE_LIMIT - self._rate_used), math.ceil(self._rate_ends - now)
        names = ("Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset")
        return dict(zip(names, map(str, (RATE_LIMIT, left, reset)), strict=True))

    def _metrics(self, desk: _Desk) -> str:
        spent, lines = desk.durations, ["# TYPE seabird_requests_total counter"]
        for (route, code), count in sorted(desk.counts.items()):
            lines.append(f'seabird_requests_total{{route="{route}",code="{code}"}} {count}')
        lines.append("# TYPE seabird_seconds histogram")
        for edge in (*BUCKETS, "+Inf"):
            within = sum(seconds <= float(edge) for seconds in spent)
            lines.append(f'seabird_seconds_bucket{{le="{edge}"}} {within}')
        lines.append(f"seabird_seconds_sum {math.fsum(spent)}\nseabird_seconds_count {len(spent)}")
        lines.append(f"# TYPE seabird_heap_ratio gauge\nseabird_heap_ratio {self._heap / 100}\n")
        return "\n".join(lines)
