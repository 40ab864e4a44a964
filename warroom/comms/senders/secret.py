"""Secrets of a receiver, looked up for each attempt, and masked wherever they might be shown."""

from collections.abc import Callable
from pathlib import Path

from warroom.config.secrets import Secret, SecretRef, resolve


class Secrets:
    """Where a room's secrets are found. ``mask`` hears of every one that was revealed."""

    def __init__(self, folder: Path, mask: Callable[[Secret], None]) -> None:
        self._folder, self._mask = folder, mask

    async def get(self, ref: SecretRef | str) -> str:
        """The secret itself, or the plain text. Raises ``ProbeError``."""
        if isinstance(ref, str):
            return ref
        secret = await resolve(ref, self._folder)
        self._mask(secret)
        return secret.reveal()
