"""Secrets of a receiver, looked up for each attempt, and masked wherever they might be shown."""

from collections.abc import Callable, Iterable
from pathlib import Path

from warroom.config.masker import Masker
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


def hiding(secrets: Iterable[str]) -> Callable[[str], str]:
    """What takes these out of a text: the other side may well repeat what it was sent."""
    masker = Masker()
    for secret in secrets:
        masker.add(Secret(secret))
    return masker.mask
