"""Secrets of a receiver, looked up for each attempt, and masked wherever they might be shown."""

from collections.abc import Callable, Iterable
from pathlib import Path

from warroom.config.masker import Masker
from warroom.config.secrets import Secret, SecretRef, resolve


class Secrets:
    """Where a room's secrets are found. ``mask`` hears of every one that was revealed."""

    def __init__(self, folder: Path, mask: Callable[[Secret], None]) -> None:
        self._folder, self._mask = folder, mask
        self._masker = Masker()

    async def get(self, ref: SecretRef | str) -> str:
        """The secret itself, or the plain text. Raises ``ProbeError``."""
        if isinstance(ref, str):
            return ref
        secret = await resolve(ref, self._folder)
        self._mask(secret)
        self._masker.add(secret)
        return secret.reveal()

    def hide(self, values: Iterable[str]) -> None:
        """These are secrets as well: parts of one, or what stands in the file in clear."""
        for value in values:
            self._masker.add(Secret(value))

    def masked(self, text: str) -> str:
        """What the other side said, which may well repeat what it was sent."""
        return self._masker.mask(text)
