"""The source kind ``pgbouncer``."""

from warroom.sources.pgbouncer.settings import PgbouncerSettings
from warroom.sources.pgbouncer.source import PgbouncerSource

__all__ = ["PgbouncerSettings", "PgbouncerSource"]
