"""What need not be masked: the team's list. Pure."""

import ipaddress
import re
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ALWAYS = ("localhost", "localhost.localdomain", "127.0.0.0/8", "::1", "0.0.0.0", "::")
"""What tells nothing of anybody."""


def address_of(written: str) -> Address | None:
    """The address, if it is one; a zone (``fe80::1%eth0``) belongs to it."""
    try:
        return ipaddress.ip_address(written)
    except ValueError:
        return None


def network_of(written: str) -> Network | None:
    """The network, or the one address, if it is one."""
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError:
        return None


def checked(entry: str) -> str:
    """The entry; raises ValueError for one that allows nothing, or everything."""
    if not entry.strip() or entry != entry.strip():
        raise ValueError("an entry is a name, a pattern with *, or a network")
    if not entry.strip("*.@"):
        raise ValueError("would allow everything; name what may be seen")
    if "/" in entry and network_of(entry) is None:
        raise ValueError('is no network; write it as "10.0.0.0/8"')
    return entry


class Allow:
    """The list: exact values, patterns with ``*``, networks; whatever the case of letters. A ``*``
    stands for anything but ``@``: whoever allows ``*.example.com`` allows no mail address."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self.entries = tuple(entries)
        whole = (*ALWAYS, *self.entries)
        self._networks = tuple(n for n in map(network_of, whole) if n is not None)
        patterns = (
            "[^@]*".join(map(re.escape, entry.split("*")))
            for entry in whole
            if network_of(entry) is None
        )
        self._names = re.compile(f"(?:{'|'.join(patterns)})\\Z", re.IGNORECASE)

    def name(self, value: str) -> bool:
        """Whether this value, whatever it is, may be seen."""
        return self._names.match(value) is not None

    def address(self, address: Address) -> bool:
        mapped = getattr(address, "ipv4_mapped", None)
        return any(one in net for one in (address, mapped) if one for net in self._networks)
