"""The demo's playbooks: each fault has one, whose first step to mend it is the action that does."""

from pathlib import Path

import pytest
import tomli_w

from tests.live.demo_playbooks import CASES
from tests.unit.test_demo_actions import MENDS
from warroom.config.document import parse
from warroom.config.load import Config, validate
from warroom.demo.configuration import build
from warroom.demo.configuration.playbooks import ACTIONS
from warroom.demo.faults import KNOWN
from warroom.demo.folder import Folder
from warroom.demo.supervisor import settings
from warroom.playbooks.library import built_in
from warroom.playbooks.words import words
from warroom.sources.registry import discover

PAGE = (Path(__file__).parents[2] / "docs/demo.md").read_text()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = Folder(tmp_path_factory.mktemp("demo"))
    text = tomli_w.dumps(build(folder, settings(folder)))
    return validate(parse(folder.config, text.encode()), discover())


def test_every_fault_but_the_room_s_own_has_one_and_every_built_in_one_a_fault() -> None:
    assert {*CASES, "cut-off"} == {fault.name for fault in KNOWN}
    assert {case.playbook for case in CASES.values()} == {*built_in(), "old-address"}


@pytest.mark.parametrize("fault", CASES)
def test_its_first_step_to_mend_is_the_action_that_mends_with_its_values(
    config: Config, fault: str
) -> None:
    case = CASES[fault]
    (playbook,) = [one for one in config.playbooks if one.name == case.playbook]
    first = playbook.of("mitigate")[0]
    assert (first.action, first.values) == (case.action, case.values)
    assert first.action == MENDS[fault][0][0]
    takes = config.actions[first.action].parameters
    asked = [name for name, one in takes.items() if one.default is None and name not in case.values]
    assert asked == (["address"] if fault == "intruder" else [])


def test_what_is_looked_at_is_there(config: Config) -> None:
    """All that the library's steps check; the shop keeps its settings elsewhere."""
    assert {*words().checks} - {*config.checks} == {"env_doctor"}
    assert {*ACTIONS.values()} <= {*config.actions}
    for playbook in config.playbooks:
        for step in playbook.of("mitigate"):
            assert not step.needs, (playbook.name, step)


def test_the_table_of_the_page_names_each_fault_s_playbook() -> None:
    table = PAGE.partition("| fault | playbook | first step |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert {row[0] for row in rows} == {*CASES}
    for fault, playbook, step in rows:
        case = CASES[fault]
        values = "".join(f" {name}={value}" for name, value in case.values.items())
        assert playbook.startswith(f"`{case.playbook}`"), fault
        assert step.startswith(f"`{case.action}`{values}"), fault
