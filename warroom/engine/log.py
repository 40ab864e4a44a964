"""engine.log: private, bounded, without secrets and without anything a terminal would obey."""

import logging
import logging.handlers
import os
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from warroom import host
from warroom.crash import traceback_lines
from warroom.engine.clean import Mask
from warroom.text import safe

SIZE = 1024 * 1024
KEPT = 3
"""Older files beside the present one: engine.log.1 to engine.log.3."""
LINE = 4000
"""Characters kept of one line."""


class MaskingFormatter(logging.Formatter):
    """Times in UTC; every line, tracebacks included, masked and safe to print."""

    def __init__(self, mask: Mask) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._mask = mask

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        return "".join(traceback_lines(ei[1], self._mask)).rstrip("\n")

    def format(self, record: logging.LogRecord) -> str:
        text = self._mask(super().format(record))
        return "\n".join(safe(line, LINE) for line in text.split("\n"))


class PrivateLog(logging.handlers.RotatingFileHandler):
    """A rotating file of mode 0600 that follows no link.

    ``adopt_output`` turns standard output and error over to it, also when it rotates: what
    an interpreter says as it dies is then found in the log.
    """

    def __init__(self, path: Path, mask: Mask) -> None:
        self._adopted = False
        super().__init__(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
        self.setFormatter(MaskingFormatter(mask))

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = host.open_private(Path(self.baseFilename), flags)
        stream = open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        if self._adopted:
            _take_output(descriptor)
        return stream

    def adopt_output(self) -> None:
        """Turn standard output and error over to this log."""
        self._adopted = True
        if self.stream is not None:
            _take_output(self.stream.fileno())


def _take_output(descriptor: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def start_log(path: Path, mask: Mask, *, to_stderr: bool) -> PrivateLog:
    """Log into ``path``, and to standard error as well for an engine in the foreground.

    Libraries are heard from warnings upwards: some log addresses at lower levels.
    """
    handler = PrivateLog(path, mask)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(handler)
    if to_stderr:
        screen = logging.StreamHandler()
        screen.setFormatter(MaskingFormatter(mask))
        root.addHandler(screen)
    logging.getLogger("warroom").setLevel(logging.INFO)
    logging.captureWarnings(True)
    return handler
