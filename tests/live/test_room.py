"""The room's folders: whose they are, who may come in, and what is refused."""

import asyncio
import grp
import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.rooms import REPOSITORY, Room, room
from warroom.attach.room import room_paths
from warroom.config.local import LocalConfig, LocalConsole, LocalRoom
from warroom.errors import EngineError, RoomError
from warroom.host import SOCKET_PATH_LIMIT

__all__ = ["room"]

Done = subprocess.CompletedProcess[str]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs another user to be")

# The interpreter may lie where only root can read, so the visitor becomes another user only
# after it has imported what it needs.
BECOME = """
import asyncio, os, sys
from pathlib import Path
from tests.live.rooms import hello
from warroom.attach.client import connect
from warroom.attach.room import room_paths
from warroom.cli import engine, main
from warroom.config.local import read_local
from warroom.errors import WarroomError

config, uid, gid, want = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
read_local(Path(config))  # loads the codecs it needs
os.chdir("/")
os.setgroups([])
os.setgid(gid)
os.setuid(uid)
"""

VISIT = """
async def visit():
    paths = room_paths(read_local(Path(config)))
    print(os.access(paths.lock, os.R_OK), os.access(paths.log, os.R_OK))
    try:
        async with await connect(paths, hello(want)) as connection:
            actor = connection.welcome.actor
            print(actor.name, actor.uid, actor.attested, connection.welcome.granted)
    except WarroomError as error:
        print(type(error).__name__, error)

asyncio.run(visit())
"""

START = "sys.exit(main(['engine', '--config', config]))"


def _local(config: Path, **values: str) -> LocalConfig:
    return LocalConfig(config, LocalRoom(**values), LocalConsole(), {}, ())


def test_two_configurations_have_two_rooms(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": "/run/x", "XDG_STATE_HOME": "/state"}
    one = room_paths(_local(tmp_path / "a.toml", name="Shop / EU"), environ)
    two = room_paths(_local(tmp_path / "b.toml", name="Shop / EU"), environ)
    assert one.folder != two.folder
    assert one.socket != two.socket
    assert one.folder.parent == Path("/state/warroom")
    assert one.socket.parent == Path("/run/x/warroom")


def test_another_name_in_the_file_is_no_other_room(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": "/run/x", "XDG_STATE_HOME": "/state"}
    one = room_paths(_local(tmp_path / "a.toml", name="Shop / EU"), environ)
    assert one == room_paths(_local(tmp_path / "a.toml", name="store"), environ)


def test_a_socket_path_too_long_is_refused_with_what_to_do(tmp_path: Path) -> None:
    long = "/" + "x" * (SOCKET_PATH_LIMIT - len("/engine.sock"))
    with pytest.raises(RoomError, match=rf"{SOCKET_PATH_LIMIT + 1} bytes") as caught:
        room_paths(_local(tmp_path / "a.toml", name="shop", dir=long))
    assert "dir = " in caught.value.hint
    assert room_paths(_local(tmp_path / "a.toml", name="shop", dir=long[:-1])).socket


@pytest.mark.trap(26, "a runtime folder that another could have planted", "refused")
@pytest.mark.parametrize("which", ["folder", "runtime"])
@pytest.mark.parametrize("harm", ["open", "link", "file", "foreign"])
async def test_a_folder_another_could_have_planted_is_refused(
    room: Room, harm: str, which: str
) -> None:
    paths = room.paths
    folder = paths.folder if which == "folder" else paths.socket.parent
    paths.prepare()
    if harm == "open":
        folder.chmod(0o777)
    elif harm == "foreign":
        if os.geteuid() != 0:
            pytest.skip("needs root to give it away")
        os.chown(folder, 12345, -1)
    else:
        shutil.rmtree(folder)
        elsewhere = room.folder / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        folder.symlink_to(elsewhere) if harm == "link" else folder.write_text("")
    with pytest.raises((RoomError, EngineError)) as caught:
        await room.attach()
    told = caught.value.explain() if isinstance(caught.value, RoomError) else str(caught.value)
    assert str(folder) in told
    wanted = {"open": "chmod 0700", "link": "rm ", "file": "mv ", "foreign": "chown "}
    assert wanted[harm] in told
    assert not room.engines()


@pytest.mark.parametrize("name", ["lock", "log"])
async def test_a_planted_link_is_not_followed(room: Room, name: str) -> None:
    room.paths.prepare()
    victim = room.folder / "victim"
    victim.write_text("precious")
    getattr(room.paths, name).symlink_to(victim)
    with pytest.raises(EngineError, match=name):
        await room.attach()
    assert victim.read_text() == "precious"


async def test_a_lock_that_others_can_open_is_refused(room: Room) -> None:
    room.paths.prepare()
    room.paths.lock.touch(mode=0o600)
    room.paths.lock.chmod(0o644)
    with pytest.raises(EngineError, match=r"chmod 0600 .*engine\.lock"):
        await room.attach()


async def test_a_group_without_a_folder_is_refused_by_the_configuration(room: Room) -> None:
    room.write(room='group = "nogroup"')
    with pytest.raises(EngineError, match=r"room\.group.*folder"):
        await room.attach()


@as_root
@pytest.mark.parametrize("umask", [0o000, 0o077])
async def test_a_group_room_is_the_groups_and_no_others(room: Room, umask: int) -> None:
    group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid)
    home = room.folder / "room"
    room.write("api", room=f'group = "{group.gr_name}"\ndir = "{home}"')
    room.folder.chmod(0o755)
    room.config.chmod(0o644)
    before = os.umask(umask)
    try:
        async with await room.attach() as connection:
            assert connection.welcome.granted == "act"
            _check_modes(room, group.gr_gid)
            nobody = pwd.getpwnam("nobody").pw_uid
            member = await asyncio.to_thread(_visit, room, nobody, group.gr_gid, "act")
            assert member == ["False False", f"nobody {nobody} True act"]
            watcher = await asyncio.to_thread(_visit, room, nobody, group.gr_gid, "watch")
            assert watcher[1].endswith("True watch")
            stranger = await asyncio.to_thread(_visit, room, 12345, 12345, "act")
            assert stranger[1].startswith("RoomError")
    finally:
        os.umask(before)


def _check_modes(room: Room, gid: int) -> None:
    paths = room.paths
    assert stat.S_IMODE(paths.folder.stat().st_mode) == 0o750
    assert paths.folder.stat().st_gid == gid
    assert stat.S_IMODE(paths.socket.lstat().st_mode) == 0o660
    assert paths.socket.lstat().st_gid == gid
    for private in (paths.lock, paths.log):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600


def _as(room: Room, program: str, uid: int, gid: int, want: str = "act") -> Done:
    return subprocess.run(
        [sys.executable, "-c", BECOME + program, str(room.config), str(uid), str(gid), want],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def _visit(room: Room, uid: int, gid: int, want: str) -> list[str]:
    done = _as(room, VISIT, uid, gid, want)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@as_root
async def test_a_member_cannot_start_the_owners_engine(room: Room) -> None:
    group = grp.getgrgid(pwd.getpwnam("nobody").pw_gid)
    home = room.folder / "room"
    room.write(room=f'group = "{group.gr_name}"\ndir = "{home}"')
    room.folder.chmod(0o755)
    room.config.chmod(0o644)
    room.paths.prepare()
    nobody = pwd.getpwnam("nobody").pw_uid
    done = await asyncio.to_thread(_as, room, START, nobody, group.gr_gid)
    assert done.returncode == 1
    assert "only root can start this room's engine" in done.stderr
    assert "chown" not in done.stderr
