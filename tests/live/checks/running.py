"""One configured check, as the engine has it: from the file to what it found."""

import json
import time
from pathlib import Path

from warroom.checks.check import Found, Tools
from warroom.checks.making import make_checks
from warroom.clock import SystemClock
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.sources.registry import discover

CANARY = "canary-7f3a91-secret"
"""Stands in every secret; nobody may ever see it."""


class Checking:
    """``[checks.it]``; its source, if it asks one, is ``db``. Secrets are files beside it."""

    def __init__(self, folder: Path, table: str, source: str = "", **secrets: str) -> None:
        for name, value in secrets.items():
            path = folder / name
            path.write_text(value)
            path.chmod(0o600)
        asked = f"[sources.db]\n{source}\n" if source else ""
        text = f'version = 1\n[room]\nname = "shop"\n{asked}[checks.it]\n{table}\n'
        config = validate(parse(folder / "warroom.toml", text.encode(), mode=0o600), discover())
        self.masker = Masker()
        for secret in config.clear:
            self.masker.add(secret)
        tools = Tools(
            network=Network(),
            folder=folder,
            mask=self.masker.add,
            masked=self.masker.mask,
            clock=SystemClock(),
            settings=lambda name: config.sources[name],
        )
        self.check = make_checks(config.checks, tools)["it"]
        self.took = 0.0

    async def run(self) -> Found:
        began = time.monotonic()
        try:
            return await self.check.run()
        finally:
            self.took = time.monotonic() - began


def program(*argv: str, kind: str = "command", more: str = "") -> str:
    return f'kind = "{kind}"\nargv = {json.dumps(argv)}\n{more}'


def sh(script: str, kind: str = "command", more: str = "") -> str:
    return program("/bin/sh", "-c", script, kind=kind, more=more)
