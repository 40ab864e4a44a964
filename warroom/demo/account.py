"""As whom the servers run, and whether that account can reach their programs."""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """An account of this machine that already exists."""

    name: str
    uid: int
    gid: int

    def own(self, top: Path) -> None:
        """Give a file, or a folder with all that is in it, to the account."""
        for path in (top, *top.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def for_servers() -> Account | None:
    """`nobody` when we are root, which PostgreSQL refuses to be; None to stay ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)


def home(path: Path, account: Account | None) -> Path:
    """Make a folder that only the account, or only we, can enter."""
    path.mkdir(mode=0o700)
    if account:
        account.own(path)
    return path


def reachable(path: Path) -> bool:
    """Whether an account without rights of its own can read the path and all above it."""
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (path, *path.parents))


def bring_near(source: Path, target: Path, account: Account) -> Path:
    """Copy programs that lie behind a closed door to a folder that the account can enter."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
    else:
        shutil.copy2(source, target)
    account.own(target)
    return target
