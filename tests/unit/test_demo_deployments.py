"""The demo's record of deployments: what rolling back means after each of them."""

from pathlib import Path

import pytest

from warroom.demo.deployments import Deployments
from warroom.demo.errors import DemoError


@pytest.fixture
def deployments(tmp_path: Path) -> Deployments:
    record = Deployments(tmp_path / "deployments.jsonl")
    record.record("1.42.0", "ci", "deployed")
    return record


def test_there_is_nothing_before_the_first(deployments: Deployments) -> None:
    with pytest.raises(DemoError, match=r"no release before 1\.42\.0"):
        deployments.before("1.42.0")


def test_rolling_back_goes_to_what_was_live_before(deployments: Deployments) -> None:
    deployments.record("1.43.0", "ci", "deployed")
    assert deployments.before("1.43.0") == "1.42.0"


def test_once_rolled_back_there_is_nothing_before_again(deployments: Deployments) -> None:
    deployments.record("1.43.0", "ci", "deployed")
    deployments.record("1.42.0", "on-call", "rolled back")
    with pytest.raises(DemoError):
        deployments.before("1.42.0")
    deployments.record("1.43.0", "ci", "deployed")
    assert deployments.before("1.43.0") == "1.42.0"


def test_a_failed_one_is_rolled_back_too(deployments: Deployments) -> None:
    deployments.record("1.43.0", "ci", "failed")
    assert deployments.before("1.43.0") == "1.42.0"


def test_the_same_release_deployed_twice_has_the_other_before(deployments: Deployments) -> None:
    deployments.record("1.43.0", "ci", "deployed")
    deployments.record("1.43.0", "ci", "deployed")
    assert deployments.before("1.43.0") == "1.42.0"
