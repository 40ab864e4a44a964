"""Prometheus and its node exporter themselves, on free loopback ports, for one test."""

import contextlib
import json
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, start_http_server

from tests.live.bad_server import refused_port
from tests.waiting import until

INSTALL = "apt-get install -y --no-install-recommends prometheus prometheus-node-exporter"


def program(name: str) -> str:
    """Where it is installed. A machine without it fails the test: nothing is skipped."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed; type: {INSTALL}")
    return found


@contextlib.contextmanager
def node_exporter() -> Iterator[str]:
    """A node exporter; the address of its page."""
    address = f"127.0.0.1:{refused_port()}"
    arguments = [program("prometheus-node-exporter"), f"--web.listen-address={address}"]
    with _running(arguments, f"http://{address}/metrics"):
        yield f"http://{address}/metrics"


@contextlib.contextmanager
def prometheus(folder: Path, **pages: str) -> Iterator["Server"]:
    """A Prometheus that scrapes ``pages`` (job to address) each second."""
    jobs = []
    for job, url in pages.items():
        parts = urllib.parse.urlsplit(url)
        where = {"targets": [parts.netloc]}
        jobs.append({"job_name": job, "metrics_path": parts.path, "static_configs": [where]})
    timing = {"scrape_interval": "1s", "scrape_timeout": "1s"}
    config = folder / "prometheus.yml"  # JSON is YAML
    config.write_text(json.dumps({"global": timing, "scrape_configs": jobs}))
    address = f"127.0.0.1:{refused_port()}"
    arguments = [
        program("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
        "--web.external-url=http://monitoring.example/prom/",
        "--web.route-prefix=/prom",
        "--log.level=error",
    ]
    with _running(arguments, f"http://{address}/prom/-/ready"):
        yield Server(f"http://{address}/prom")


@contextlib.contextmanager
def _running(arguments: list[str], ready: str) -> Iterator[None]:
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until(lambda: _answers(ready), 30, lambda: f"{arguments[0]} is {process.poll()}")
        yield
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class Server:
    """What Prometheus itself answers, asked past all code of ours."""

    def __init__(self, url: str) -> None:
        self.url = url

    def vector(self, query: str, at: float | None = None) -> dict[str, float]:
        """An instant query: values by the label ``path`` (or the empty one), at ``at`` if given."""
        form = {"query": query} | ({} if at is None else {"time": f"{at:.3f}"})
        url = f"{self.url}/api/v1/query?{urllib.parse.urlencode(form)}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
        assert found["status"] == "success"
        result = found["data"]["result"]
        if found["data"]["resultType"] == "scalar":
            return {"": float(result[1])}
        return {each["metric"].get("path", ""): float(each["value"][1]) for each in result}

    def value(self, query: str, at: float | None = None) -> float:
        (value,) = self.vector(query, at).values()
        return value


@contextlib.contextmanager
def app(registry: CollectorRegistry) -> Iterator[str]:
    """An application's page; its address."""
    server, thread = start_http_server(0, addr="127.0.0.1", registry=registry)
    try:
        yield f"http://127.0.0.1:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
