"""What ``warroom playbook show --toml`` prints: to be pasted, and the same playbook again."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

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
    assert tomllib.loads(pasted) == {"playbooks": {name: built_in()[name]}}
    ours = [line for line in built_in_text(name).splitlines() if not line.startswith("[")]
    assert [line for line in pasted.splitlines() if not line.startswith("[")] == ours
    (found,) = [one for one in loaded(pasted).playbooks if one.name == name]
    assert found.origin == "configuration"


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_one_names_what_the_room_calls_otherwise_by_that(name: str) -> None:
    """What stands in the file itself is not translated any more."""
    steps = built_in()[name]
    named = {
        f"{key}s": {
            step[key]: f"our_{step[key]}"
            for step in steps.get(part, ())
            if isinstance(step, dict) and key in step
        }
        for part, key in (("mitigations", "action"), ("look", "check"))
    }
    pasted = to_paste(name, document(tomli_w.dumps({"library": named})))
    made = tomllib.loads(pasted)["playbooks"][name]
    for part, key in (("mitigations", "action"), ("look", "check")):
        for step, written in zip(made.get(part, ()), steps.get(part, ()), strict=True):
            if isinstance(step, dict) and key in step:
                assert step == {**written, key: f"our_{written[key]}"}
            else:
                assert step == written


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
    (tmp_path / "more/bytes.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
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
