"""Documents written to files: whole or not at all, and nothing overwritten by a slip."""

import contextlib
import errno
import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

from warroom.errors import ReportError

UNLINKED = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
"""What is said where a file cannot have two names."""


def write(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write the file, mode 0600: beside it first, then in its place in one step. What is there
    already stays without ``force``. Raises ``ReportError``; then nothing of it is left."""
    if os.path.lexists(path) and not path.is_file():
        raise ReportError(f"{path} is no file", "--output - writes to standard output")
    if not force and os.path.lexists(path):
        raise ReportError(f"{path} is there already", "name another with --output, or --force")
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _put(beside, path, force=force)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                beside.unlink()
            raise
    except OSError as error:
        raise ReportError(
            f"{path} cannot be written: {error.strerror or error}",
            "nothing is lost: the journal has it all; name another place with --output",
        ) from error


def _put(beside: Path, path: Path, *, force: bool) -> None:
    if force:
        os.replace(beside, path)
        return
    try:
        os.link(beside, path)  # fails where something has come there meanwhile
    except OSError as error:
        if error.errno not in UNLINKED:
            raise
        # A stick's file system has no links: take the name first, where nobody has it yet.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        os.replace(beside, path)
    else:
        beside.unlink()


def bundle(name: str, files: Mapping[str, bytes], when: float) -> bytes:
    """A ``.tar.gz`` of these files under ``name/``, with a MANIFEST of their SHA-256. ``when`` is
    every file's time, in seconds since the epoch: the same files, the same bundle."""
    manifest = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in files.items()
    )
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=when) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path, content in {"MANIFEST": manifest.encode(), **files}.items():
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mode, entry.mtime = len(content), 0o600, int(when)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()
