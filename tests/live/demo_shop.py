"""A running demo's shop as tests look at it: its pages, its figures, its stores."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

from tests.processes import words
from warroom.demo import control
from warroom.demo.production import Production
from warroom.demo.settings import Settings


@contextmanager
def own_temp() -> Iterator[Path]:
    """A temp folder of our own: a developer's running demo is neither found nor swept."""
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    path = Path(tempfile.mkdtemp(prefix="wr-"))
    path.chmod(0o711)  # as /tmp, it can be passed through by the servers' account
    os.environ["TMPDIR"] = tempfile.tempdir = str(path)
    try:
        yield path
    finally:
        tempfile.tempdir = before[1]
        if before[0] is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before[0]
        shutil.rmtree(path)


@contextmanager
def demo_shop() -> Iterator["DemoShop"]:
    """A demo of one's own, from start to end."""
    no_jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    # The app closes a connection on which something failed: each request has its own.
    fresh = httpx.Limits(max_keepalive_connections=0)
    client = httpx.Client(timeout=10, trust_env=False, cookies=no_jar, limits=fresh)
    with own_temp(), Production.start() as production, client as http:
        yield DemoShop(production, http)


class DemoShop:
    """The shop of one production."""

    def __init__(self, production: Production, http: httpx.Client) -> None:
        self.production = production
        self.settings = Settings.read(production.config.parent / "settings.json")
        self.http = http
        self.http.base_url = self.settings.web

    def switch(self, fault: str, on: bool) -> str:
        return control.switch(self.production.control, fault, on)

    def all_off(self) -> None:
        """The outage first: others need the stores to heal."""
        for fault in control.faults(self.production.control):
            if fault.on:
                self.switch(fault.name, False)

    def status(self, path: str) -> int:
        """The status of a GET; 0 when nobody answers."""
        try:
            return self.http.get(path).status_code
        except httpx.TransportError:
            return 0

    def took(self, path: str) -> float:
        """Seconds until a GET was answered with 200."""
        began = time.monotonic()
        assert self.http.get(path).status_code == 200
        return time.monotonic() - began

    def order(self, quantity: int) -> int:
        """The status of an order."""
        wish = {"product": 1, "quantity": quantity, "email": "test@shop.example"}
        return self.http.post("/api/checkout", json=wish).status_code

    def health(self) -> dict[str, Any]:
        """The health endpoint's body."""
        return self.http.get("/api/health").json()

    def figure(self, name: str, **labels: str) -> float:
        """The sum of the samples of that name and labels."""
        found = self.http.get("/metrics").text
        return sum(
            sample.value
            for family in text_string_to_metric_families(found)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def answered(self, path: str, status: int) -> float:
        """How many requests for the path were answered so."""
        return self.figure("shop_http_requests_total", path=path, status=str(status))

    def runs(self, program: str) -> bool:
        """Whether one of the demo's programs runs, by its module's last name."""
        family = psutil.Process(self.production.pid).children()
        return any(f"warroom.demo.outside.{program}" in words(child) for child in family)

    def ask_database(self, query: str, *arguments: Any) -> Any:
        """The first value of a query, asked as superuser."""

        async def ask() -> Any:
            database = self.settings.database_admin.replace("/postgres?", "/shop?")
            connection = await asyncpg.connect(database, timeout=3)
            try:
                return await connection.fetchval(query, *arguments)
            finally:
                await connection.close()

        return asyncio.run(ask())
