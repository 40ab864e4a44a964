"""The ``http`` source: one probed URL."""

from warroom.sources.http.settings import HttpSettings
from warroom.sources.http.source import HttpSource

__all__ = ["HttpSettings", "HttpSource"]
