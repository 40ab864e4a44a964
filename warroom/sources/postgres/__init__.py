"""The source kind ``postgres``."""

from warroom.sources.postgres.settings import PostgresSettings
from warroom.sources.postgres.source import PostgresSource

__all__ = ["PostgresSettings", "PostgresSource"]
