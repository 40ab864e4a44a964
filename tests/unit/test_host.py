"""Folders, files and peers of this machine."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from warroom import host
from warroom.engine.gate import Gate, allows
from warroom.errors import EngineError, RoomError
from warroom.host import Peer
from warroom.wire import PROTOCOL, Hello


def _hello(claimed: str = "") -> Hello:
    return Hello(protocol=PROTOCOL, version="0", claimed=claimed, want="note")


def test_the_runtime_folder_is_ours_or_in_the_temporary_folder() -> None:
    assert host.runtime_folder({"XDG_RUNTIME_DIR": "/run/user/7"}) == Path("/run/user/7/warroom")
    for environ in ({}, {"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": "relative"}):
        assert host.runtime_folder(environ).name == f"warroom-{os.geteuid()}"


def test_the_state_folder_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    assert host.state_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/warroom")
    assert host.state_folder({"XDG_STATE_HOME": "s"}) == Path("/home/x/.local/state/warroom")


@pytest.mark.trap(26, "files and folders made under any umask", "0600 and 0700")
@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_what_is_made_has_its_mode_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        host.own_folder(tmp_path / "own")
        descriptor = host.open_private(tmp_path / "own" / "file", os.O_WRONLY | os.O_CREAT)
    finally:
        os.umask(before)
    assert not os.get_inheritable(descriptor)
    os.close(descriptor)
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "own" / "file").stat().st_mode) == 0o600
    host.own_folder(tmp_path / "own")


def test_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(0o640)
    with pytest.raises(RoomError, match="open to others") as caught:
        host.open_private(file, os.O_RDONLY)
    assert caught.value.hint == f"close it: chmod 0600 {file}"


@pytest.mark.trap(26, "a planted link", "not followed")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(RoomError, match="link cannot be opened"):
        host.open_private(tmp_path / "link", os.O_RDONLY)


def test_an_unknown_group_says_what_to_type() -> None:
    with pytest.raises(RoomError, match="knows no group") as caught:
        host.group_id("no-such-group")
    assert "groupadd no-such-group" in caught.value.hint


def test_the_kernel_names_the_peer() -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert host.peer_of(one) == Peer(os.getpid(), os.geteuid())


def test_a_process_that_has_ended_is_known_to_have() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert not host.await_end(child.pid, 0.05)
        child.kill()
        assert host.await_end(child.pid, 2.0)  # not yet reaped by us
    assert host.await_end(child.pid, 0.0)


async def test_a_private_room_admits_its_owner_and_root_only() -> None:
    gate = Gate(group=False)
    for uid in {os.geteuid(), 0}:
        _, granted = await gate.admit(Peer(None, uid), _hello())
        assert granted == "note"
    with pytest.raises(EngineError, match="private"):
        await gate.admit(Peer(None, 12345), _hello())
    assert (await Gate(group=True).admit(Peer(None, 12345), _hello()))[1] == "note"


async def test_who_somebody_is_comes_from_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(group=True)
    monkeypatch.setattr(host, "user_name", lambda uid: {0: "root", 7: "ada", 8: "app"}[uid])
    logins = {1: None, 2: 7, 3: 0}
    monkeypatch.setattr(host, "login_id", lambda pid: logins[pid])
    cases = [
        (Peer(1, 7), "mallory", ("ada", True)),  # her own account; a claim does not count
        (Peer(2, 0), "mallory", ("ada", True)),  # sudo: the kernel saw her log in
        (Peer(2, 8), "", ("ada", True)),  # su to a shared account
        (Peer(1, 0), "grace", ("grace", False)),  # root, and nobody knows who
        (Peer(1, 0), "", ("root", True)),
        (Peer(3, 0), "grace\x1b[2J", ("grace␛[2J", False)),  # logged in as root
        (Peer(3, 7), "", ("ada", True)),  # root's cron, dropped to her
    ]
    for peer, claimed, (name, attested) in cases:
        actor, _ = await gate.admit(peer, _hello(claimed))
        assert (actor.name, actor.attested, actor.uid) == (name, attested, peer.uid)


async def test_a_directory_server_that_fails_leaves_the_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(uid: int) -> str:
        raise OSError("no answer")

    monkeypatch.setattr(host, "user_name", broken)
    monkeypatch.setattr(host, "login_id", lambda pid: None)
    actor, _ = await Gate(group=True).admit(Peer(1, 7), _hello())
    assert actor.name == "uid 7"


def test_more_includes_less() -> None:
    assert allows("act", "watch")
    assert allows("note", "note")
    assert not allows("watch", "note")
