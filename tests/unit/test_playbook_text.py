"""What ``warroom playbook show --toml`` prints: to be pasted, and the same playbook again."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from warroom.config.document import Document, parse
from warroom.config.load import Config, validate
from warroom.config.playbook_text import headed, to_paste
from warroom.errors import ConfigError
from warroom.playbooks.library import built_in, built_in_text
from warroom.sources.registry import discover

ROOM = 'version = 1\n[room]\nname = "x"\n'
OWN = {"title": "Ours", "about": "One\n[look]\ntwo", "links": {"a b": "https://wiki.example/a"}}


def document(more: str = "", folder: Path = Path("/")) -> Document:
    return parse(folder / "warroom.toml", (ROOM + more).encode())


def loaded(text: str) -> Config:
    return validate(document(text), discover())


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_one_pasted_is_the_same_with_its_comments(name: str) -> None:
    pasted = to_paste(name, document())
    assert pasted.startswith(f"[playbooks.{name}]\n")
    assert tomllib.loads(pasted) == {"playbooks": {name: tomllib.loads(built_in_text(name))}}
    for line in built_in_text(name).splitlines():
        assert line.startswith("[") or f"{line}\n" in pasted
    (ours,) = [one for one in loaded("").playbooks if one.name == name]
    (found,) = [one for one in loaded(pasted).playbooks if one.name == name]
    assert found == replace(ours, origin="warroom.toml")


PEOPLE = '[[contacts]]\nname = "Ana"\nrole = "developer"\n'


@pytest.mark.parametrize("name", built_in())
def test_pasted_its_words_still_mean_what_the_room_says(name: str) -> None:
    """Under another name too; and that nobody here is called as it says is no mistake in it."""
    steps = [*built_in()[name]["mitigations"], *built_in()[name]["look"]]
    room: dict[str, Any] = {"library": {"actions": {}, "checks": {}}, "actions": {}, "checks": {}}
    for step in steps:
        for key in {"action", "check"} & {*step}:
            made = {"kind": "command", "argv": ["true"], "title": step[key]}
            room[f"{key}s"][f"our_{step[key]}"] = made
            room["library"][f"{key}s"][step[key]] = f"our_{step[key]}"
    written = tomli_w.dumps(room) + PEOPLE
    pasted = to_paste(name, document(written)).replace(f"playbooks.{name}", "playbooks.mine")
    (ours,) = [one for one in loaded(written).playbooks if one.name == name]
    (found,) = [one for one in loaded(f"{written}{pasted}").playbooks if one.name == "mine"]
    assert found == replace(ours, name="mine", origin="warroom.toml")


def test_what_was_changed_of_it_is_one_s_own_and_can_be_wrong() -> None:
    pasted = to_paste("queue-backlog", document()).replace('"scale_workers"', '"scale_wrkers"')
    with pytest.raises(ConfigError, match="there is no action scale_wrkers") as caught:
        loaded(pasted)
    assert len(caught.value.problems) == 1


def test_one_of_the_file_s_own_is_printed_with_the_built_in_one_s_parts() -> None:
    name = "queue-backlog"
    written = document(f'[playbooks.{name}]\ntitle = "Ours"\nlook = ["first"]\n')
    made = tomllib.loads(to_paste(name, written))["playbooks"][name]
    assert made == {**built_in()[name], "title": "Ours", "look": ["first"]}


def test_one_of_the_folder_s_is_printed_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/ours.toml").write_text('title = "Ours"  # for now\n[links]\nwiki = "w"\n')
    found = to_paste("ours", document('[library]\nfolder = "more"\n', tmp_path))
    assert found == (
        '[playbooks.ours]\ntitle = "Ours"  # for now\n[playbooks.ours.links]\nwiki = "w"\n'
    )
    with_it = document('[library]\nfolder = "more"\nbuilt_in = []\n', tmp_path)
    (tmp_path / "more/queue-backlog.toml").write_text('title = "Ours"\n')
    alone = '[playbooks.queue-backlog]\ntitle = "Ours"\n'
    assert to_paste("queue-backlog", with_it) == alone
    over = tomllib.loads(
        to_paste("queue-backlog", document('[library]\nfolder = "more"', tmp_path))
    )
    assert over["playbooks"]["queue-backlog"] == {**built_in()["queue-backlog"], "title": "Ours"}
    (tmp_path / "more/bytes.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        to_paste("bytes", document('[library]\nfolder = "more"\n', tmp_path))


def test_there_is_none_of_another_name() -> None:
    with pytest.raises(KeyError):
        to_paste("../library/queue-backlog", document())


tables = st.recursive(
    st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())),
    lambda inner: st.dictionaries(st.text(), inner | st.lists(inner)),
    max_leaves=12,
)


@given(tables)
def test_whatever_stands_in_a_playbook_is_the_same_below_its_name(table: dict[str, Any]) -> None:
    text = tomli_w.dumps(table, multiline_strings=True)
    assert tomllib.loads(headed("a-1", text)) == {"playbooks": {"a-1": tomllib.loads(text)}}


def test_a_line_of_a_text_is_no_header() -> None:
    text = tomli_w.dumps(OWN, multiline_strings=True)
    assert "\n[look]\n" in text
    assert tomllib.loads(headed("ours", text)) == {"playbooks": {"ours": OWN}}
