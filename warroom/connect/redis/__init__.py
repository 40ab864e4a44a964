"""Connections to Redis, and to the Sentinels that know where it is."""
