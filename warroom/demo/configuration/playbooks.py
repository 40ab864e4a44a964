"""What the shop's team does about which symptoms: the built-in playbooks by the names of this room,
and what the shop's own people know of its faults, in place of a part of them."""

import sys
from typing import Any

from warroom.demo.certificates import NAME
from warroom.demo.folder import Folder
from warroom.demo.settings import Settings

Step = dict[str, Any]

SOURCES = {
    "app": ["web", "api", "checkout", "front"],
    "worker": "worker",
    "payments": ["checkout", "payments-webhook", "payments-provider"],
    "mail": ["mail-provider", "test-mail"],
}
ACTIONS = {
    "restart_app": "restart_web",
    "renew_webhook_secret": "renew_webhook",
    "renew_mail_password": "renew_mail",
    "correct_dns": "restore_dns",
}
"""What the library calls otherwise; all else has the same name here."""


def sections(folder: Folder, settings: Settings) -> dict[str, Any]:
    """``[library]``, ``[checks.NAME]`` and ``[playbooks.NAME]``."""
    return {
        "library": {"sources": SOURCES, "actions": ACTIONS},
        "checks": _checks(folder, settings),
        "playbooks": {**_overlays(), "old-address": _old_address()},
    }


def _checks(folder: Folder, settings: Settings) -> dict[str, dict[str, Any]]:
    access = str(folder.access_log)
    named = [f"{server}" for server in settings.name_servers]
    return {
        "burst": {
            "kind": "burst",
            "title": "Ten requests to the storefront",
            "url": f"{settings.web}/",
            "gap": "500ms",
            "slow": "2s",
        },
        "limit_headers": {
            "kind": "burst",
            "title": "Three requests to the API",
            "url": f"{settings.web}/api/products",
            "count": 3,
            "gap": "200ms",
        },
        "error_logs": _logs("Requests that failed", access, r'" 5\d\d '),
        "sign_in_logs": _logs("Sign-ins refused", access, r'"POST /api/sign-in[^"]*" 4\d\d '),
        "worker_logs": _logs("What the worker says", str(folder.logs / "worker.log"), "."),
        "deploy_logs": _logs("Deployments", str(folder.deployments), "."),
        "slow_queries": _sql("Queries at work", _SLOW),
        "pool_status": _sql("Connections by application", _POOL),
        "redis_memory": {
            "kind": "redis",
            "title": "Memory of Redis",
            "source": "redis",
            "command": ["INFO", "memory"],
        },
        "dig": {
            "kind": "command",
            "title": f"What each name server says of {NAME}",
            "argv": [sys.executable, "-P", "-m", "warroom.demo.dig", NAME, *named],
            "deadline": "10s",
        },
    }


_SLOW = """\
SELECT pid, application_name, round(extract(epoch FROM now() - query_start)) AS seconds,
       wait_event_type, left(query, 60) AS query
FROM pg_stat_activity
WHERE state = 'active' AND datname = current_database() AND pid <> pg_backend_pid()
ORDER BY query_start"""
_POOL = """\
SELECT application_name, state, count(*)
FROM pg_stat_activity
WHERE datname = current_database()
GROUP BY application_name, state
ORDER BY count(*) DESC"""


def _logs(title: str, file: str, pattern: str) -> dict[str, Any]:
    return {"kind": "logs", "title": title, "file": file, "pattern": pattern}


def _sql(title: str, sql: str) -> dict[str, Any]:
    return {"kind": "sql", "title": title, "source": "db", "sql": sql}


def _do(text: str, action: str, **values: str | int) -> Step:
    made: Step = {"text": text, "action": action}
    return made | {"values": values} if values else made


def _mitigations() -> dict[str, dict[str, Any]]:
    """In place of the built-in ones', by playbook: what has mended the shop before stands first."""
    steps = {
        "outage": (
            _do("Start PostgreSQL again, if it is gone", "restart_postgres"),
            _do("Roll back, if anything was deployed", "rollback"),
            _do("Restart the web app, if it hangs", "restart_web"),
            _do("Maintenance on, if it takes longer", "maintenance_on"),
        ),
        "high-error-rate": (
            _do("Take the stray digit out of the prices, if sums fail", "mend_prices"),
            _do("Flush the cache of prices: carts show the old ones", "flush_cache"),
            _do("Roll back, if it came with a release", "rollback"),
            _do("Switch the failing feature off", "flag_off"),
        ),
        "performance": (
            _do("Restart the warehouse's service: pages wait for it", "restart_warehouse"),
            _do("Pages without stock, if it does not come back", "flag_off", flag="stock"),
            _do("Limit the requests of each client", "rate_limit_on"),
            _do("Restart the web app", "restart_web"),
        ),
        "high-memory": (
            _do("Pictures off: their sizes are what is kept", "pictures_off"),
            _do("Block the crawler", "block_agent", agent="picture-crawler"),
            _do("Restart the web app", "restart_web"),
        ),
        "database-trouble": (
            _do("Terminate what has been at work for long", "kill_slow", seconds=5),
            _do("Read-only on, if writes must wait", "read_only_on"),
            _do("Restart PostgreSQL, if it does not answer", "restart_postgres"),
        ),
        "pool-exhausted": (
            _do("Export off: its downloads hold connections", "flag_off", flag="export"),
            _do("Terminate a session that sits open", "terminate_session"),
            _do("Restart the web app, its pool", "restart_web"),
        ),
        "queue-backlog": (
            _do("Scale to four workers", "scale_workers", workers=4),
            _do("Restart the workers, if one hangs", "restart_worker"),
            _do("Queue what is stuck again", "clear_stuck"),
            _do("Retry what has failed", "retry_failed"),
        ),
        "cache-failure": (
            _do("Restart Redis", "restart_redis"),
            _do("Flush the cache of prices", "flush_cache"),
        ),
        "deployment-failure": (
            _do("Roll the release back", "rollback"),
            _do("Recommendations off: slow in 1.43.0", "flag_off", flag="recommendations"),
        ),
        "rate-limited": (
            _do("Block the price robot", "block_agent", agent="price-robot"),
            _do("Limit the requests of each client", "rate_limit_on"),
        ),
        "payments": (
            _do("Take the provider's new webhook secret; what is stuck is sent again",
                "renew_webhook"),
        ),
        "mail": (
            _do("Take the mail server's new password", "renew_mail"),
            _do("Retry what has failed", "retry_failed"),
        ),
        "certificate": (_do("Renew the certificate", "renew_certificate"),),
        "security": (
            _do("Block the address that the sign-ins come from", "block_address"),
            _do("End every session, if one was taken", "invalidate_sessions"),
        ),
    }  # fmt: skip
    return {name: {"mitigations": list(one)} for name, one in steps.items()}


def _overlays() -> dict[str, dict[str, Any]]:
    found = _mitigations()
    for name, symptoms in _symptoms().items():
        found[name]["symptoms"] = symptoms
    return found


def _symptoms() -> dict[str, list[Step]]:
    """Where this shop shows it in a way of its own."""
    level: Step = {"level": "any", "for": 1}
    return {
        # Here one fault comes minutes after another: what went out before that one is no cause.
        "deployment-failure": [
            {"need": "all", "source": "releases", "change": "deployment", "within": "1min",
             "weight": 5},
            {"signal": "shop.error_rate", "weight": 2, "says": "{value} of all requests fail"}
            | level,
            {"signal": "*.latency_p95", "weight": 2, "says": "{source}: p95 is {value}"} | level,
            {"signal": "releases.failed", "is": ">= 1", "for": 1, "weight": 3},
            {"source": ["web", "api", "checkout"], "state": "failing", "weight": 2},
            {"need": "adds", "signal": "tracker.issues_new", "is": "> 0"},
        ],
        # No query of the shop takes two seconds: what does is told before a rule has taken it.
        "database-trouble": [
            {"source": "db", "state": "failing", "weight": 6},
            {"signal": "db.longest_query", "is": "> 2", "weight": 4,
             "says": "a query has been at work for {value}"},
            {"signal": "db.longest_query", "weight": 2,
             "says": "a query has been at work for {value}"} | level,
            {"signal": "db.waiting", "weight": 3,
             "says": "{value} connections wait for a lock"} | level,
            {"need": "adds", "source": ["web", "api"], "state": "failing",
             "reason": "database|postgres", "weight": 2},
        ],
        # The worker waits with a mail in hand, and says so itself; when it hangs it says nothing.
        "mail": [
            {"source": "worker", "state": "down", "weight": 6,
             "says": "the worker cannot send: {why}"},
            {"source": "test-mail", "state": "failing", "weight": 4},
            {"signal": "redis.mail.failed", "is": "> 0", "weight": 2},
            {"need": "adds", "source": "mail-provider", "weight": 3} | level,
            {"need": "unless", "source": ["redis", "db"], "state": "failing"},
        ],
        # The provider's own page tells it before enough payments are stuck.
        "payments": [
            {"signal": "checkout.payments_stuck", "weight": 6} | level,
            {"source": "payments-webhook", "state": "failing", "weight": 5},
            {"source": "payments-provider", "weight": 4,
             "says": "the provider says: {why}"} | level,
            {"need": "unless", "source": ["web", "api"], "state": "maintenance", "for": 1},
            {"need": "unless", "source": ["redis", "db"], "state": "failing"},
        ],
    }  # fmt: skip


def _old_address() -> dict[str, Any]:
    """One of the team's own: nothing built in knows the second name server."""
    return {
        "title": "A name server has an old address",
        "about": "Some customers reach nobody: the second name server was not given the zone.",
        "symptoms": [
            {"need": "all", "source": "name", "state": "down", "for": 1, "weight": 4,
             "says": "{source}: {why}"},
            {"need": "adds", "signal": "name.agree", "level": "any", "for": 1, "weight": 2},
            {"need": "unless", "source": ["web", "api"], "state": "down"},
        ],
        "look": [
            {"text": "Which server says what?", "panel": "names"},
            {"text": "Ask both", "check": "dig"},
        ],
        "mitigations": [_do("Restore the zone of the second name server", "restore_dns")],
        "escalation": [{"tell": ["Hosting"], "when": "the zone is right and the answer is not"}],
        "checklist": ["Both servers give the same address"],
        "prevention": ["Zones are given to both servers in one step"],
    }  # fmt: skip
