"""Everything about this kind of machine: folders, owners, peers. Linux tested, macOS possible.

Only the standard library is used, and nothing slow: the console imports this before it
paints.
"""

import contextlib
import grp
import os
import pwd
import select
import shlex
import socket
import stat
import struct
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warroom.errors import RoomError

SOCKET_PATH_LIMIT = 103 if sys.platform == "darwin" else 107
"""Bytes a Unix socket's path may have (``sun_path`` less its NUL)."""

_UNSET_LOGIN = 4294967295
"""The kernel's "no login" in ``/proc/<pid>/loginuid``: ``(uid_t) -1``."""


def runtime_folder(environ: Mapping[str, str]) -> Path:
    """Where sockets go; gone after a reboot, and on some machines after the last log-out."""
    given = environ.get("XDG_RUNTIME_DIR", "")
    if given.startswith("/"):
        return Path(given) / "warroom"
    return Path(tempfile.gettempdir()) / f"warroom-{os.geteuid()}"


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where what must last goes: locks, logs, journals, crash files."""
    given = environ.get("XDG_STATE_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
    return base / "warroom"


def own_folder(folder: Path, group: str | None = None) -> None:
    """Make sure that ``folder`` is a real one, ours, and nobody else's to write.

    A missing one is made: 0700, or 0750 for ``group``. One that is there is never changed:
    it is taken as it is or refused with ``RoomError``, which says what to type.
    """
    mode = 0o750 if group else 0o700
    gid = group_id(group) if group else None
    try:
        # A private room hides its parent too; a group must be able to pass through it.
        folder.parent.mkdir(mode=0o755 if group else 0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if group:
            _owners_alone(folder)
        check_folder(folder, group)
        return
    except OSError as error:
        raise RoomError(f"{folder} cannot be made: {error.strerror}", _make_hint(folder)) from error
    _hand_over(folder, gid, mode)


def _owners_alone(folder: Path) -> None:
    """Tell a member of the group that a room's engine is its owner's to start."""
    found = os.lstat(folder)
    if stat.S_ISDIR(found.st_mode) and found.st_uid != os.geteuid():
        owner = user_name(found.st_uid)
        raise RoomError(
            f"only {owner} can start this room's engine", f"ask {owner} to type: warroom engine"
        )


def _hand_over(folder: Path, gid: int | None, mode: int) -> None:
    try:
        if gid is not None:
            os.chown(folder, -1, gid)
        os.chmod(folder, mode)
    except OSError as error:
        raise RoomError(
            f"{folder} cannot be given its group and mode: {error.strerror}",
            "you must be a member of the group, or root",
        ) from error


def _make_hint(folder: Path) -> str:
    return f"make it as root: install -d -o {user_name(os.geteuid())} -m 0700 {quote(folder)}"


def check_folder(folder: Path, group: str | None = None, owner: int | None = None) -> None:
    """Refuse a folder that somebody else could have planted or can write to.

    ``owner`` is whose it must be; ours when not given. With ``group`` its members may read.
    """
    owner = os.geteuid() if owner is None else owner
    found = os.lstat(folder)
    if stat.S_ISLNK(found.st_mode):
        raise RoomError(f"{folder} is a symbolic link", f"remove it: rm {quote(folder)}")
    if not stat.S_ISDIR(found.st_mode):
        raise RoomError(
            f"{folder} is no folder", f"move it away: mv {quote(folder)} {quote(folder)}.old"
        )
    if found.st_uid != owner:
        raise RoomError(
            f"{folder} belongs to {user_name(found.st_uid)}, not to {user_name(owner)}",
            f"as root: chown {user_name(owner)} {quote(folder)}",
        )
    refused = 0o027 if group else 0o077
    if found.st_mode & refused:
        raise RoomError(
            f"{folder} is open to others (mode {stat.S_IMODE(found.st_mode):04o})",
            f"close it: chmod {0o750 if group else 0o700:04o} {quote(folder)}",
        )
    if group and found.st_gid != group_id(group):
        raise RoomError(
            f"{folder} is not of the group {group}", f"give it: chgrp {group} {quote(folder)}"
        )


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file of our own: 0600 under any umask, no link followed.

    An existing file that is not ours, or open to others, is refused with ``RoomError``.
    """
    flags |= os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise RoomError(
            f"{path} cannot be opened: {error.strerror}", f"look at it: ls -l {quote(path)}"
        ) from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        os.close(descriptor)
        raise RoomError(
            f"{path} is not a file of ours", f"move it away: mv {quote(path)} {quote(path)}.old"
        )
    if found.st_mode & 0o077:
        os.close(descriptor)
        raise RoomError(
            f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):04o})",
            f"close it: chmod 0600 {quote(path)}",
        )
    if flags & os.O_CREAT:
        os.fchmod(descriptor, 0o600)  # a umask may have taken some of it from us, too
    return descriptor


def quote(path: Path) -> str:
    """The path as it is typed at a shell."""
    return shlex.quote(os.fspath(path))


def group_id(group: str) -> int:
    """The group's number; ``RoomError`` when the machine does not know it."""
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError as error:
        raise RoomError(
            f"this machine knows no group {group}", f"as root: groupadd {group}"
        ) from error


def user_name(uid: int) -> str:
    """The account's name, ``uid 1000`` where there is none. May wait for a directory server."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


@dataclass(frozen=True)
class Peer:
    """Who holds the other end of a Unix socket, as the kernel says."""

    pid: int | None
    uid: int


def peer_of(connection: socket.socket) -> Peer:
    """The other end's process and user, as they were when it connected."""
    if sys.platform == "darwin":
        return _peer_of_mac(connection)
    packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _gid = struct.unpack("iII", packed)
    return Peer(pid, uid)


def _peer_of_mac(connection: socket.socket) -> Peer:
    """``LOCAL_PEERCRED`` gives a ``struct xucred``: version, uid, groups (sys/ucred.h)."""
    local, peercred, peerpid = 0, 0x001, 0x002
    packed = connection.getsockopt(local, peercred, struct.calcsize("IIh16I"))
    _version, uid = struct.unpack_from("II", packed)
    return Peer(connection.getsockopt(local, peerpid), uid)


def login_id(pid: int | None) -> int | None:
    """The uid somebody logged in with, which ``su`` and ``sudo`` do not change.

    None where the kernel does not keep it (no audit, a container, macOS).
    """
    if pid is None:
        return None
    try:
        with open(f"/proc/{pid}/loginuid", encoding="ascii") as file:
            uid = int(file.read())
    except (OSError, ValueError):
        return None
    return None if uid == _UNSET_LOGIN else uid


def await_end(pid: int, seconds: float) -> bool:
    """Wait until a process that need not be our child has ended; whether it did.

    One that ended but was not yet reaped counts as ended, where the kernel tells (Linux).
    """
    try:
        if sys.platform != "linux":
            return _await_end_by_asking(pid, seconds)
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        readable, _, _ = select.select([descriptor], [], [], seconds)
        return bool(readable)
    finally:
        os.close(descriptor)


def _await_end_by_asking(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(PermissionError):  # it is there, and another's
            os.kill(pid, 0)
        time.sleep(0.02)
    return False
