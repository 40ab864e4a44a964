"""Who may read what a room keeps, whose it is, and what it lies on."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from warroom import host
from warroom.cli.diagnosis.finding import Finding, know, ok, wrong
from warroom.errors import RoomError

MOST = 2_000
"""Files that are looked at."""
SHOWN = 5
"""Of those that are wrong in the same way, so many are named."""
LITTLE = 64 * 1024 * 1024
"""Bytes: with less free, the next log or evidence file may be the last."""
SOME = 512 * 1024 * 1024
AHEAD = 5.0
"""Seconds by which a file may be newer than now: a network's clock, not a step back."""
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse"}
)
"""File systems whose locks SQLite cannot rely on (sqlite.org/howtocorrupt.html, 2.1)."""


def folder_finding(what: str, folder: Path, group: str | None = None) -> Finding:
    """A folder that must be ours, or its group's to read."""
    try:
        host.check_folder(folder, group, os.lstat(folder).st_uid if group else None)
    except FileNotFoundError:
        return ok(what, f"{folder}: not there yet, made when it is needed")
    except OSError as error:
        return wrong(what, f"{folder}: {error.strerror}", f"ls -ld {host.quote(folder)}")
    except RoomError as error:
        return wrong(what, str(error), error.hint)
    return ok(what, str(folder))


def mode_findings(what: str, roots: Iterable[Path], *, shared: bool = False) -> Iterator[Finding]:
    """Every file and folder under these: open to nobody else, and ours. Of a ``shared`` room the
    group may reach the folder and its socket."""
    opened, foreign, seen = list[Path](), list[Path](), 0
    for path in _below(roots):
        seen += 1
        try:
            found = os.lstat(path)
        except OSError:
            continue  # gone since
        if stat.S_ISLNK(found.st_mode):
            foreign.append(path)
            continue
        if found.st_uid != os.geteuid() and not shared:
            foreign.append(path)
        reachable = shared and (stat.S_ISSOCK(found.st_mode) or stat.S_ISDIR(found.st_mode))
        if found.st_mode & (0o007 if reachable else 0o077):
            opened.append(path)
    if opened:
        said = f"{_named(opened)}: others may read or write what is private"
        yield wrong(what, said, "\n".join(_closing(opened)))
    if foreign:
        said = f"{_named(foreign)}: a link, or another user's"
        yield wrong(what, said, "\n".join(f"ls -l {host.quote(one)}" for one in foreign[:SHOWN]))
    if seen and not opened and not foreign:
        yield ok(what, f"{seen} files and folders are private")


def disk_findings(folder: Path) -> Iterator[Finding]:
    """Room on the disk, and what kind of file system it is."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        found = os.statvfs(there)
    except OSError as error:
        yield wrong("disk", f"{there}: {error.strerror}", f"df -h {host.quote(there)}")
        return
    free, fix = found.f_bavail * found.f_frsize, f"df -h {host.quote(there)}"
    said = f"{_size(free)} free at {there}"
    if free < LITTLE:
        yield wrong("disk", f"{said}: entries may soon wait in memory", fix)
    elif found.f_files and not found.f_favail:
        yield wrong("disk", f"no file can be made at {there}", f"df -i {host.quote(there)}")
    elif free < SOME:
        yield know("disk", said, fix)
    else:
        yield ok("disk", said)
    yield from _kind(there)


def _kind(there: Path) -> Iterator[Finding]:
    kind = file_system(there, _mounts())
    if kind in NETWORK:
        said = f"{there} is on {kind}: locks do not hold there, the journal may be damaged"
        yield wrong("file system", said, 'put it on a local disk: dir = "/var/lib/…" under [room]')
    elif kind in ("tmpfs", "ramfs"):
        said = f"{there} is on {kind}: the journal is gone when the machine restarts"
        yield know("file system", said, 'dir = "/var/lib/…" under [room]')


def _mounts() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return ""  # another system: nothing is known, nothing is said


def file_system(path: Path, mounts: str) -> str:
    """The kind on which ``path`` lies, by /proc/self/mountinfo (proc(5)); empty if unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        parts = before.split(" ")
        if not dash or len(parts) < 5:
            continue
        point = parts[4].replace("\\040", " ")
        if len(point) >= len(best) and path.is_relative_to(point):
            best, kind = point, after.split(" ")[0]
    return kind


def clock_finding(paths: Iterable[Path], now: float) -> Finding:
    """Files that are newer than now: the clock was set back, or was wrong."""
    ahead = 0.0
    for path in paths:
        try:
            ahead = max(ahead, os.lstat(path).st_mtime - now)
        except OSError:
            continue
    if ahead > AHEAD:
        said = f"the room's files are {ahead:.0f} s newer than now: the clock was set back"
        return wrong("clock", said, "timedatectl")
    return ok("clock", "the room's files are older than now")


def _below(roots: Iterable[Path]) -> Iterator[Path]:
    left = MOST
    for root in roots:
        if not root.is_dir() or root.is_symlink():
            if os.path.lexists(root):
                yield root
            continue
        for folder, _folders, files in os.walk(root):
            yield Path(folder)
            for name in files:
                yield Path(folder, name)
                left -= 1
                if left <= 0:
                    return


def _closing(paths: list[Path]) -> Iterator[str]:
    for path in paths[:SHOWN]:
        yield f"chmod {'700' if path.is_dir() else '600'} {host.quote(path)}"
    if len(paths) > SHOWN:
        folders = {os.path.commonpath(paths)}
        yield from (f"chmod -R go= {host.quote(Path(one))}" for one in folders)


def _named(paths: list[Path]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{paths[0]}{more}"


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"
