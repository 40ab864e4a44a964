"""What all connections of one engine share."""

from warroom.connect.resolver import Lookup, Resolver, system_lookup
from warroom.connect.tls import Trust


class Network:
    """Look-ups in flight and loaded TLS contexts; one for each event loop."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self.resolver = Resolver(lookup)
        self.trust = Trust()
