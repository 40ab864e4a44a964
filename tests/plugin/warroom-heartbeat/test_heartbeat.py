"""The heartbeat's own tests: the source on real files, the panel as pure text."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from warroom_heartbeat.panel import HeartbeatPanel
from warroom_heartbeat.source import HeartbeatSource

from warroom.console.look import Look
from warroom.console.panel import PanelView
from warroom.console.state import RoomState
from warroom.errors import ProbeError
from warroom.measure.snapshot import Failure, Snapshot
from warroom.sources.base import Context
from warroom.sources.meanings import explaining
from warroom.wire import SourceView

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Noon:
    """A clock that stands still."""

    def now(self):
        return NOON

    def monotonic(self):
        return 0.0


def source(path, **options):
    settings = HeartbeatSource.Settings.model_validate(
        {"kind": "heartbeat", "path": str(path), **options}
    )
    return HeartbeatSource("backup", settings, Context(Noon(), Path("/"), mask=lambda secret: None))


def touched(path, text, *, hours_ago):
    path.write_text(text)
    then = NOON.timestamp() - hours_ago * 3600
    os.utime(path, (then, then))
    return path


async def looked(path, **options):
    """What one sample sees: its faults, and its signals by name."""
    sample = await source(path, **options).sample()
    return sample.seen.faults, {signal.name: signal.value for signal in sample.signals}


async def test_a_job_that_was_done_in_time_is_up_with_its_figures(tmp_path):
    path = touched(tmp_path / "backup", "status: ok\nrows: 1203\nall saved", hours_ago=2)
    sample = await source(path, figures={"rows": "rows", "size": "B"}).sample()
    assert sample.seen.faults == ()
    assert [(s.name, s.value, s.unit) for s in sample.signals] == [
        ("backup.age", 7200.0, "s"),
        ("backup.up", 1.0, ""),
        ("backup.rows", 1203.0, "rows"),
        ("backup.size", None, "B"),  # nothing was said of it: not known, and not zero
    ]
    assert sample.seen.tables[0].rows == (("status", "ok"), ("rows", "1203"))
    assert sample.seen.text == "all saved"


async def test_late_failed_and_missing_are_down(tmp_path):
    late = touched(tmp_path / "late", "status: ok", hours_ago=30)
    assert await looked(late) == (
        ("late: done 30 h 00 ago, 25 h 00 at most",),
        {"backup.age": 108_000.0, "backup.up": 0.0},
    )
    failed = touched(tmp_path / "failed", "status: disk full", hours_ago=1)
    assert (await looked(failed))[0] == ("the job says: disk full",)
    faults, figures = await looked(tmp_path / "missing")
    assert faults == ("there is no file: the job has not been done",)
    assert figures == {"backup.age": None, "backup.up": 0.0}


async def test_what_cannot_be_read_is_not_down_but_not_seen(tmp_path):
    for path in (tmp_path / "no such folder" / "backup", tmp_path):
        with pytest.raises(ProbeError) as caught:
            await source(path).sample()
        assert caught.value.phase == "read"
        assert caught.value.hint


async def test_a_time_that_is_still_to_come_proves_nothing(tmp_path):
    path = touched(tmp_path / "backup", "status: ok", hours_ago=-1)
    with pytest.raises(ProbeError, match="touched in the future"):
        await source(path).sample()
    touched(path, "status: ok", hours_ago=-0.01)
    assert (await looked(path)) == ((), {"backup.age": 0.0, "backup.up": 1.0})


def test_every_figure_has_a_meaning():
    settings = source("/x", figures={"rows": "rows"})._settings
    for figure in HeartbeatSource.signals("backup", settings):
        assert explaining(HeartbeatSource, figure.removeprefix("backup."))


async def test_the_panel_in_words(tmp_path):
    sample = await source(touched(tmp_path / "backup", "", hours_ago=2)).sample()
    snapshot = Snapshot(taken_at=NOON, took=0.0, seen=sample.seen, signals=sample.signals)
    view = SourceView(
        name="backup",
        title="backup",
        kind="heartbeat",
        interval=60.0,
        state="UP",
        level="OK",
        snapshot=snapshot,
        age=0.0,
    )
    shown = PanelView(state=RoomState(), sources=(view,), look=Look(), now=0.0)
    assert [line.plain.rstrip() for line in HeartbeatPanel.body(shown, 60, 9)] == [
        "  ✔ UP        backup  done 2 h ago"
    ]
    assert HeartbeatPanel.title(shown).plain == "1 of 1 in time"
    dark = replace(
        view, state="CAN'T SEE", level="CAN'T SEE", failure=Failure("read", "gone"), cause="gone"
    )
    lines = HeartbeatPanel.body(replace(shown, sources=(dark,)), 60, 9)
    assert [line.plain.rstrip() for line in lines] == [
        "  ? CAN'T SEE backup  done 2 h ago when last seen",
        "    └ gone",
    ]
