"""What warroom watches of the demo's Redis and the mail queue in it, and which figure means
which level."""

from typing import Any

from warroom.demo.configuration.metrics import WINDOW
from warroom.demo.folder import Folder
from warroom.demo.redis_server import ENVIRONMENT
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.shop.store import DONE, FAILED, IN_HAND, QUEUE


def source(folder: Folder, settings: Settings) -> dict[str, Any]:
    """``[sources.redis]``: as the user that is there for it."""
    return {
        "kind": "redis",
        "dsn": settings.redis_monitor,
        "password": {"file": str(SecretFiles(folder.secrets).monitor)},
        "interval": "2s",
        "timeout": "1500ms",
        "down": "SEV1",
        "environment": ENVIRONMENT,
        "window": WINDOW,
        "queues": [
            {
                "name": "mail",
                "kind": "list",
                "queue": QUEUE,
                "takes": "left",
                "in_hand": IN_HAND,
                "failed": FAILED,
                "done": DONE,
                "time": "queued_at",
                "job_name": "what",
                "stuck_after": "10s",
            },
        ],
    }


def rules() -> list[dict[str, Any]]:
    """The queue by how many wait and for how long, the server by what it has left."""
    return [
        _rule("mails pile up", "mail.depth", SEV2="> 10000", SEV3="> 1000"),
        _rule("mails wait long", "mail.oldest", SEV2="> 300", SEV3="> 60"),
        _rule("memory runs out", "memory_used", SEV2="> 95", SEV3="> 85"),
        _rule("unanswered", "unanswered", SEV1=">= 3"),
    ]


def _rule(name: str, figure: str, **levels: str) -> dict[str, Any]:
    return {"name": f"redis: {name}", "signal": f"redis.{figure}", "levels": levels}
