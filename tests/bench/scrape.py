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
from warroom.wire import PROTOCOL, GetStatus, Hello

LINES = 400_000
ROUNDS = 4


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        zipped = self.path == "/zipped"
        body = self.server.pages[self.path.removeprefix("/")]
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
    whole = page()
    small = whole[: whole.index(b"# TYPE container")]
    server.pages = {"page": whole, "zipped": gzip.compress(whole, 1), "small": small}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", len(whole)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def large_page():
    """Printed: the longest that the engine's loop stood, its processor time and memory."""
    with served() as (url, size):
        line("a metrics page of 400,000 lines", f"{size / 2**20:.0f} MiB")
        for path in ("small", "page", "zipped"):
            source = {
                "kind": "prometheus",
                "url": f"{url}/{path}",
                "interval": "3s",
                "figures": {"requests": {"rate": "shop_requests_total", "unit": "req/s"}},
            }
            with Room({"shop": source}) as room:
                slowest, took, peak = asyncio.run(_watched(room))
            bound = "under 100 ms" if path != "small" else ""
            line(f"{path}: the loop's longest stand", f"{slowest * 1000:.0f} ms", bound)
            line(f"{path}: engine's processor, a scrape", f"{took:.2f} s")
            line(f"{path}: engine's memory, peak", f"{peak / 2**20:.0f} MiB")


async def _watched(room):
    """Seconds the slowest answer took, processor seconds a scrape, peak bytes; over ROUNDS.

    Asked a hundred times a second how it does, the engine answers as soon as its loop turns.
    """
    hello = Hello(protocol=PROTOCOL, version=__version__)
    with _environment(room.env):
        paths = room_paths(read_local(room.config))
        async with await reach(paths, hello) as connection:
            engine = psutil.Process(connection.welcome.pid)
            began, slowest, peak = None, 0.0, 0
            while True:
                asked = time.monotonic()
                answer = await connection.request(GetStatus(ref=0))
                polls = answer.status.sources[0].polls
                if began is None and polls:
                    began = polls, sum(engine.cpu_times()[:2])
                if began is not None:
                    slowest = max(slowest, time.monotonic() - asked)
                    peak = max(peak, engine.memory_info().rss)
                    if polls >= began[0] + ROUNDS:
                        used = sum(engine.cpu_times()[:2]) - began[1]
                        return slowest, used / ROUNDS, peak
                await asyncio.sleep(0.01)


@contextmanager
def _environment(values):
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
