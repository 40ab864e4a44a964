"""What is left of an exception: a private file without locals, and one line that names it."""

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from warroom import host


def write(folder: Path, error: BaseException | None) -> str:
    """Write the traceback (no local variables: secrets live there) and say where it is."""
    name = type(error).__name__ if error else "unknown error"
    lines = traceback.format_exception(error) if error else ["no exception was kept\n"]
    path = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(host.open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w") as file:
            file.writelines(lines)
    except OSError as problem:
        return f"warroom: the console failed ({name}), and the report could not be kept: {problem}"
    return (
        f"warroom: the console failed ({name}); the engine and the incident are unharmed.\n"
        f"The report is in {path}; type warroom to come back."
    )
