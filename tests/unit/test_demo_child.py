"""One part of the demo as a process: what is told of it is so."""

import os
import signal
from pathlib import Path

from tests.waiting import until
from warroom.demo.child import Child, Command


async def test_one_that_has_ended_runs_no_longer_though_nobody_was_told_yet(tmp_path):
    child = Child(Command("part", ["/bin/sleep", "600"], tmp_path), tmp_path / "log")
    await child.start()
    assert child.running
    pid = child._process.pid
    child.suspend()
    assert child.running
    os.kill(pid, signal.SIGKILL)
    # Waits without the event loop, which is told of the end only when it runs.
    until(lambda: _ended(pid))
    assert not child.running
    await child.stop()
    assert not child.running


def _ended(pid):
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
