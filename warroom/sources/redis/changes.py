"""What has changed of a server since it was looked at last: pure."""

from collections.abc import Mapping
from datetime import datetime

from warroom.measure.change import Change
from warroom.measure.redis import RedisServer
from warroom.text import safe

MOST = 20
CONFIGURED = (
    "maxmemory*",
    "maxclients",
    "timeout",
    "append*",
    "save",
    "stop-writes-on-bgsave-error",
)
"""Patterns of ``CONFIG GET``, one command each: before 7.0 it takes one. None of them can match
a password."""


def of_server(before: RedisServer, after: RedisServer, now: datetime) -> list[Change]:
    """A restart, a failover, another version."""
    found = []
    if before.address != after.address:
        found.append(Change(now, f"connected to {before.address} → {after.address}", "role"))
    if before.role != after.role:
        found.append(Change(now, f"{before.role} → {after.role}", "role"))
    elif before.primary != after.primary:
        found.append(Change(now, f"follows {before.primary} → {after.primary}", "role"))
    if before.run_id and after.run_id and before.run_id != after.run_id:
        same = before.address == after.address
        what = "the server was started" if same else "another server answers"
        found.append(Change((after.started_at if same else None) or now, what, "start"))
    if before.version != after.version:
        found.append(Change(now, f"server version {before.version} → {after.version}", "start"))
    return found


def of_settings(before: Mapping[str, str], after: Mapping[str, str], now: datetime) -> list[Change]:
    """Settings that are not what they were."""
    return [
        Change(now, safe(f"{name} {_shown(before.get(name))} → {_shown(after.get(name))}", 200))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _shown(value: str | None) -> str:
    return "(not there)" if value is None else value or "(empty)"
