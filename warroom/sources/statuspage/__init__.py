"""The ``statuspage`` source: what a vendor's own status page says."""

from warroom.sources.statuspage.settings import StatuspageSettings
from warroom.sources.statuspage.source import StatuspageSource

__all__ = ["StatuspageSettings", "StatuspageSource"]
