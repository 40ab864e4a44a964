"""What is left when a command fails in a way nobody foresaw."""

import os
import traceback
from datetime import UTC, datetime

from warroom import host
from warroom.errors import WarroomError

EXIT_CRASHED = 70
"""``EX_SOFTWARE`` of sysexits.h."""


def report(error: Exception) -> str:
    """Keep the traceback in a file of the owner's alone; the line that says where it is.

    Local variables are left out: secrets live there.
    """
    what = f"warroom: failed unexpectedly ({type(error).__name__})"
    folder = host.state_folder(os.environ)
    # To the microsecond: two background tasks can fail in one second.
    path = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}.txt"
    try:
        host.own_folder(folder)
        descriptor = host.open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
    except (OSError, WarroomError) as problem:
        return f"{what}; the report could not be kept: {problem}"
    return f"{what}; the report is in {path}"
