"""Source kinds are found by entry point; a broken one is an error with a name."""

import subprocess
import sys
from pathlib import Path

import pytest

from warroom.sources.base import Source
from warroom.sources.registry import discover

GOOD = """
from warroom.config.settings import SourceSettings
from warroom.sources.base import Source

class Good(Source):
    kind = "{kind}"
    Settings = SourceSettings
    async def sample(self): ...
    @classmethod
    def signals(cls, name, settings): return {{}}

class Bare(Source):
    kind = "bare"

class Loose(Good):
    Settings = dict

not_a_class = 5
"""


def a_package(folder: Path, name: str, entries: dict[str, str], code: str = "") -> None:
    """A distribution as an installer leaves it: metadata, and one module."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{key} = {value}" for key, value in entries.items()]
    (metadata / "entry_points.txt").write_text("[warroom.sources]\n" + "\n".join(lines) + "\n")
    (folder / f"{name}.py").write_text(code)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_the_built_in_kind_comes_in_by_the_door() -> None:
    kind = discover()["http"]
    assert isinstance(kind, type)
    assert issubclass(kind, Source)


def test_a_strangers_kind(packages: Path) -> None:
    a_package(packages, "wr_good", {"good": "wr_good:Good"}, GOOD.format(kind="good"))
    kind = discover()["good"]
    assert isinstance(kind, type)
    assert kind.kind == "good"


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("wr_bad:Bad", "1 / 0", "division by zero"),
        ("wr_bad:Bad", "import wr_no_such_module", "No module named 'wr_no_such_module'"),
        ("wr_bad:Bad", "", "has no attribute 'Bad'"),
        ("wr_bad:Bad", "def (", "invalid syntax"),
        ("wr_bad:Bad", "raise SystemExit(3)", "ended the program when it was imported"),
        ("wr_bad:not_a_class", GOOD.format(kind="bad"), "is no warroom.sources.base.Source"),
        ("wr_bad:Good", GOOD.format(kind="other"), 'does not say kind = "bad"'),
    ],
)
def test_a_broken_kind_is_its_error_and_harms_no_other(
    packages: Path, target: str, code: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "wr_bad_" + packages.name  # each its own module: a loaded one stays loaded
    a_package(packages, name, {"bad": target.replace("wr_bad", name)}, code)
    found = discover()
    assert isinstance(found["bad"], Exception)
    assert said in str(found["bad"])
    assert isinstance(found["http"], type)


def test_a_kind_without_settings_is_broken(packages: Path) -> None:
    a_package(packages, "wr_bare", {"bare": "wr_bare:Bare"}, GOOD.format(kind="x"))
    assert "has no Settings" in str(discover()["bare"])


def test_a_kind_whose_settings_are_no_model_of_a_source_is_broken(packages: Path) -> None:
    a_package(packages, "wr_loose", {"loose": "wr_loose:Loose"}, GOOD.format(kind="loose"))
    assert "has no Settings that are SourceSettings" in str(discover()["loose"])


def test_a_stranger_does_not_take_the_place_of_a_built_in_kind(packages: Path) -> None:
    a_package(packages, "wr_mine", {"http": "wr_mine:Good"}, GOOD.format(kind="http"))
    kind = discover()["http"]
    assert isinstance(kind, type)
    assert kind.__module__.startswith("warroom.")


def test_two_strangers_of_one_name_are_both_refused(packages: Path) -> None:
    for name in ("wr_first", "wr_second"):
        a_package(packages, name, {"same": f"{name}:Good"}, GOOD.format(kind="same"))
    assert str(discover()["same"]) == "several packages bring it: wr_first, wr_second"


def test_a_kind_is_imported_when_it_is_looked_at_and_not_before() -> None:
    code = """
import sys
from warroom.sources.registry import discover
found = discover()
assert {"http", "postgres", "redis"} <= set(found) and "dns" in found
assert not {"asyncpg", "redis", "httpx"} & set(sys.modules), sorted(sys.modules)
assert found["postgres"].kind == "postgres"
assert "asyncpg" in sys.modules and "redis" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_strangers_model_that_cannot_be_built_is_its_error(packages: Path) -> None:
    model = "class Settings(SourceSettings):\n        x: 'Nowhere'"
    code = GOOD.format(kind="knot").replace("Settings = SourceSettings", model)
    a_package(packages, "wr_knot", {"knot": "wr_knot:Good"}, code)
    found = discover()
    assert "Nowhere" in str(found["knot"])
    assert set(found.broken) == {"knot"}
