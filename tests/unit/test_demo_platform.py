"""The hosting platform's command line, without a demo behind it."""

import subprocess
import sys
from pathlib import Path

import pytest

from warroom.demo import platform
from warroom.demo.faults import KNOWN

WRONG = (
    [],
    ["explode"],
    ["deploy"],
    ["restart"],
    ["restart", "everything"],
    ["renew", "passport"],
    ["restore", "dignity"],
    ["scale", "web", "2"],
    ["scale", "worker", "many"],
    ["rollback", "1.42.0", "1.43.0"],
)


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_is_status_2(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        platform.main(["--at", str(tmp_path / "control"), *arguments])
    assert ended.value.code == 2
    assert "usage: platform" in capsys.readouterr().err


def test_a_demo_that_is_not_there_is_status_1_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert platform.main(["--at", str(tmp_path / "control"), "releases"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "the demo cannot be reached" in printed.err


def test_it_is_quick_to_start_for_it_loads_no_driver_and_no_server() -> None:
    heavy = "{'asyncio', 'asyncpg', 'httpx', 'redis', 'starlette', 'textual', 'pydantic'}"
    look = f"import sys, warroom.demo.platform; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-P", "-c", look], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_the_manual_says_for_every_fault_what_mends_it() -> None:
    manual = (platform.__doc__ or "").splitlines()
    told = {line.split()[0] for line in manual if line.startswith("    ") and line.strip()}
    assert {fault.name for fault in KNOWN} <= told
