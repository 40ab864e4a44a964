"""The ``tls`` source: one server's certificate, by a handshake of its own."""

from warroom.sources.tls.settings import TlsSettings
from warroom.sources.tls.source import TlsSource

__all__ = ["TlsSettings", "TlsSource"]
