"""What ``INFO`` says of the server itself, as figures and in words: pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from warroom.measure.redis import RedisServer
from warroom.sources.redis.info import Info
from warroom.text import safe, short_duration

Role = Literal["primary", "replica", ""]
_ROLES: Mapping[str, Role] = {"master": "primary", "slave": "replica"}
Rates = Mapping[str, float | None]


def described(info: Info, rates: Rates, *, address: str, database: int, now: float) -> RedisServer:
    """The server as the panels draw it; ``now`` is its own time (Unix time, s)."""
    role: Role = _ROLES.get(info.text("role"), "")
    product = "valkey" if info.text("valkey_version") else "redis"
    up_for = info.count("uptime_in_seconds")
    down_for = info.count("master_link_down_since_seconds")
    return RedisServer(
        address=address,
        product=product,
        version=safe(info.text(f"{product}_version"), 40),
        run_id=safe(info.text("run_id"), 60),
        role=role,
        started_at=None if up_for is None else _started(now, up_for),
        database=database,
        memory=info.count("used_memory"),
        max_memory=info.count("maxmemory") or None,
        policy=safe(info.text("maxmemory_policy"), 40),
        clients=info.count("connected_clients"),
        max_clients=info.count("maxclients") or None,
        blocked_clients=info.count("blocked_clients"),
        keys=_keys(info, database),
        hit_rate=rates.get("hit_rate"),
        evictions=rates.get("evictions"),
        operations=rates.get("operations"),
        primary=_primary(info) if role == "replica" else "",
        link=safe(info.text("master_link_status"), 20) if role == "replica" else "",
        link_down_for=None if down_for is None else float(down_for),
        replicas=info.count("connected_slaves"),
        rejected=info.count("rejected_connections"),
    )


def figures(info: Info, server: RedisServer, rates: Rates) -> dict[str, float | None]:
    """All but what the poll itself measures."""
    link = float(server.link == "up") if server.role == "replica" and server.link else None
    primary = float(server.role == "primary") if server.role else None
    return {
        "memory": _float(server.memory),
        "memory_used": share(server.memory, server.max_memory),
        "hit_rate": rates.get("hit_rate"),
        "evictions": rates.get("evictions"),
        "operations": rates.get("operations"),
        "rejected": rates.get("rejected"),
        "clients": _float(server.clients),
        "clients_used": share(server.clients, server.max_clients),
        "blocked_clients": _float(server.blocked_clients),
        "keys": _float(server.keys),
        "primary": primary,
        "link_up": link,
        "replicas": _float(server.replicas),
        "replication_lag": _lag(info) if server.role == "primary" else None,
    }


def faults(info: Info, server: RedisServer, stops_writes: bool | None) -> tuple[str, ...]:
    """What it says itself that it cannot do; ``stops_writes`` is its setting
    ``stop-writes-on-bgsave-error``, None where that may not be read."""
    found = []
    if info.count("loading"):
        found.append(_loading(info))
    if server.role == "replica" and server.link not in ("up", ""):
        since = server.link_down_for
        lasts = f" for {short_duration(since)}" if since is not None else ""
        found.append(f"replica: the link to its primary {server.primary} is down{lasts}")
    full = share(server.memory, server.max_memory)
    if full is not None and full >= 100 and server.policy == "noeviction":
        found.append("memory is full and the policy is noeviction: writes are refused")
    if info.text("aof_last_write_status") == "err":
        found.append("the append-only file could not be written: writes are refused")
    if info.text("rdb_last_bgsave_status") == "err" and stops_writes:
        found.append("the last save failed: writes are refused (stop-writes-on-bgsave-error)")
    return tuple(found)


def notes(info: Info, stops_writes: bool | None) -> tuple[str, ...]:
    """Worth knowing, and no trouble by itself."""
    if info.text("rdb_last_bgsave_status") == "err" and not stops_writes:
        known = "" if stops_writes is not None else ", which may have writes refused"
        return (f"the last save failed{known}",)
    return ()


def share(used: int | None, most: int | None) -> float | None:
    """Percent; None where there is no limit."""
    return None if used is None or not most else 100 * used / most


def _primary(info: Info) -> str:
    host, port = safe(info.text("master_host"), 255), safe(info.text("master_port"), 10)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _keys(info: Info, database: int) -> int | None:
    """A database without keys has no line in its section."""
    name = f"db{database}"
    if name not in info.values:
        return 0 if "Keyspace" in info.sections else None
    return Info(info.fields(name)).count("keys")


def _started(now: float, up_for: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(now, UTC).replace(microsecond=0) - timedelta(seconds=up_for)
    except (OverflowError, ValueError, OSError):
        return None


def _lag(info: Info) -> float | None:
    """Bytes that the replica furthest behind has not acknowledged; 0 with none."""
    count, offset = info.count("connected_slaves"), info.count("master_repl_offset")
    if count is None or offset is None:
        return None
    acknowledged = [
        Info(info.fields(name)).count("offset")
        for name in info.values
        if name.startswith("slave") and name[5:].isdecimal()
    ]
    if len(acknowledged) < count or None in acknowledged:
        return None
    return float(max((offset - each for each in acknowledged if each is not None), default=0))


def _loading(info: Info) -> str:
    percent, left = info.text("loading_loaded_perc"), info.count("loading_eta_seconds")
    so_far = f": {safe(percent, 10)} %" if percent else ""
    still = f", {short_duration(left)} left" if left else ""
    return f"it is loading its data{so_far}{still}"


def _float(value: int | None) -> float | None:
    return None if value is None else float(value)
