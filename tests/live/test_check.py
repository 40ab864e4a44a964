"""``warroom check``: what scripts read, and the exit codes they branch on."""

import json

import pytest

from tests.live.rooms import Room, room

__all__ = ["room"]

OVER = 'levels = { SEV1 = "> 1000", SEV2 = "> 500", SEV3 = "> 100" }'


def _rule(source: str) -> str:
    return (
        f'[[rules]]\nname = "{source} slow"\nsignal = "{source}.load"\n{OVER}\n'
        'raise_after = "10min"\n'
    )


@pytest.mark.parametrize(
    ("told", "code", "level"),
    [
        ({"api": {}, "web": {}}, 0, "OK"),
        ({"api": {}, "web": {"maintenance": True, "faults": ["closed"]}}, 0, "MAINTENANCE"),
        ({"api": {"value": 200}, "web": {}}, 1, "SEV3"),
        ({"api": {"value": 600}, "web": {}}, 2, "SEV2"),
        ({"api": {"faults": ["status is 503"]}, "web": {}}, 2, "SEV1"),
        ({"api": {}, "web": {"fail": "refused"}}, 3, "CAN'T SEE"),
        ({"api": {"value": 200}, "web": {"fail": "refused"}}, 3, "CAN'T SEE"),
        ({"api": {"value": 600}, "web": {"fail": "refused"}}, 2, "SEV2"),
        ({"api": {"value": "nan"}, "web": {}}, 3, "CAN'T SEE"),  # a rule nobody could judge
        ({"api": {}, "web": {"value": "nan"}}, 0, "OK"),  # no rule asks for it
    ],
)
def test_the_exit_code_is_the_worst(
    room: Room, told: dict[str, dict[str, object]], code: int, level: str
) -> None:
    room.write("api", "web", more=_rule("api"))
    for name, what in told.items():
        room.tell(name, **what)
    done = room.run("check", "--json")
    assert done.returncode == code, done.stderr
    said = json.loads(done.stdout)
    assert said["level"] == level
    assert [source["name"] for source in said["sources"]] == ["api", "web"]
    assert not room.engines()


def test_the_json_has_the_shape_that_scripts_read(room: Room) -> None:
    room.write("api", more=_rule("api"))
    room.tell("api", value=600.5)
    said = json.loads(room.run("check", "--json").stdout)
    (source,) = said["sources"]
    took = source.pop("took_ms")
    assert 0 <= took < 1000
    assert source == {
        "name": "api",
        "kind": "trick",
        "state": "UP",
        "level": "SEV2",
        "error": None,
        "notes": [],
        "load": None,
        "signals": [
            {"name": "api.load", "value": 600.5, "unit": "ms", "level": "SEV2"},
            {"name": "api.up", "value": 1.0, "unit": "", "level": "OK"},
        ],
    }


def test_what_hangs_costs_its_own_deadline_and_no_more(room: Room) -> None:
    room.write("api", "web", "db", interval="500ms")
    for name in ("api", "web"):
        room.tell(name, hang=True)
    done = room.run("check", "--json")
    assert done.returncode == 3
    said = {source["name"]: source for source in json.loads(done.stdout)["sources"]}
    assert said["api"]["error"] == "no answer within 500 ms"
    assert all(said[name]["took_ms"] < 1_000 for name in ("api", "web"))
    assert said["api"]["signals"][0]["value"] is None
    assert said["db"]["state"] == "UP"


def test_the_table_shows_outside_text_and_obeys_none(room: Room) -> None:
    room.write("api")
    room.tell("api", faults=["[bold]\x1b[2J\u202eevil[/]"])
    done = room.run("check")
    assert done.returncode == 2
    assert "[bold]␛[2J\\u202eevil[/]" in done.stdout
    assert "\x1b" not in done.stdout
    assert "DOWN" in done.stdout


def test_one_source_can_be_picked_and_a_wrong_name_is_a_usage_error(room: Room) -> None:
    room.write("api", "web")
    room.tell("web", fail="refused")
    done = room.run("check", "--json", "--source", "api")
    assert done.returncode == 0
    assert [source["name"] for source in json.loads(done.stdout)["sources"]] == ["api"]
    wrong = room.run("check", "--source", "apo")
    assert wrong.returncode == 64
    assert "there is: api" in wrong.stderr


def test_on_request_is_asked_only_when_named(room: Room) -> None:
    room.write("api", "mail")
    room.config.write_text(room.config.read_text() + "on_request = true\n")
    room.tell("mail", fail="sent")
    done = room.run("check", "--json")
    assert done.returncode == 0
    assert "--source mail" in done.stderr
    assert [source["name"] for source in json.loads(done.stdout)["sources"]] == ["api"]
    assert room.run("check", "--source", "mail").returncode == 3


def test_a_configuration_that_does_not_load_exits_64(room: Room) -> None:
    room.config.write_text("version = 1\n[room\n")
    done = room.run("check")
    assert done.returncode == 64
    assert "room.toml:2" in done.stderr
    assert done.stdout == ""
