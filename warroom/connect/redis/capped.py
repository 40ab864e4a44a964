"""A cap on what comes through one connection."""

import asyncio
from typing import Any

MOST = 8 << 20
"""Bytes of the answers of one poll; with a hundred queues it is some 200 KiB."""
_LINE = 1 << 16


class FloodError(Exception):
    """More came than anything asked for can be."""


class CappedReader(asyncio.StreamReader):
    """A stream that breaks when more than ``MOST`` bytes came since ``renew``."""

    def __init__(self) -> None:
        super().__init__(limit=_LINE, loop=asyncio.get_running_loop())
        self._came = 0

    def renew(self) -> None:
        self._came = 0

    def feed_data(self, data: Any) -> None:
        self._came += len(data)
        if self._came > MOST:
            self.set_exception(FloodError())
            return
        super().feed_data(data)
