"""Files for our eyes only, replaced whole: who reads one sees the old or the new."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write or replace the file, mode 0600."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
