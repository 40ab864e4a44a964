"""The demo's temp folder: where things lie in it, whose it is, and whether it is alive.

warroom-demo-<uid>-xxxxxxxx/   0700; 0711 when root, for the servers run as nobody
  lock                         flock held by the supervisor as long as it lives
  private/                     0700: config.toml, control socket, settings, switches, secrets, tls,
                               logs
  postgres/ redis/             0700, the server account's
"""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from warroom.demo.errors import DemoError

PATH_LIMIT = 72
"""Longest folder path in bytes: a Unix socket's whole path may have 107 on Linux."""

NEWBORN_S = 60.0
"""A folder without a lock is left alone this long: its supervisor may be making it."""


@dataclass(frozen=True)
class Folder:
    """Names of the places inside one demo's folder."""

    path: Path

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def private(self) -> Path:
        return self.path / "private"

    @property
    def config(self) -> Path:
        return self.private / "config.toml"

    @property
    def control(self) -> Path:
        return self.private / "control"

    @property
    def settings(self) -> Path:
        return self.private / "settings.json"

    @property
    def deployments(self) -> Path:
        """The record of deployments, one JSON object a line."""
        return self.private / "deployments.jsonl"

    @property
    def switches(self) -> Path:
        """What operators have switched in the web app; nothing while there is no such file."""
        return self.private / "switches.json"

    @property
    def logs(self) -> Path:
        return self.private / "logs"

    @property
    def access_log(self) -> Path:
        """A line for each request to the shop."""
        return self.logs / "access.log"

    @property
    def tls(self) -> Path:
        """The authority's and the front's certificates and keys."""
        return self.private / "tls"

    @property
    def authority(self) -> Path:
        """The certificate of the demo's own authority: a watcher's `ca_file`."""
        return self.tls / "ca.pem"

    @property
    def front_certificate(self) -> Path:
        """The TLS front's certificate with its key, in one file."""
        return self.tls / "front.pem"

    @property
    def stale_zone(self) -> Path:
        """The address that the second name server still has of the shop; the true one while
        there is no such file."""
        return self.private / "stale-zone"

    @property
    def secrets(self) -> Path:
        """Secrets that change while the shop runs, one to a file."""
        return self.private / "secrets"

    def is_live(self) -> bool:
        """Whether a supervisor holds the folder's lock."""
        try:
            descriptor = os.open(self.lock, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False


def create() -> tuple[Folder, int]:
    """A new folder, and the descriptor whose closing gives up its lock."""
    folder = Folder(Path(tempfile.mkdtemp(prefix=_prefix())))
    try:
        if len(os.fsencode(folder.path)) > PATH_LIMIT:
            raise DemoError(
                f"{folder.path} is too long a path for the sockets the demo makes in it",
                "set TMPDIR to a shorter path, for example TMPDIR=/tmp",
            )
        if os.geteuid() == 0:
            folder.path.chmod(0o711)
        # Locked under another name first: a file called `lock` is never seen unlocked.
        unnamed = folder.path / "lock.new"
        descriptor = os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        unnamed.rename(folder.lock)
        folder.private.mkdir(mode=0o700)
        for inner in (folder.logs, folder.tls, folder.secrets):
            inner.mkdir(mode=0o700)
    except BaseException:
        shutil.rmtree(folder.path)
        raise
    return folder, descriptor


def remove(folder: Folder, patience: float = 1.0) -> None:
    """Delete the folder; tried again for `patience` seconds while a server lets go of it."""
    give_up = time.monotonic() + patience
    while True:
        try:
            shutil.rmtree(folder.path)
        except FileNotFoundError:
            if not folder.path.exists():
                return
        except OSError:
            if time.monotonic() > give_up:
                raise
        else:
            return
        time.sleep(0.02)


def ours() -> list[Folder]:
    """Folders of this user's demos, newest first; another user's look-alikes are left out."""
    found: list[tuple[float, Folder]] = []
    for path in Path(tempfile.gettempdir()).glob(f"{_prefix()}*"):
        try:
            facts = path.lstat()
        except FileNotFoundError:
            continue
        mine = facts.st_uid == os.geteuid() and not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if stat.S_ISDIR(facts.st_mode) and mine:
            found.append((facts.st_mtime, Folder(path)))
    return [folder for _, folder in sorted(found, key=lambda pair: pair[0], reverse=True)]


def sweep() -> list[Path]:
    """Remove what killed supervisors left behind, and say what it was."""
    swept = []
    for folder in ours():
        if _is_stale(folder):
            remove(folder)
            swept.append(folder.path)
    return swept


def _is_stale(folder: Folder) -> bool:
    if folder.lock.exists():
        return not folder.is_live()
    try:
        return time.time() - folder.path.stat().st_mtime > NEWBORN_S
    except FileNotFoundError:
        return False


def _prefix() -> str:
    return f"warroom-demo-{os.geteuid()}-"
