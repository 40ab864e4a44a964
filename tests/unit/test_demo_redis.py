"""Which Redis the demo runs."""

from pathlib import Path

import pytest

from warroom.demo.redis_server import _found


def test_a_server_that_is_a_link_is_called_by_the_name_of_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Debian, where one program is the server or a checker, by its name."""
    program = tmp_path / "redis-check-rdb"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / "redis-server").symlink_to(program.name)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _found() == tmp_path / "redis-server"
