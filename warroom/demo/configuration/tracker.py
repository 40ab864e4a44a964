"""What warroom watches of the error tracker to which the demo's app reports.

There is no rule: its figures are of the last minute, and would keep a level for that long after
a fault is over.
"""

from typing import Any

from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings


def source(folder: Folder, settings: Settings) -> dict[str, Any]:
    """``[sources.tracker]``: by a token that reads."""
    return {
        "kind": "sentry",
        "url": settings.tracker,
        "organization": "shop",
        "project": "web",
        "bearer": {"file": str(SecretFiles(folder.secrets).tracker)},
        "interval": "5s",
        "new_within": "5min",
    }
