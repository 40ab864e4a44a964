"""What has changed of a server since it was looked at last: pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from warroom.measure.change import Change
from warroom.measure.postgres import Identity

MOST = 20
SECRET = frozenset(
    {"primary_conninfo", "ssl_passphrase_command", "archive_command", "restore_command"}
)
"""Settings that may hold a password: that they changed is said, and not how."""


def of_identity(before: Identity, after: Identity, now: datetime) -> list[Change]:
    """A restart, a failover, a role that is another one."""
    found = []
    old, new = before.system_identifier, after.system_identifier
    if old and new and old != new:
        return [Change(now, f"another cluster answers: {old} → {new}", "role")]
    if before.role != after.role:
        found.append(Change(now, f"{before.role} → {after.role}", "role"))
    if before.address != after.address:
        found.append(Change(now, f"connected to {before.address} → {after.address}", "role"))
    if after.started_at is not None and before.started_at != after.started_at:
        found.append(Change(after.started_at, "the server was started", "start"))
    if before.version != after.version:
        found.append(Change(now, f"server version {before.version} → {after.version}", "start"))
    return found


def of_settings(
    before: Mapping[str, str], after: Mapping[str, str], when: datetime
) -> list[Change]:
    """Settings that are not what they were; one that is not named any more is built in again."""
    found = []
    for name in sorted({*before, *after}):
        old, new = before.get(name, "built-in value"), after.get(name, "built-in value")
        if old != new:
            words = f"{name} changed" if name in SECRET else f"{name} {old} → {new}"
            found.append(Change(when, words))
    return found


def settings(rows: list[Mapping[str, Any]]) -> dict[str, str]:
    """Name to value with its unit, as ``settings`` reads them."""
    return {row["name"]: f"{row['setting']} {row['unit']}".rstrip() for row in rows}
