"""What can be done about the demo's faults: the mitigations teams type, on keys."""

import shlex
import sys
from typing import Any

from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.switches import FLAGS

Action = dict[str, Any]

SHOP, DATA, PARTS, GUARD = "Shop", "Database and queue", "Platform", "Guard"


PLATFORM = "platform"
"""The hosting platform's program, beside the configuration."""


def write_platform(folder: Folder) -> None:
    """Write the program: it knows where the control socket is."""
    path = folder.private / PLATFORM
    program = [sys.executable, "-P", "-m", "warroom.demo.platform", "--at", str(folder.control)]
    path.touch(mode=0o700)
    path.write_text(f'#!/bin/sh\nexec {shlex.join(program)} "$@"\n')


def actions(folder: Folder, settings: Settings) -> dict[str, Action]:
    """``[actions.NAME]``, by heading."""
    return {
        **_platform(),
        **_switches(folder, settings),
        **_guard(folder, settings),
        **_database(folder, settings),
        **_queue(folder, settings),
    }


def _platform() -> dict[str, Action]:

    def on(title: str, key: str, *arguments: str, **more: Any) -> Action:
        made = {"kind": "command", "title": title, "key": key, "group": PARTS, "deadline": "30s"}
        return made | {"argv": [f"./{PLATFORM}", *arguments]} | more

    release = {"title": "version", "type": "row", "source": "releases", "gives": "title"}
    return {
        "rollback": on(
            "Roll back the release", "r", "rollback",
            word="back",
            help="the release before the live one; after a bad deployment",
            expect=[
                _moves("shop.latency_p95", "down", "60s"), _moves("shop.error_rate", "down", "60s")
            ],
            undo="redeploy",
        ),
        "deploy": on(
            "Deploy a release", "d", "deploy", "{version}",
            word="put", help="any release that was live before", parameters={"version": release},
        ),
        "redeploy": on(
            "Put back what a rollback replaced", "9", "deploy", "{version}",
            word="redo", help="the release before the newest entry; after a rollback",
            # After a rollback the first is the older release again, the second what it replaced.
            parameters={"version": release | {"default": "second"}},
        ),
        "scale_workers": on(
            "Scale the workers", "s", "scale", "worker", "{workers}",
            word="more",
            parameters={"workers": {
                "title": "workers", "type": "integer", "minimum": 0, "maximum": 8, "default": 4,
            }},
            expect=[_moves("redis.mail.finishing", "up", "40s")],
            turns_on="workers",
            was="worker.workers",
            undo={"action": "scale_workers", "values": {"workers": "{was}"}},
            ttl="2h",
        ),
        "restart_web": on(
            "Restart the web app, its pool", "w", "restart", "web",
            word="boot", expect=[_moves("shop.memory", "down", "30s")],
        ),
        "restart_worker": on(
            "Restart the workers", "o", "restart", "worker",
            word="boot", expect=[_moves("redis.mail.finishing", "up", "40s")],
        ),
        "restart_postgres": on(
            "Restart PostgreSQL", "p", "restart", "postgres",
            word="boot",
            # Not the error rate: of a young outage it still rises when the database is back.
            expect=[_moves("db.up", "up", "60s"), _moves("web.up", "up", "60s")],
        ),
        "restart_redis": on(
            "Restart Redis", "e", "restart", "redis",
            word="boot",
            expect=[_moves("redis.up", "up", "60s"), _moves("checkout.up", "up", "60s")],
        ),
        "restart_warehouse": on(
            "Restart the warehouse's service", "h", "restart", "warehouse",
            word="boot", expect=[_moves("shop.latency_p95", "down", "60s")],
        ),
        "renew_certificate": on(
            "Renew the certificate", "n", "renew", "certificate",
            danger="mild", expect=[_moves("shop-tls.certificate_days", "up", "30s")],
        ),
        "renew_webhook": on(
            "Take the provider's new webhook secret", "b", "renew", "webhook-secret",
            word="take", expect=[_moves("checkout.payments_stuck", "down", "60s")],
        ),
        "renew_mail": on(
            "Take the mail server's new password", "m", "renew", "mail-password",
            word="take",
            expect=[_moves("worker.up", "up", "60s"), _moves("redis.mail.depth", "down", "60s")],
        ),
        "restore_dns": on(
            "Restore the zone of the second name server", "z", "restore", "dns",
            danger="mild", expect=[_moves("name.agree", "up", "30s")],
        ),
    }  # fmt: skip


def _switches(folder: Folder, settings: Settings) -> dict[str, Action]:
    """The shop's own switches, each with its way back."""

    def put(title: str, path: str, on: bool, **more: Any) -> Action:
        body = {"on": on} | more.pop("body", {})
        made = _admin(folder, settings, title, f"/admin/{path}") | {"group": SHOP}
        return made | {"method": "PUT", "body": body} | more

    flag = {"flag": {"title": "flag", "type": "choice", "choices": list(FLAGS)}}
    return {
        "maintenance_on": put(
            "Maintenance on", "maintenance", True, key="1", word="main",
            help="every page and the API answer 503, and say so",
            turns_on="maintenance", undo="maintenance_off", ttl="30min", at_end="propose",
            expect=[_moves("shop.turned_away", "up", "30s")],
        ),
        "maintenance_off": put(
            "Maintenance off", "maintenance", False, key="2", danger="mild",
            expect=[_moves("shop.turned_away", "down", "30s")],
        ),
        "flag_off": put(
            "Switch a feature off", "flags/{flag}", False, key="f", word="off",
            parameters=flag, turns_on="{flag} off",
            undo={"action": "flag_on", "values": {"flag": "{flag}"}}, ttl="4h",
            expect=[_moves("shop.latency_p95", "down", "60s"),
                    _moves("shop.connections_pool", "down", "60s")],
            help="stock: slow pages; export: the pool; recommendations: 1.43.0",
        ),
        "pictures_off": put(
            "Pictures off, and their memory", "flags/pictures", False, key="0", word="off",
            # An action of its own: memory that climbs is no sign against another flag.
            turns_on="pictures off",
            undo={"action": "flag_on", "values": {"flag": "pictures"}}, ttl="4h",
            expect=[_moves("shop.memory", "down", "60s")],
        ),
        "flag_on": put(
            "Switch a feature on", "flags/{flag}", True, key="g", danger="mild", parameters=flag
        ),
        "read_only_on": put(
            "Read-only on", "read-only", True, key="3", word="read",
            help="pages stay; carts and orders answer 503, and say so",
            turns_on="read-only", undo="read_only_off", ttl="1h",
            expect=[_moves("shop.turned_away", "up", "30s")],
        ),
        "read_only_off": put(
            "Read-only off", "read-only", False, key="4", danger="mild",
            expect=[_moves("shop.turned_away", "down", "30s")],
        ),
        "rate_limit_on": put(
            "Rate limit on", "rate-limit", True, key="5", word="rate",
            body={"per_client": "{per_minute}"},
            parameters={"per_minute": {
                "title": "a minute", "type": "integer", "minimum": 1, "maximum": 100000,
                "default": 900,
            }},
            turns_on="rate limit", undo="rate_limit_off", ttl="2h",
            help="per client, an address and a User-Agent: a robot has a budget of its own",
            # The robot is still refused, and so is no sign of whether customers are.
            expect=[_moves("shop.checkouts_limited", "down", "60s")],
        ),
        "rate_limit_off": put("Rate limit off", "rate-limit", False, key="6", danger="mild"),
    }  # fmt: skip


def _guard(folder: Folder, settings: Settings) -> dict[str, Action]:
    address = {"address": {
        "title": "address", "pattern": r"[0-9A-Fa-f.:]{2,45}", "longest": 45,
    }}  # fmt: skip
    agent = {"agent": {
        "title": "User-Agent", "type": "choice", "choices": ["price-robot", "picture-crawler"],
    }}  # fmt: skip

    def admin(title: str, path: str, method: str, **more: Any) -> Action:
        made = _admin(folder, settings, title, f"/admin/{path}")
        return made | {"method": method, "group": GUARD} | more

    return {
        "block_address": admin(
            "Block an address", "blocked/{address}", "PUT", key="a", word="ban",
            parameters=address, turns_on="block of {address}",
            undo={"action": "unblock_address", "values": {"address": "{address}"}}, ttl="12h",
            expect=[_moves("shop.sign_ins_failed", "down", "60s")],
        ),
        "unblock_address": admin(
            "Let an address in again", "blocked/{address}", "DELETE", key="u", danger="mild",
            parameters=address,
        ),
        "block_agent": admin(
            "Block a robot", "blocked-agents/{agent}", "PUT", key="x", word="ban",
            parameters=agent, turns_on="block of {agent}",
            undo={"action": "unblock_agent", "values": {"agent": "{agent}"}}, ttl="12h",
            help="price-robot: budget; picture-crawler: memory, then restart the web app",
            expect=[_moves("shop.rate_limited", "down", "60s")],
        ),
        "unblock_agent": admin(
            "Let a robot in again", "blocked-agents/{agent}", "DELETE", key="y", danger="mild",
            parameters=agent,
        ),
        "invalidate_sessions": admin(
            "End every session", "sessions/invalidate", "POST", key="v", word="end",
            help="every customer must sign in again; carts are lost",
            expect=[_moves("redis.keys", "down", "30s")],
        ),
    }  # fmt: skip


def _database(folder: Folder, settings: Settings) -> dict[str, Action]:
    ours = {
        "kind": "sql",
        "source": "db",
        "group": DATA,
        "dsn": settings.database_operator,
        "password": {"file": str(SecretFiles(folder.secrets).operator)},
        "deadline": "15s",
    }
    session = {"session": {"title": "session", "type": "row", "source": "db"}}
    return {
        "kill_slow": ours | {
            "title": "Terminate slow queries", "key": "k", "word": "kill",
            "builtin": "terminate_older",
            "parameters": {"seconds": {
                "title": "active for over, s", "type": "integer", "minimum": 1, "maximum": 86400,
                "default": 5,
            }},
            "expect": [_moves("db.longest_query", "down", "30s"),
                       _moves("db.waiting", "down", "30s")],
        },
        "terminate_session": ours | {
            "title": "Terminate this session", "key": "t", "word": "kill",
            "builtin": "terminate_query", "parameters": session,
            "expect": [_moves("db.longest_query", "down", "30s"),
                       _moves("db.idle_in_transaction", "down", "30s")],
        },
        "cancel_query": ours | {
            "title": "Cancel this query", "key": "c", "danger": "mild",
            "builtin": "cancel_query", "parameters": session,
            "expect": [_moves("db.longest_query", "down", "30s")],
        },
        "mend_prices": ours | {
            "title": "Take the stray digit out of the prices", "key": "i", "word": "mend",
            "sql": "UPDATE products SET cents = cents - 2000000000\nWHERE cents > 2000000000",
            "least": 1, "most": 1000,
            "expect": [_moves("shop.error_rate", "down", "60s")],
        },
    }  # fmt: skip


def _queue(folder: Folder, settings: Settings) -> dict[str, Action]:
    ours = {
        "kind": "redis",
        "source": "redis",
        "group": DATA,
        "dsn": settings.redis_operator,
        "password": {"file": str(SecretFiles(folder.secrets).operator)},
        "deadline": "10s",
    }
    queue = {"queue": {"title": "queue", "type": "row", "source": "redis", "default": "first"}}
    return {
        "clear_stuck": ours | {
            "title": "Queue the stuck job again", "key": "j", "word": "free",
            "command": ["LMOVE", "jobs:mail:in-hand", "jobs:mail", "RIGHT", "LEFT"],
            "reply": r"\{.*",
            "help": "what the first worker has in hand, when it hangs",
            "expect": [_moves("redis.mail.stuck", "down", "30s")],
        },
        "retry_failed": ours | {
            "title": "Retry the failed jobs", "key": "q", "word": "try",
            "builtin": "retry_failed", "parameters": queue,
            "expect": [_moves("redis.mail.failed", "down", "30s")],
        },
        "flush_queue": ours | {
            "title": "Flush the queue", "key": "l", "danger": "severe",
            "builtin": "flush", "parameters": queue,
            "expect": [_moves("redis.mail.depth", "down", "20s")],
            "undo": {"action": "unflush_queue", "values": {"queue": "{queue}"}},
        },
        "unflush_queue": ours | {
            "title": "Bring back what was flushed", "key": "7", "word": "back",
            "builtin": "unflush", "parameters": queue,
            "expect": [_moves("redis.mail.depth", "up", "20s")],
        },
        "flush_cache": ours | {
            "title": "Flush the cache of prices", "key": "8", "danger": "mild",
            "command": ["UNLINK", "cache:prices"],
            "help": "after a price was corrected: carts show the old one for up to a minute",
        },
    }  # fmt: skip


def _admin(folder: Folder, settings: Settings, title: str, path: str) -> Action:
    return {
        "kind": "http",
        "title": title,
        "url": f"{settings.web}{path}",
        "bearer": {"file": str(SecretFiles(folder.secrets).admin)},
        "deadline": "5s",
    }


def _moves(signal: str, whereto: str, within: str) -> dict[str, Any]:
    return {"signal": signal, "moves": whereto, "within": within}
