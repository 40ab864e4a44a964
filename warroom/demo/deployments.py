"""The record of deployments: which release went live when, by whom, with what result.

One JSON object a line, oldest first, appended to and never rewritten:

    {"version":"1.43.0","at":"2026-03-01T09:30:00.120000+00:00","by":"ci","status":"deployed"}
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from warroom.demo.errors import DemoError

Status = Literal["deployed", "rolled back", "failed"]


class Deployment(msgspec.Struct, frozen=True):
    """A release put in place.

    `rolled back` says that this version was put back in place of a later one; `failed`,
    that it was put in place and did not come up.
    """

    version: str
    at: datetime
    by: str
    status: Status


class Deployments:
    """The record in its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._path.touch(mode=0o600)

    def record(self, version: str, by: str, status: Status, ago: timedelta = timedelta()) -> None:
        """Append a deployment that has just come to this, or came to it so long ago."""
        deployment = Deployment(version, datetime.now(UTC) - ago, by, status)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(deployment) + b"\n")

    def all(self) -> list[Deployment]:
        """Every deployment, oldest first."""
        lines = self._path.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=Deployment) for line in lines]

    def before(self, version: str) -> str:
        """The release that `version` took the place of; DemoError when it was the first."""
        earlier: str | None = None
        live: str | None = None
        for deployment in self.all():
            arrived = version == deployment.version != live
            if arrived and deployment.status != "rolled back":
                earlier = live
            live = deployment.version
        if earlier is None:
            raise DemoError(
                f"there is no release before {version} to go back to",
                "roll back after a deployment",
            )
        return earlier
