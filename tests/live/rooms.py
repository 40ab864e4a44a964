"""Real rooms for tests: a short folder, a configuration, engines that are gone afterwards."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.processes import alive
from tests.waiting import until
from warroom import __version__
from warroom.attach.client import Connection
from warroom.attach.room import RoomPaths, room_paths
from warroom.attach.spawn import reach
from warroom.config.local import read_local
from warroom.playbooks.standing import Proposal
from warroom.wire import PROTOCOL, Board, Changed, Grant, Hello, RoomView, SourceView

REPOSITORY = Path(__file__).parents[2]


def hello(want: Grant = "act", role: Any = "console", claimed: str = "") -> Hello:
    return Hello(protocol=PROTOCOL, version=__version__, want=want, role=role, claimed=claimed)


class Room:
    """One room of its own under a short path, with sources that do what they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "room.toml"
        self.write()

    def write(self, *sources: str, room: str = "", more: str = "", interval: str = "200ms") -> None:
        """A configuration with these sources of the kind ``trick``."""
        text = f'version = 1\n[room]\nname = "shop"\nenvironment = "test"\n{room}\n{more}\n'
        for name in sources:
            self.tell(name)
            text += (
                f'[sources.{name}]\nkind = "trick"\ninterval = "{interval}"\n'
                f'script = "{self.script(name)}"\n'
            )
        self.config.write_text(text)
        self.config.chmod(0o600)

    def script(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def tell(self, name: str, **what: Any) -> None:
        """What the source is to do from its next poll on."""
        draft = self.script(name).with_suffix(".draft")
        draft.write_text(json.dumps(what))
        draft.rename(self.script(name))

    @property
    def paths(self) -> RoomPaths:
        return room_paths(read_local(self.config))

    async def attach(self, want: Grant = "act") -> Connection:
        return await reach(self.paths, hello(want))

    def run(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        """A command of warroom's on this room."""
        return subprocess.run(
            [sys.executable, "-m", "warroom", *arguments, "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=30,
            check=check,
        )

    def engine(self) -> "subprocess.Popen[bytes]":
        """An engine in the foreground that serves."""
        process = subprocess.Popen(
            [sys.executable, "-m", "warroom", "engine", "--config", str(self.config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        until(lambda: self.paths.socket.exists() or process.poll() is not None, 10)
        return process

    def engines(self) -> list[psutil.Process]:
        """All engine processes of this room that live."""
        return [p for p in _mine(self.config) if alive(p)]


def _mine(config: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if str(config) in line and "engine" in line:
            yield process


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room with an environment of its own; whatever engine it has is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="wr", dir="/tmp"))
    plugin = folder / "plugins" / "trickster-1.0.dist-info"
    plugin.mkdir(parents=True)
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: trickster\nVersion: 1.0\n")
    (plugin / "entry_points.txt").write_text(
        "[warroom.sources]\ntrick = tests.live.trickster:TrickSource\n"
    )
    for variable, name in (("XDG_RUNTIME_DIR", "run"), ("XDG_STATE_HOME", "state")):
        (folder / name).mkdir(mode=0o700)
        monkeypatch.setenv(variable, str(folder / name))
    monkeypatch.setenv("PYTHONPATH", f"{folder / 'plugins'}{os.pathsep}{REPOSITORY}")
    room = Room(folder)
    try:
        yield room
    finally:
        for process in _mine(room.config):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


class Follower:
    """What a console knows: the newest view of each source and of the room."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sources: dict[str, SourceView] = {}
        self.room: RoomView | None = None
        self.proposals: tuple[Proposal, ...] = ()

    async def until(self, look: Callable[[Any], Any], seconds: float = 6.0) -> None:
        """Follow until ``look(self)`` is true."""
        async with asyncio.timeout(seconds):
            while not (self.room and look(self)):
                message = await self.connection.receive()
                assert message is not None, self.connection.lost
                if isinstance(message, Board):
                    self.sources, self.room = {}, message.room
                if isinstance(message, (Board, Changed)):
                    self.sources.update({view.name: view for view in message.sources})
                    self.room = message.room or self.room
                    if message.proposals is not None:
                        self.proposals = message.proposals
