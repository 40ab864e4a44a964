"""The ``dns`` source: one name, asked of the system and of named resolvers."""

from warroom.sources.dns.settings import DnsSettings
from warroom.sources.dns.source import DnsSource

__all__ = ["DnsSettings", "DnsSource"]
