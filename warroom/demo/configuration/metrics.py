"""What warroom watches of the demo's metrics page, and which figure means which level."""

from typing import Any

from warroom.demo.settings import Settings

WINDOW = "20s"
"""Short for a production, so that a fault that is switched off is soon over on the screen."""
REQUESTS = "shop_http_requests_total"
FAILED = f'{REQUESTS}{{status=~"5.."}}'
SECONDS = "shop_http_request_seconds"


def source(settings: Settings) -> dict[str, Any]:
    """``[sources.shop]``: the app's own page."""
    return {
        "kind": "prometheus",
        "title": "shop",
        "url": f"{settings.web}/metrics",
        "interval": "2s",
        "timeout": "1500ms",
        "window": WINDOW,
        "figures": {**_traffic(), **_paths(), **_resources()},
    }


def _traffic() -> dict[str, Any]:
    figures: dict[str, Any] = {
        "error_rate": {"ratio": FAILED, "of": REQUESTS, "unit": "%"},
        "requests": {"rate": REQUESTS, "unit": "req/s"},
        "errors_per_minute": {"rate": FAILED, "per": "1min", "unit": "errors/min"},
        "rate_limited": {
            "rate": f'{REQUESTS}{{status="429"}}',
            "per": "1min",
            "unit": "answers/min",
        },
        "checkouts_limited": {
            "rate": f'{REQUESTS}{{status="429",path="/api/checkout"}}',
            "per": "1min",
            "unit": "answers/min",
        },
        "turned_away": {
            "rate": "shop_turned_away_total",
            "per": "1min",
            "unit": "answers/min",
        },
        "sign_ins_failed": {
            "rate": 'shop_sign_in_total{outcome!="ok"}',
            "per": "1min",
            "unit": "sign-ins/min",
        },
    }
    for share in (50, 95, 99):
        quantile = {"quantile": share / 100, "histogram": SECONDS, "unit": "ms"}
        figures[f"latency_p{share}"] = quantile
    return figures


def _paths() -> dict[str, Any]:
    return {
        "errors_by_path": {"rate": FAILED, "by": "path", "per": "1min", "unit": "errors/min"},
        "p95_by_path": {"quantile": 0.95, "histogram": SECONDS, "by": "path", "unit": "ms"},
    }


def _resources() -> dict[str, Any]:
    pool = "shop_db_pool_connections"
    return {
        "memory": {
            "gauge": "process_resident_memory_bytes",
            "of": "shop_memory_limit_bytes",
            "unit": "%",
        },
        "cpu": {"rate": "process_cpu_seconds_total", "unit": "%"},
        "open_files": {"gauge": "process_open_fds", "of": "process_max_fds", "unit": "%"},
        "connections": {"gauge": 'shop_tcp_connections{state="established"}', "absent": 0},
        "connections_pool": {
            "gauge": f'{pool}{{state="in_use"}}',
            "of": f'{pool}{{state="max"}}',
            "unit": "%",
        },
        "queue_depth": {"gauge": "shop_queue_depth", "unit": "jobs"},
    }


def rules() -> list[dict[str, Any]]:
    """As real teams have them: several steps on one figure, the worst that holds counts."""
    return [
        _rule("requests fail", "error_rate", SEV1="> 50", SEV2="> 5", SEV3="> 1"),
        _rule("pages slow", "latency_p95", SEV2="> 2000", SEV3="> 500"),
        _rule("customers rate limited", "rate_limited", SEV2="> 60", SEV3="> 0"),
        _rule("sign-ins fail", "sign_ins_failed", SEV2="> 60"),
        _rule("memory short", "memory", SEV2="> 90", SEV3="> 80"),
        _rule("database pool short", "connections_pool", SEV2=">= 100", SEV3="> 85"),
        _rule("jobs pile up", "queue_depth", SEV2="> 10000", SEV3="> 1000"),
    ]


def _rule(name: str, figure: str, **levels: str) -> dict[str, Any]:
    return {"name": name, "signal": f"shop.{figure}", "levels": levels}
