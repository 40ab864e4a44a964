"""A room of a test's own: configuration, folders, engine; all gone afterwards."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import tomli_w

WARROOM = [str(Path(sys.executable).with_name("warroom"))]


class Room:
    """A folder with ``warroom.toml`` and folders for runtime and state; a context manager.

    Its paths are short: a Unix socket's must be.
    """

    def __init__(self, sources, *, rules=(), actions=None, checks=None, **room):
        self.folder = Path(tempfile.mkdtemp(prefix="wr-"))
        self.config = self.folder / "warroom.toml"
        self.env = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "WARROOM_CONFIG": str(self.config),
        }
        (self.folder / "run").mkdir(mode=0o700)
        (self.folder / "state").mkdir(mode=0o700)
        self.write(sources, rules=rules, actions=actions, checks=checks, **room)

    def write(self, sources, *, rules=(), console=None, actions=None, checks=None, **room):
        """The configuration, anew."""
        document = {
            "version": 1,
            "room": {"name": "test", "environment": "staging", "linger": "5s", **room},
            "sources": sources,
        }
        if rules:
            document["rules"] = list(rules)
        if actions:
            document["actions"] = actions
        if checks:
            document["checks"] = checks
        if console:
            document["console"] = console
        self.config.write_text(tomli_w.dumps(document))
        self.config.chmod(0o600)

    def run(self, *arguments, check=True, **options):
        """One command of warroom in this room."""
        done = subprocess.run(
            [*WARROOM, *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
            **options,
        )
        if check:
            assert done.returncode == 0, done
        return done

    def status(self):
        """What ``warroom status --json`` says; None without an engine."""
        done = self.run("status", "--json", check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    @property
    def engine(self):
        """The engine's process id; None without one."""
        status = self.status()
        return status["engine"]["pid"] if status else None

    def engines(self):
        """The process ids of all engines of this room, however many there are."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or []
            if "engine" in line and str(self.config) in line:
                found.append(process.pid)
        return found

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.run("stop", "--force", check=False)
        for pid in self.engines():
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()
        shutil.rmtree(self.folder, ignore_errors=True)
