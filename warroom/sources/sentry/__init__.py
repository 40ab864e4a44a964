"""The ``sentry`` source: one project of an error tracker with Sentry's API."""

from warroom.sources.sentry.settings import SentrySettings
from warroom.sources.sentry.source import SentrySource

__all__ = ["SentrySettings", "SentrySource"]
