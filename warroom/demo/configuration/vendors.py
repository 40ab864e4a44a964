"""What warroom watches of the demo's providers: their own status pages."""

from typing import Any

from warroom.demo.settings import Settings


def vendors(settings: Settings) -> dict[str, Any]:
    """``[sources.payments-provider]`` and ``[sources.mail-provider]``."""
    return {
        "payments-provider": _page(settings, "payments", components=["Payments API", "Webhooks"]),
        "mail-provider": _page(settings, "mail"),
    }


def _page(settings: Settings, path: str, **more: Any) -> dict[str, Any]:
    # A vendor's own page, out in the world, is asked once a minute.
    asked = {"kind": "statuspage", "url": f"{settings.status_pages}/{path}", "interval": "3s"}
    return asked | {"timeout": "1500ms", "clear_after": 1} | more
