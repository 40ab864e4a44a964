"""The configuration with which warroom watches this demo."""

from typing import Any

import tomli_w

from warroom.demo import webhook
from warroom.demo.configuration import (
    actions,
    database,
    deployments,
    messages,
    metrics,
    names,
    playbooks,
    procedures,
    redis,
    tracker,
    vendors,
)
from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings

MAINTENANCE = "status == maintenance"
PAGE_TIMEOUT = "5s"
"""A page that takes longer than a poll's interval is slow, not unanswered."""


def write(folder: Folder, settings: Settings) -> None:
    """Write the demo's config.toml into its private folder, and the program that it names."""
    actions.write_platform(folder)
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
        "vantage": {"canaries": list(settings.canaries), "interval": "2s", "timeout": "1s"},
        "pages": [
            {"name": "overview", "panels": ["health", "errors", "resources", "onset"]},
            {"name": "database", "panels": ["connections", "slow_queries"]},
            {"name": "queues", "panels": ["queues", "redis"]},
            {"name": "outside", "panels": ["vendors", "deployments", "tracker", "names"]},
            {"name": "figures", "panels": ["signals"]},
        ],
        "sources": {
            "web": _page(f"{settings.web}/", down="SEV1", timeout=PAGE_TIMEOUT),
            "api": _api(settings),
            "checkout": _source(
                f"{settings.web}/api/checkout/health",
                down="SEV1",
                expect=["status == ok"],
                maintenance=MAINTENANCE,
                figures={"payments_stuck": {"path": "payments_stuck", "unit": "payments"}},
            ),
            "worker": _source(
                f"{settings.worker}/health",
                down="SEV2",
                expect=["status == ok", "checks.mail == ok"],
                figures={
                    "jobs_done": {"path": "jobs_done", "unit": "jobs"},
                    "last_job_age": {"path": "last_job_age_s", "unit": "s"},
                    "workers": {"path": "queue.workers", "unit": "workers"},
                    "in_hand": {"path": "queue.in_hand", "unit": "jobs"},
                    "failed": {"path": "queue.failed", "unit": "jobs"},
                },
            ),
            "shop-tls": _tls(folder, settings),
            "payments-webhook": _webhook(settings),
            "test-mail": _test_mail(folder, settings),
            "shop": metrics.source(settings),
            "db": database.source(folder, settings),
            "redis": redis.source(folder, settings),
            **names.sources(folder, settings),
            **vendors.vendors(settings),
            **deployments.sources(folder),
            "tracker": tracker.source(folder, settings),
        },
        "rules": [
            _slow("storefront slow", "web"),
            _slow("api slow", "api"),
            _unanswered("storefront unanswered", "web"),
            _unanswered("api unanswered", "api"),
            _limits("payments stuck", "checkout.payments_stuck", SEV2="> 5"),
            _limits("certificate", "shop-tls.certificate_days", SEV2="< 3", SEV3="< 14"),
            *metrics.rules(),
            *database.rules(),
            *redis.rules(),
        ],
        **procedures.sections(),
        **messages.sections(folder, settings),
        "actions": actions.actions(folder, settings),
        **playbooks.sections(folder, settings),
    }


def _source(url: str, **more: Any) -> dict[str, Any]:
    asked = {"kind": "http", "url": url, "interval": "2s", "timeout": "1500ms"}
    # The usual ten minutes would keep p95, and the level, long after a fault is over.
    return asked | {"window": metrics.WINDOW} | more


def _page(url: str, **more: Any) -> dict[str, Any]:
    """Asked for by a monitor, a page in maintenance says so in JSON."""
    accept = {"Accept": "application/json, text/html"}
    return _source(url, headers=accept, maintenance=MAINTENANCE, **more)


def _api(settings: Settings) -> dict[str, Any]:
    return _source(
        f"{settings.web}/api/health",
        down="SEV1",
        expect=["status == ok", "checks.memory < 90"],
        maintenance=MAINTENANCE,
        figures={
            "memory": {"path": "checks.memory", "unit": "%"},
            "queue_depth": {"path": "checks.queue_depth", "unit": "jobs"},
        },
        environment="environment",
        header_figures={"rate_limit_remaining": "X-RateLimit-Remaining"},
    )


def _tls(folder: Folder, settings: Settings) -> dict[str, Any]:
    # A connection of its own for each poll: one that is kept never sees a new certificate.
    trusted = str(folder.authority)
    return _page(f"{settings.front}/", down="SEV2", ca_file=trusted, fresh=True)


def _webhook(settings: Settings) -> dict[str, Any]:
    """An event that is not signed: 400 is the endpoint's right answer to it."""
    return _source(
        f"{settings.web}{webhook.PATH}",
        interval="5s",
        down="SEV2",
        method="POST",
        headers={"Content-Type": "application/json"},
        body='{"type":"probe"}',
        expect_status=[400],
        maintenance=MAINTENANCE,
    )


def _test_mail(folder: Folder, settings: Settings) -> dict[str, Any]:
    """Each poll sends a mail: only when somebody asks."""
    return _source(
        f"{settings.web}/api/mail/test",
        timeout="5s",
        down="SEV3",
        on_request=True,
        maintenance=MAINTENANCE,
        method="POST",
        bearer={"file": str(SecretFiles(folder.secrets).test_mail)},
    )


def _limits(name: str, signal: str, **levels: str) -> dict[str, Any]:
    return {"name": name, "signal": signal, "levels": levels}


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
