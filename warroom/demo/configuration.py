"""The configuration with which warroom watches this demo."""

from typing import Any

import tomli_w

from warroom.demo.folder import Folder
from warroom.demo.settings import Settings


def write(folder: Folder, settings: Settings) -> None:
    """Write the demo's config.toml into its private folder."""
    folder.config.touch(mode=0o600)
    folder.config.write_text(tomli_w.dumps(build(folder, settings)))


def build(folder: Folder, settings: Settings) -> dict[str, Any]:
    """The configuration as plain data."""
    return {
        "version": 1,
        "room": {
            "name": "shop",
            "environment": "demo",
            "dir": str(folder.private / "room"),
            "linger": "2s",
        },
        "pages": [{"name": "overview", "panels": ["health"]}],
        "sources": {
            "web": _source(f"{settings.web}/", down="SEV1"),
            "api": _api(settings),
            "checkout": _source(
                f"{settings.web}/api/checkout/health", down="SEV1", expect=["status == ok"]
            ),
            "worker": _source(
                f"{settings.worker}/health",
                down="SEV2",
                expect=["status == ok"],
                figures={
                    "jobs_done": {"path": "jobs_done", "unit": "jobs"},
                    "last_job_age": {"path": "last_job_age_s", "unit": "s"},
                },
            ),
        },
        "rules": [
            _slow("storefront slow", "web"),
            _slow("api slow", "api"),
            _unanswered("storefront unanswered", "web"),
            _unanswered("api unanswered", "api"),
        ],
    }


def _source(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "http", "url": url, "interval": "2s", "timeout": "1500ms", **more}


def _api(settings: Settings) -> dict[str, Any]:
    return _source(
        f"{settings.web}/api/health",
        down="SEV1",
        expect=["status == ok", "checks.memory < 90"],
        figures={
            "memory": {"path": "checks.memory", "unit": "%"},
            "queue_depth": {"path": "checks.queue_depth", "unit": "jobs"},
        },
        environment="environment",
        header_figures={"rate_limit_remaining": "X-RateLimit-Remaining"},
    )


def _slow(name: str, source: str) -> dict[str, Any]:
    return {
        "name": name,
        "signal": f"{source}.latency_p95",
        "levels": {"SEV2": "> 2000", "SEV3": "> 500"},
        "raise_after": 3,
        "clear_after": 2,
    }


def _unanswered(name: str, source: str) -> dict[str, Any]:
    return {"name": name, "signal": f"{source}.unanswered", "levels": {"SEV1": ">= 3"}}
