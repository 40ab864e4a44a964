"""What names resolve to, and what certificate stands behind one."""

from datetime import datetime

import msgspec

from warroom.measure.sight import Sight
from warroom.sharing.kinds import Host, Ident


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What one resolver said of a name: its answers, sorted; or why there are none.

    ``more`` counts the answers left out because there are too many. ``replied`` is false for one
    that could not be asked. ``took`` is in seconds, ``ttl`` the smallest of the answers' in
    seconds, None where the resolver does not tell."""

    resolver: str
    answers: tuple[str, ...] = ()
    more: int = 0
    trouble: str = ""
    replied: bool = True
    took: float | None = None
    ttl: int | None = None


class DnsSeen(Sight, frozen=True, tag="dns", kw_only=True):
    """One name asked of the system's resolver (called ``system``) and of named ones.

    ``agree`` is None while fewer than two of them have said what the name is."""

    name: Host
    record: Ident
    resolved: tuple[Resolved, ...] = ()
    agree: bool | None = None


class TlsSeen(Sight, frozen=True, tag="tls", kw_only=True):
    """One TLS handshake with a server, and the certificate it showed.

    ``verdict`` is empty for a chain that verifies for the name; else why it does not, in words.
    """

    address: Host
    server_name: Host
    subject: str = ""
    issuer: str = ""
    names: tuple[Host, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    fingerprint: str = ""
    protocol: Ident = ""
    verdict: str = ""
