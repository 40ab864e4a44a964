"""What a command's ``env`` names: its secrets resolved when first needed, and when in doubt."""

from collections.abc import Callable
from pathlib import Path

from warroom.clock import Clock
from warroom.config.secrets import Secret, SecretRef, resolve
from warroom.connect.kept import Kept
from warroom.sources.command.settings import CommandSettings


class Variables(Kept[dict[str, Secret]]):
    """By their names; ``mask`` registers every secret that was revealed."""

    def __init__(
        self, settings: CommandSettings, clock: Clock, folder: Path, mask: Callable[[Secret], None]
    ) -> None:
        super().__init__(self._resolve, settings, clock)
        self._settings = settings
        self._folder = folder
        self._mask = mask

    async def _resolve(self) -> dict[str, Secret]:
        found = {}
        for name, value in self._settings.env.items():
            if isinstance(value, SecretRef):
                secret = await resolve(value, self._folder)
                self._mask(secret)
                found[name] = secret
            else:
                found[name] = Secret(value)
        return found
