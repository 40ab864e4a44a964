"""The source kind ``redis``."""

from warroom.sources.redis.settings import RedisSettings
from warroom.sources.redis.source import RedisSource

__all__ = ["RedisSettings", "RedisSource"]
