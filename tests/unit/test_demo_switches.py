"""What operators have switched in the demo's web app: kept in a file, told in words."""

import stat
from pathlib import Path

from warroom.demo.switches import FLAGS, Standing, Switches, read


def test_nothing_is_out_of_the_ordinary_at_first(tmp_path: Path) -> None:
    switches = Switches(tmp_path / "switches.json")
    assert switches.standing == Standing()
    assert switches.standing.words() == ""
    assert all(switches.flag(name) for name in FLAGS)


def test_what_was_put_outlives_the_process_and_is_ours_to_read(tmp_path: Path) -> None:
    path = tmp_path / "switches.json"
    standing = Standing(maintenance=True, per_client=5, off=("stock",), blocked=("192.0.2.1",))
    Switches(path).put(standing)
    again = Switches(path)
    assert again.standing == read(path) == standing
    assert [name for name in FLAGS if not again.flag(name)] == ["stock"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_all_that_is_out_of_the_ordinary_is_told() -> None:
    standing = Standing(
        maintenance=True,
        read_only=True,
        per_client=5,
        off=("stock",),
        blocked=("192.0.2.1",),
        blocked_agents=("price-robot",),
    )
    assert standing.words() == (
        "maintenance is on, the shop is read-only, clients have 5 requests/min, stock is off, "
        "192.0.2.1 is blocked, price-robot is blocked"
    )
