"""What warroom watches of the demo's PostgreSQL, and which figure means which level."""

from typing import Any

from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings


def source(folder: Folder, settings: Settings) -> dict[str, Any]:
    """``[sources.db]``: the shop's database, as the role that is there for it."""
    return {
        "kind": "postgres",
        "title": "database",
        "dsn": settings.database_monitor,
        "password": {"file": str(SecretFiles(folder.secrets).monitor)},
        "interval": "2s",
        "timeout": "1500ms",
        "down": "SEV1",
        "environment": "SELECT current_setting('shop.environment')",
        "queries": [
            {
                "name": "payments_open",
                "sql": "SELECT count(*) FROM payments WHERE paid_at IS NULL",
                "unit": "payments",
                "every": "5s",
            },
        ],
    }


def rules() -> list[dict[str, Any]]:
    """Connections by how many are left; locks and transactions by how long they last."""
    return [
        _rule("connections run out", "connections_used", SEV1="> 95", SEV2="> 80"),
        _rule("transactions sit open", "idle_in_transaction", SEV2="> 7", SEV3="> 4"),
        _rule("queries wait for locks", "waiting", SEV2="> 5", SEV3="> 1"),
        _rule("a query runs long", "longest_query", SEV2="> 60", SEV3="> 5"),
        _rule("unanswered", "unanswered", SEV1=">= 3"),
    ]


def _rule(name: str, figure: str, **levels: str) -> dict[str, Any]:
    return {"name": f"database: {name}", "signal": f"db.{figure}", "levels": levels}
