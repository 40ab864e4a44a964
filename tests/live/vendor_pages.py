"""Status pages to serve on loopback, and how the source is asked about them."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from tests.live.bad_server import BadServer, answer
from tests.live.held import holding
from warroom.measure.vendor import StatuspageSeen
from warroom.sources.base import Sample
from warroom.sources.statuspage import StatuspageSource

SUMMARY = "/api/v2/summary.json"
STATUS = "/api/v2/status.json"
INCIDENTS = "/api/v2/incidents.json"
CHANGED = "2026-03-01T11:58:00.000Z"
WELL = {"Payments API": "operational", "Webhooks": "operational", "Dashboard": "operational"}


@contextlib.asynccontextmanager
async def asking(server: BadServer, **settings: Any) -> AsyncIterator[StatuspageSource]:
    """A source named ``pay`` on the server's page, closed after the block."""
    clock = settings.pop("clock", None)
    table = {"url": server.url(""), "timeout": "2s", **settings}
    async with holding(StatuspageSource, "pay", table, clock=clock) as source:
        yield source


async def once(server: BadServer, **settings: Any) -> Sample:
    async with asking(server, **settings) as source:
        return await source.sample()


def seen(sample: Sample) -> StatuspageSeen:
    assert isinstance(sample.seen, StatuspageSeen)
    return sample.seen


def summary(
    indicator: str = "none", description: str = "All Systems Operational", **more: Any
) -> dict[str, Any]:
    """A summary as Statuspage gives it; ``components`` by name and status."""
    components = more.pop("components", WELL)
    parts = [
        {"id": f"c{at}", "name": name, "status": status, "group": False, "group_id": None}
        for at, (name, status) in enumerate(components.items())
    ]
    return {
        "page": {"id": "p1", "name": "Acme Pay", "updated_at": CHANGED},
        "status": {"indicator": indicator, "description": description},
        "components": parts,
        "incidents": [],
        "scheduled_maintenances": [],
        **more,
    }


def incident(name: str = "Webhooks are late", **more: Any) -> dict[str, Any]:
    return {
        "id": "i1",
        "name": name,
        "status": "identified",
        "impact": "minor",
        "created_at": "2026-03-01T11:40:00.000Z",
        "started_at": "2026-03-01T11:38:00.000Z",
        "updated_at": "2026-03-01T11:55:00.000Z",
        "shortlink": "https://stspg.example/i1",
        "components": [{"name": "Webhooks", "status": "degraded_performance"}],
        "incident_updates": [
            {"body": "A fix is on its way.\nWe watch it.", "created_at": "2026-03-01T11:55:00Z"},
            {"body": "We look into it.", "created_at": "2026-03-01T11:40:00Z"},
        ],
        **more,
    }


def shows(
    server: BadServer,
    page: dict[str, Any],
    *headers: tuple[str, str],
    at: str = SUMMARY,
    status: int = 200,
) -> None:
    """Let the server answer with this JSON."""
    server.says(at, answer(msgspec.json.encode(page), *headers, status=status))
