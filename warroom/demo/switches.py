"""What operators have switched in the web app, kept in a file of the demo's folder.

The file, not a store: switches are for when stores are away, and outlive a restart of the app.
"""

from pathlib import Path

import msgspec

from warroom.demo.private_file import write_private

FLAGS = ("stock", "pictures", "export", "recommendations")
"""What can be switched off: pages ask the warehouse what is in stock; pictures are drawn;
orders can be downloaded; release 1.43.0 says how popular a product is."""


class Standing(msgspec.Struct, frozen=True):
    """How the switches stand; by default nothing is out of the ordinary.

    `per_client` is a strict limit in requests a minute, `off` the flags that are off.
    """

    maintenance: bool = False
    read_only: bool = False
    per_client: int | None = None
    off: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    blocked_agents: tuple[str, ...] = ()

    def words(self) -> str:
        """What is out of the ordinary, in words; empty when nothing is."""
        said = [
            *(["maintenance is on"] if self.maintenance else []),
            *(["the shop is read-only"] if self.read_only else []),
            *([f"clients have {self.per_client} requests/min"] if self.per_client else []),
            *(f"{flag} is off" for flag in self.off),
            *(f"{who} is blocked" for who in (*self.blocked, *self.blocked_agents)),
        ]
        return ", ".join(said)


class Switches:
    """The switches, as one process changes them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.standing = read(path)

    def put(self, standing: Standing) -> None:
        """Keep them so, and go by them from now on."""
        write_private(self._path, msgspec.json.encode(standing))
        self.standing = standing

    def flag(self, name: str) -> bool:
        """Whether that one of `FLAGS` is on."""
        return name not in self.standing.off


def read(path: Path) -> Standing:
    """How the switches stand in the file; as ever, when there is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Standing)
    except FileNotFoundError:
        return Standing()
