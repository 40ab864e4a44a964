"""Where a room lives: its folder, socket, lock and log."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warroom import host
from warroom.config.local import LocalConfig
from warroom.errors import RoomError


@dataclass(frozen=True)
class RoomPaths:
    """A room's places. ``group`` is None for a private room.

    ``folder`` holds lock and log (and the journal), its owner's alone; ``socket`` stands in
    the runtime folder, or in ``folder`` when the configuration names one with ``dir``.
    """

    config: Path
    folder: Path
    socket: Path
    group: str | None = None

    @property
    def lock(self) -> Path:
        return self.folder / "engine.lock"

    @property
    def log(self) -> Path:
        return self.folder / "engine.log"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def who_may(self) -> str:
        """Who may attach, for one who may not."""
        return f"members of the group {self.group} may attach" if self.group else "it is not yours"

    def prepare(self) -> None:
        """Make the folders, or refuse them with ``RoomError``: the engine's side."""
        host.own_folder(self.folder, self.group)
        if self.socket.parent != self.folder:
            host.own_folder(self.socket.parent)

    def check(self) -> int | None:
        """Refuse folders another could have planted: the side of those who attach.

        The engine owner's uid, which the peer at the socket must have; None when there is
        no room yet.
        """
        folder = self.socket.parent
        try:
            owner = os.lstat(folder).st_uid
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RoomError(f"{folder}: {error.strerror}", self.who_may) from error
        ours = os.geteuid()
        anyone = self.group is not None or (ours == 0 and folder == self.folder)
        host.check_folder(folder, self.group, owner if anyone else ours)
        return owner


def room_paths(local: LocalConfig, environ: Mapping[str, str] = os.environ) -> RoomPaths:
    """The places of the room that this configuration describes.

    Raises ``RoomError`` when its socket's path would be longer than the system allows.
    """
    config = Path(os.path.realpath(local.path))
    room = local.room
    if room.dir:
        folder = Path(os.path.join(config.parent, os.path.expanduser(room.dir)))
        socket = folder / "engine.sock"
    else:
        name = _digest(config)  # no word of the file's content: another name is no other room
        folder = host.state_folder(environ) / name
        socket = host.runtime_folder(environ) / f"{name}.sock"
    _check_length(socket)
    group = room.group if room.dir else None  # without dir the configuration is refused
    return RoomPaths(config=config, folder=folder, socket=socket, group=group)


def drafts_folder(local: LocalConfig, environ: Mapping[str, str] = os.environ) -> Path:
    """Where this user's consoles hold what is being typed: among the user's own files, also when
    the room is a group's."""
    name = _digest(Path(os.path.realpath(local.path)))
    return host.state_folder(environ) / name / "drafts"


def _digest(config: Path) -> str:
    return hashlib.sha256(os.fsencode(config)).hexdigest()[:10]


def _check_length(socket: Path) -> None:
    length = len(os.fsencode(socket))
    if length > host.SOCKET_PATH_LIMIT:
        raise RoomError(
            f"the socket's path is {length} bytes long, "
            f"the system allows {host.SOCKET_PATH_LIMIT}: {socket}",
            'give the room a shorter folder: dir = "/tmp/…" under [room]',
        )
