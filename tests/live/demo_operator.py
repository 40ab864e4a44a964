"""An operator of a demo's shop: the platform's command line, the web app's API, two roles."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx
import psutil
from redis import Redis

from tests.live.demo_shop import DemoShop, demo_shop
from tests.processes import words
from warroom.demo.secret_files import SecretFiles

PLATFORM = (sys.executable, "-P", "-m", "warroom.demo.platform")


@contextmanager
def operated() -> Iterator["Operator"]:
    """A demo of one's own and its operator, from start to end."""
    with demo_shop() as shop:
        operator = Operator(shop)
        try:
            yield operator
        finally:
            operator.redis.close()


class Operator:
    """What an operator does to the shop of one demo."""

    def __init__(self, shop: DemoShop) -> None:
        self.shop = shop
        secrets = SecretFiles(shop.settings.folder.secrets)
        self._token = secrets.admin.read_text()
        self._password = secrets.operator.read_text()
        self.redis = Redis.from_url(
            shop.settings.redis_operator, password=self._password, decode_responses=True
        )

    def run(self, *arguments: str) -> str:
        """The one line of what the platform has done."""
        done = self._platform(arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout.removesuffix("\n")

    def refused(self, *arguments: str) -> str:
        """Why the platform does not do it."""
        done = self._platform(arguments)
        assert (done.returncode, done.stdout) == (1, ""), done
        return done.stderr

    def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """The answer of the web app's API to who has the token."""
        token = {"Authorization": f"Bearer {self._token}"}
        return self.shop.http.request(method, f"/admin/{path}", json=body, headers=token)

    def changed(self, method: str, path: str, body: object = None) -> tuple[Any, Any]:
        """What the app's API says it was, and is."""
        answer = self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return told["was"], told["is"]

    def put(self, path: str, on: bool) -> tuple[Any, Any]:
        return self.changed("PUT", path, {"on": on})

    def state(self) -> dict[str, Any]:
        told: dict[str, Any] = self.ask("GET", "state").json()
        return told

    def undo(self) -> None:
        """Switch everything back to what is usual."""
        state = self.state()
        for path in ("maintenance", "read-only", "rate-limit"):
            self.put(path, False)
        for name in state["flags"]:
            self.put(f"flags/{name}", True)
        for kind in ("blocked", "blocked_agents"):
            for name in state[kind]:
                self.changed("DELETE", f"{kind.replace('_', '-')}/{name}")

    def sql(self, query: str, *arguments: Any) -> Any:
        """The first value of a query, asked as the role `operator`."""

        async def ask() -> Any:
            database = self.shop.settings.database_operator
            connection = await asyncpg.connect(database, password=self._password, timeout=3)
            try:
                return await connection.fetchval(query, *arguments)
            finally:
                await connection.close()

        return asyncio.run(ask())

    def pids(self, program: str) -> set[int]:
        """The processes of one of the demo's programs, by a part of its command line."""
        family = psutil.Process(self.shop.production.pid).children()
        return {child.pid for child in family if program in " ".join(words(child))}

    def worker(self, number: int) -> dict[str, Any]:
        """What that worker says of itself."""
        port = self.shop.settings.worker_ports[number - 1]
        told: dict[str, Any] = self.shop.http.get(f"http://127.0.0.1:{port}/health").json()
        return told

    def _platform(self, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        argv = [*PLATFORM, "--at", str(self.shop.production.control), *arguments]
        return subprocess.run(argv, capture_output=True, text=True, check=False)
