"""Become another program that drops its rights and dies with its parent.

    python -I -S launcher.py <parent pid> <uid> <gid> <signal> program argument...

A uid of -1 keeps the account. Run as a file, with the standard library alone: it stands
between fork and exec of every part, and costs 15 ms that way.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
"""<linux/prctl.h>"""


def die_with_parent(parent: int, signal: int) -> None:
    """Have the kernel send us `signal` when the parent ends; on Linux only.

    Elsewhere the parts written in Python still end by their lifeline, and PostgreSQL
    shuts itself down within a minute of its data folder's removal.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    if os.getppid() != parent:  # it ended before the kernel knew of our wish
        raise SystemExit("the supervisor ended before this part was started")


def drop_rights(uid: int, gid: int) -> None:
    """Take the account for good: no groups of the old one, no way back."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(arguments: list[str]) -> None:
    """Replace this process by the program; returns only by raising."""
    parent, uid, gid, signal = (int(argument) for argument in arguments[:4])
    if uid >= 0:
        drop_rights(uid, gid)
    die_with_parent(parent, signal)  # after the drop: a change of account clears it
    os.umask(0o077)
    os.execv(arguments[4], arguments[4:])


if __name__ == "__main__":
    main(sys.argv[1:])
