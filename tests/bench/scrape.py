"""A metrics page of 400,000 lines: what it does to the engine that reads it."""

import asyncio
import gzip
import os
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil

from tests.bench.printing import line
from tests.rooms import Room
from warroom import __version__
from warroom.attach.room import room_paths
from warroom.attach.spawn import reach
from warroom.config.local import read_local
from warroom.wire import BEAT, PROTOCOL, Beat, Changed, Hello

LINES = 400_000
ROUNDS = 4


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        zipped = self.path == "/zipped"
        body = self.server.zipped if zipped else self.server.page
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep quiet."""


def page():
    """Mostly figures that nobody asks for, as a large exporter's page is."""
    rows = ["# TYPE shop_requests_total counter"]
    rows += [f'shop_requests_total{{path="/p{n}",status="200"}} {n}' for n in range(200)]
    rows.append("# TYPE container_cpu_seconds_total counter")
    rows += [
        f'container_cpu_seconds_total{{pod="shop-{n % 5000}",cpu="{n % 64}",id="{n}"}} {n}.5'
        for n in range(LINES - 202)
    ]
    return ("\n".join(rows) + "\n").encode()


@contextmanager
def served():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    server.page = page()
    server.zipped = gzip.compress(server.page, 1)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", len(server.page)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def large_page():
    """Printed: the longest the engine's beat was late, its processor time and memory."""
    with served() as (url, size):
        line("a metrics page of 400,000 lines", f"{size / 2**20:.0f} MiB")
        for path in ("page", "zipped"):
            source = {
                "kind": "prometheus",
                "url": f"{url}/{path}",
                "interval": "3s",
                "figures": {"requests": {"rate": "shop_requests_total", "unit": "req/s"}},
            }
            with Room({"shop": source}) as room:
                late, took, peak = asyncio.run(_watched(room))
            line(f"{path}: latest beat beyond its time", f"{late * 1000:.0f} ms", "under 100")
            line(f"{path}: engine's processor, a scrape", f"{took:.2f} s")
            line(f"{path}: engine's memory, peak", f"{peak / 2**20:.0f} MiB")


async def _watched(room):
    """Seconds the latest beat was late, processor seconds a scrape, peak bytes; over ROUNDS."""
    hello = Hello(protocol=PROTOCOL, version=__version__)
    with _environment(room.env):
        paths = room_paths(read_local(room.config))
        async with await reach(paths, hello) as connection:
            engine = psutil.Process(connection.welcome.pid)
            scrapes, late, before, last = 0, 0.0, 0.0, None
            peak = 0
            async for message in connection.messages():
                peak = max(peak, engine.memory_info().rss)
                if isinstance(message, Beat):
                    now = time.monotonic()
                    late = max(late, now - last - BEAT) if last else late
                    last = now
                if isinstance(message, Changed) and message.sources:
                    scrapes += 1
                    if scrapes == 1:
                        before = sum(engine.cpu_times()[:2])
                    if scrapes > ROUNDS:
                        used = sum(engine.cpu_times()[:2]) - before
                        return late, used / ROUNDS, peak
    raise RuntimeError("the engine ended")


@contextmanager
def _environment(values):
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
