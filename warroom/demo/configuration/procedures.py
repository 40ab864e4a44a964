"""How the shop's team runs an incident: whom it calls, how, and when it is over.

Nobody has these numbers: 555-01 is kept for stories.
"""

from typing import Any


def sections() -> dict[str, Any]:
    """``[incident]``, ``[[contacts]]``, ``[[escalation]]`` and ``[resolve]``."""
    return {
        "incident": {
            "links": {
                "bridge": "https://meet.example.com/shop-{day}-{counter}",
                "ticket": "https://tickets.example.com/new?title={id}",
                "status page": "https://status.example.com/admin",
            },
            "updates": {"SEV1": "15min", "SEV2": "30min"},
        },
        "contacts": [*_team(), *_vendors()],
        "escalation": _ladder(),
        "resolve": {"well_for": "1min", "checks": ["checkout", "payments-webhook"]},
    }


def _team() -> list[dict[str, Any]]:
    return [
        _person("Ana Voss", "on-call", "555-0141", chat="@ana", pager="555-0140"),
        _person("Bo Lindqvist", "on-call", "555-0142", chat="@bo"),
        _person("Caro Mendes", "team lead", "555-0143", chat="@caro", mail="caro@example.com"),
        _person("Dev Okafor", "leadership", "555-0144", mail="dev@example.com"),
        _person("Security desk", "security", "555-0150", chat="#security"),
        _person("Ida Holm", "support lead", "555-0145", chat="@ida"),
        {"name": "Legal", "role": "legal", "mail": "legal@example.com"},
    ]


def _vendors() -> list[dict[str, Any]]:
    return [
        _vendor("Payments provider", "555-0160", "https://status.example.com/payments"),
        _vendor("Mail provider", "555-0161", "https://status.example.com/mail"),
        _vendor("Hosting", "555-0162", "https://status.example.com/hosting"),
    ]


def _ladder() -> list[dict[str, Any]]:
    return [
        {"name": "on-call", "tell": ["on-call"], "levels": ["SEV1", "SEV2"]},
        {"name": "lead", "tell": ["team lead"], "after": "30min", "levels": ["SEV1"]},
        {"name": "lead", "tell": ["team lead"], "after": "2h", "levels": ["SEV2"]},
        {"name": "support", "tell": ["support lead"], "after": "15min", "levels": ["SEV1"]},
        {"name": "leadership", "tell": ["leadership"], "after": "1h", "levels": ["SEV1"]},
        {"name": "security", "tell": ["security"], "when": "security at risk"},
        {"name": "breach", "tell": ["security", "legal", "leadership"], "when": "breach"},
        {"name": "exposed", "tell": ["security", "legal", "leadership"], "when": "data exposed"},
        {"name": "lost", "tell": ["team lead", "leadership"], "when": "data lost"},
    ]


def _person(name: str, role: str, phone: str, **more: str) -> dict[str, Any]:
    return {"name": name, "role": role, "phone": phone} | more


def _vendor(name: str, phone: str, page: str) -> dict[str, Any]:
    return {"name": name, "phone": phone, "page": page, "vendor": True}
