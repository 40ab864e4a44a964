"""Documents and evidence of a real room, by the real program."""

import hashlib
import json
import os
import signal
import stat
import tarfile
from pathlib import Path

import pytest

from tests.live.rooms import Room, room
from tests.live.shells import declare, kill_engine, shell
from tests.live.watchers import Watcher
from tests.waiting import until, until_async
from warroom.incident.outward import Evidence
from warroom.report.evidence import SIGNALS
from warroom.report.reading import agrees, read_evidence

__all__ = ["room"]


def export(room: Room, folder: Path, *arguments: str, code: int = 0) -> str:
    """What is said when it is exported into ``folder``, and its name."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        done = shell(room, "export", *arguments, code=code)
        return done.stdout + done.stderr
    finally:
        os.chdir(here)


def test_every_document_of_an_incident(room: Room, tmp_path: Path) -> None:
    room.write("api")
    name = declare(room, "checkout is down", "--sev", "1")
    evidence = room.paths.folder / "evidence" / name
    until(lambda: (evidence / SIGNALS).exists() and (evidence / SIGNALS).stat().st_size > 300)
    shell(room, "note", "=HYPERLINK(1) <b>")
    shell(room, "resolve", "--override", "it is a drill", "--how", "rollback", "back to 1.4.2")
    until(lambda: "evidence" in shell(room, "incident", name).stdout)
    kill_engine(room)
    for form in ("md", "html", "json", "csv"):
        said = export(room, tmp_path, name, "--format", form)
        assert f"{name}-" in said
    export(room, tmp_path, name, "--log")
    files = {path.suffix: path for path in tmp_path.iterdir() if "log" not in path.name}
    assert set(files) == {".md", ".html", ".json", ".csv"}
    for path in files.values():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = json.loads(files[".json"].read_text())
    assert found["evidence"]["changed"] == []
    assert found["incident"]["resolution"]["how"] == "rollback"
    assert "'=HYPERLINK(1)" in files[".csv"].read_text()
    assert "&lt;b&gt;" in files[".html"].read_text()
    assert shell(room, "verify", "--head", found["head"]).returncode == 0
    assert not any(path.name.endswith(".new") for path in tmp_path.iterdir())


def test_a_bundle_holds_everything_with_its_hashes(room: Room, tmp_path: Path) -> None:
    room.write("api")
    name = declare(room, "checkout is down")
    evidence = room.paths.folder / "evidence" / name
    until(lambda: (evidence / SIGNALS).exists())
    export(room, tmp_path, "--bundle", "--output", "draft.tar.gz")
    with tarfile.open(tmp_path / "draft.tar.gz") as tar:
        assert f"{name}/evidence/{SIGNALS}" in tar.getnames(), "also while it is open"
    (tmp_path / "draft.tar.gz").unlink()
    shell(room, "resolve", "--override", "it is a drill")
    until(lambda: "evidence" in shell(room, "incident", name).stdout)
    kill_engine(room)
    export(room, tmp_path, "--bundle")
    (path,) = tmp_path.iterdir()
    with tarfile.open(path) as tar:
        names = tar.getnames()
        assert all(one.startswith(f"{name}/") and ".." not in one for one in names)
        read = {m.name: tar.extractfile(m) for m in tar.getmembers()}
        content = {key: file.read() for key, file in read.items() if file is not None}
    manifest = content.pop(f"{name}/MANIFEST").decode().splitlines()
    assert len(manifest) == len(content)
    for line in manifest:
        digest, _, file = line.partition("  ")
        assert hashlib.sha256(content[f"{name}/{file}"]).hexdigest() == digest
    assert f"{name}/evidence/{SIGNALS}" in content
    assert content[f"{name}/entries.jsonl"].count(b"\n") == len(
        json.loads(content[f"{name}/post-mortem.json"])["entries"]
    )


@pytest.mark.long
def test_what_cannot_be_written_loses_nothing_and_says_where(room: Room, tmp_path: Path) -> None:
    name = declare(room, "checkout is down")
    there = tmp_path / f"{name}-post-mortem.md"
    there.write_text("mine")
    said = export(room, tmp_path, code=1)
    assert "is there already" in said
    assert "--force" in said
    assert there.read_text() == "mine"
    export(room, tmp_path, "--force")
    assert "Post-mortem" in there.read_text()
    said = export(room, tmp_path, "--output", str(tmp_path / "no" / "x.md"), code=1)
    assert "cannot be written: No such file" in said
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    said = export(room, tmp_path, "--output", str(pipe), "--force", code=1)
    assert "is no file" in said
    pipe.unlink()
    assert [path.name for path in tmp_path.iterdir()] == [there.name]
    plain = shell(room, "export", "--output", "-", "--format", "csv").stdout
    assert plain.startswith('"number","happened"')
    refused = shell(room, "export", "--log", "--format", "csv", code=64)
    assert "md or html" in refused.stderr


@pytest.mark.parametrize(
    "kill", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
async def test_evidence_goes_on_after_its_engine_was_ended(room: Room, kill: int) -> None:
    room.write("api")
    ana = await Watcher.at(room)
    await ana.until(lambda s: s.sources and s.sources[0].polls > 3)
    name = await ana.declare()
    folder = room.paths.folder / "evidence" / name

    def count() -> int:
        return len(read_evidence(folder, ()).samples)

    await until_async(lambda: count() > 4, 10)
    before = [one for one in read_evidence(folder, ()).samples if one.at <= _declared(ana, name)]
    assert before, "what was seen before it was declared is there"
    (engine,) = room.engines()
    os.kill(engine.pid, kill)
    await until_async(lambda: ana.connection.lost, 10)
    await ana.close()
    again = await Watcher.at(room)
    had = count()
    await until_async(lambda: count() > had + 4, 10)
    await again.resolve(name, override="drill")
    entries = await again.all_entries(name)
    await again.until(lambda s: s.incident(name) and s.incident(name).evidence)
    told = again.incident(name).evidence
    assert all(agrees(folder, file) for file in told)
    assert read_evidence(folder, told).problems == ()
    assert any(isinstance(entry.body, Evidence) for entry in entries) == (kill == signal.SIGTERM)
    await again.close()


def _declared(watcher: Watcher, name: str) -> object:
    return watcher.incident(name).declared
