"""What warroom watches of the shop's name and of the certificate behind it."""

from typing import Any

from warroom.demo.certificates import NAME
from warroom.demo.folder import Folder
from warroom.demo.outside.address import SHOP
from warroom.demo.settings import Settings


def sources(folder: Folder, settings: Settings) -> dict[str, dict[str, Any]]:
    """The shop's name, which only its own servers know; ``localhost``, which this machine knows
    besides; and the certificate that the TLS front shows."""
    servers = list(settings.name_servers)
    return {
        "name": _name(NAME, servers, system=False, expect=[SHOP], down="SEV2", differs="SEV3"),
        "localhost": _name("localhost", servers, down="SEV3"),
        "front": {
            "kind": "tls",
            "address": f"127.0.0.1:{settings.front_port}",
            "server_name": NAME,
            "ca_file": str(folder.authority),
            "interval": "2s",
            "timeout": "1500ms",
            "down": "SEV2",
        },
    }


def _name(name: str, resolvers: list[str], **more: Any) -> dict[str, Any]:
    asked = {"kind": "dns", "name": name, "resolvers": resolvers}
    return asked | {"interval": "2s", "timeout": "1500ms"} | more
