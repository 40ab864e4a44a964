"""What commands print, read without running any; and what is new of deployments."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from warroom.connect.process import Finished
from warroom.errors import ProbeError
from warroom.measure.change import Change
from warroom.measure.command import Item
from warroom.severity import SEV, Scale
from warroom.sources.command import CommandSettings, CommandSource
from warroom.sources.command.deployments import MOST, Deployments, age, newest_failed
from warroom.sources.command.items import time_of
from warroom.sources.command.reading import MOST_ITEMS, MOST_LINES, Reading, read

NOW = datetime(2026, 3, 4, 14, 7, tzinfo=UTC)
SHA = "3f2c1ab" + "0" * 33
GIT = r"^(?P<key>[0-9a-f]{40})\t(?P<at>[^\t]*)\t(?P<by>[^\t]*)\t(?P<title>.*)$"
FIELDS = {"title": "name", "at": "created", "state": "state", "by": "meta.author", "key": "uid"}
STATES = {"failed": ["ERROR"], "passed": ["READY"], "running": ["BUILDING"]}


def settings(**more: object) -> CommandSettings:
    return CommandSettings.model_validate({"kind": "command", "argv": ["x"], **more})


def of_json(**more: object) -> CommandSettings:
    return settings(**{"shows": "json", "fields": FIELDS, **more})


def printed(text: str | bytes, *, status: int | None = 0, stderr: bytes = b"") -> Finished:
    return Finished(status, text.encode() if isinstance(text, str) else text, stderr, 0.01)


def refused(done: Finished, how: CommandSettings) -> str:
    with pytest.raises(ProbeError) as caught:
        read(done, how)
    assert caught.value.phase == "answer"
    return str(caught.value)


# --- what a configuration may say ----------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"argv": []}, "at least 1 item"),
        ({"argv": [""]}, "argv names no program"),
        ({"argv": ["a\0"]}, "holds a NUL"),
        ({"env": {"A-B": "x"}}, "pattern"),
        ({"ok": []}, "at least 1 item"),
        ({"shows": "json"}, "title or key must be told"),
        ({"shows": "json", "fields": {"at": "x"}}, "title or key must be told"),
        ({"fields": {"title": "x"}}, 'fields goes with shows = "json"'),
        ({"list": "x"}, 'list goes with shows = "json"'),
        ({"shows": "exit", "pattern": "(?P<title>x)"}, 'pattern goes with shows = "lines"'),
        ({"unit": "ms"}, 'unit goes with shows = "number"'),
        ({"down": "SEV1"}, 'down goes with shows = "exit"'),
        ({"pattern": "("}, "not a regular expression"),
        ({"pattern": "x"}, "title or key must be told"),
        ({"pattern": "(?P<title>x)(?P<sha>y)"}, "groups are title, at, .* not sha"),
        ({"lists": "deployments"}, "read by fields from json, or by a pattern"),
        ({"failed": ["ERROR"]}, "need a state of each item"),
        ({"pattern": "(?P<title>x)", "failed": ["ERROR"]}, "need a state of each item"),
        (
            {"shows": "json", "fields": FIELDS, "failed": ["error"], "passed": ["ERROR"]},
            "error cannot mean two things",
        ),
        (
            {"shows": "json", "fields": FIELDS, "failed_deployment": "SEV1"},
            "failed_deployment needs lists",
        ),
    ],
)
def test_what_a_configuration_cannot_say(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        settings(**more)


def test_only_figures_that_exist_are_declared() -> None:
    def declared(how: CommandSettings) -> dict[str, str]:
        return CommandSource.signals("x", how)

    assert declared(settings()) == {"x.count": "lines", "x.unanswered": "polls"}
    assert declared(settings(shows="exit")) == {
        "x.up": "",
        "x.exit_status": "",
        "x.unanswered": "polls",
    }
    assert declared(settings(shows="number", unit="B")) == {
        "x.value": "B",
        "x.unanswered": "polls",
    }
    deployments = of_json(lists="deployments", failed=["ERROR"])
    assert list(declared(deployments)) == ["x.failed", "x.age", "x.count", "x.unanswered"]
    assert declared(of_json())["x.count"] == "items"


def test_rules_of_its_own() -> None:
    def rules(how: CommandSettings, scale: Scale = SEV) -> list[tuple[str, str, str]]:
        found = CommandSource.rules("x", how, scale)
        return [(r.signal, r.levels[0][0], r.levels[0][1].words()) for r in found]

    assert rules(settings(shows="exit")) == [("x.up", "SEV1", "under 1")]
    assert rules(settings(shows="exit", down="none")) == []
    assert rules(settings()) == []
    deployments = {"lists": "deployments", "failed": ["ERROR"]}
    assert rules(of_json(**deployments)) == [("x.failed", "SEV3", "at least 1")]
    two = msgspec.structs.replace(SEV, steps=SEV.steps[:2])
    assert rules(of_json(**deployments), two) == [("x.failed", "SEV2", "at least 1")]
    assert rules(of_json(**deployments, failed_deployment="SEV1"))[0][1] == "SEV1"
    assert rules(of_json(**deployments, failed_deployment="none")) == []
    assert rules(of_json(lists="deployments")) == []
    with pytest.raises(ValueError, match="failed_deployment: SEV9 is no step of the scale"):
        rules(of_json(**deployments, failed_deployment="SEV9"))


# --- times -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        "2026-03-04T14:07:00Z",
        "2026-03-04T16:07:00+02:00",
        " 2026-03-04 14:07:00.000+00:00 ",
        1772633220,
        1772633220000,
        1772633220.0,
        "1772633220",
        "1772633220000",
    ],
)
def test_times_in_all_their_ways(told: object) -> None:
    assert time_of(told) == NOW


@pytest.mark.parametrize(
    "told",
    [
        *("2026-03-04T14:07:00", "5m ago", "", "now", None, True, [], 0, -5, 10**400),
        *(float("nan"), float("inf"), "0001-01-01T00:00:00+23:00", 1e30, "99999999999999"),
    ],
)
def test_what_is_no_time_is_not_known(told: object) -> None:
    """Without its zone it may be any of 24 hours."""
    assert time_of(told) is None


# --- outputs ---------------------------------------------------------------------------------


def test_lines_as_git_prints_them() -> None:
    text = f"{SHA}\t2026-03-04T15:00:00+01:00\tana\tFix cart\n"
    (item,) = read(printed(text), settings(pattern=GIT)).items
    assert item == Item(key=SHA, title="Fix cart", at=NOW - timedelta(minutes=7), by="ana")
    assert (item.short, item.called) == ("3f2c1ab", "3f2c1ab Fix cart")


def test_a_commit_without_a_word_is_one_too() -> None:
    (item,) = read(printed(f"{SHA}\t2026-03-04T14:07:00Z\tana\t\r\n"), settings(pattern=GIT)).items
    assert (item.key, item.called, item.at) == (SHA, "3f2c1ab", NOW)


def test_headings_are_no_items_and_no_match_at_all_is_another_output() -> None:
    pattern = r"^\s*(?P<at>\S+)\s+(?P<title>https?://\S+)\s+(?P<state>\S+)"
    text = "Deployments for shop\n\n  Age URL State\n  5m https://a.example Ready\n"
    found = read(printed(text), settings(pattern=pattern))
    assert [(i.title, i.state, i.at) for i in found.items] == [("https://a.example", "Ready", None)]
    assert found.notes == (
        "1 of 1 items have no time with a zone",
        "2 of 3 lines are not as pattern says",
    )
    said = refused(printed("Error: not signed in\n"), settings(pattern=pattern))
    assert said == "none of its 1 lines is as pattern says: the first is Error: not signed in"
    assert read(printed(""), settings(pattern=pattern)) == Reading()


def test_json_by_paths_one_object_or_one_a_line() -> None:
    one = {"uid": "d1", "name": "shop", "created": 1772633220000, "state": "READY"}
    one["meta"] = {"author": "ana"}
    wanted = Item(key="d1", title="shop", at=NOW, state="READY", outcome="passed", by="ana")
    lines = msgspec.json.encode(one) + b"\n" + msgspec.json.encode({**one, "uid": "d0"}) + b"\n"
    for output, path, count in (
        (msgspec.json.encode([one]), "", 1),
        (msgspec.json.encode(one), "", 1),
        (msgspec.json.encode({"a": [{"b": [one]}]}), "a.0.b", 1),
        (lines, "", 2),
    ):
        found = read(printed(output), of_json(list=path, **STATES))
        assert found.count == count
        assert found.items[0] == wanted
    assert read(printed("[]"), of_json()).items == ()


@pytest.mark.parametrize(
    ("output", "path", "words"),
    [
        ("", "", "printed nothing, and JSON is needed"),
        ("{", "", "did not print JSON: "),
        ("{}\n{", "", "did not print JSON: "),
        ("3", "", "its JSON is no list"),
        ("{}", "items", "items is missing in its JSON"),
        ('{"items": 3}', "items", "items is no list in its JSON"),
        ("[1, 2, {}]", "", "none of its 3 items has a title or a key"),
        ("[" * 100_000, "", "did not print JSON|nested too deeply"),
        ("[" + "1," * 300_001 + "1]", "", "more than 300,000 values"),
    ],
)
def test_json_that_is_another(output: str, path: str, words: str) -> None:
    with pytest.raises(ProbeError, match=words):
        read(printed(output), of_json(list=path))


def test_of_several_with_one_key_the_newest_is_meant() -> None:
    listed = [
        {"uid": "a", "state": "ERROR", "created": 1772633220},
        {"uid": "a", "state": "READY", "created": 1772633280},
    ]
    for items in (listed, listed[::-1]):
        (found,) = read(printed(msgspec.json.encode(items)), of_json(**STATES)).items
        assert found.state == "READY"


def test_one_without_a_time_does_not_make_the_oldest_the_newest() -> None:
    """A log ends with the newest; where all have their times it is sorted by them."""
    days = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "soon", "2026-03-03T00:00:00Z"]
    listed = [{"uid": f"d{n}", "created": at, "state": "READY"} for n, at in enumerate(days)]
    listed[0]["state"] = "ERROR"
    for items, keys in (
        (listed, ["d3", "d2", "d1", "d0"]),
        (listed[::-1], ["d3", "d2", "d1", "d0"]),
        ([{**each, "created": None} for each in listed], ["d0", "d1", "d2", "d3"]),
    ):
        found = read(printed(msgspec.json.encode(items)), of_json(**STATES)).items
        assert [item.key for item in found] == keys
    assert newest_failed(read(printed(msgspec.json.encode(listed)), of_json(**STATES)).items) == 0


def test_what_an_item_lacks_is_said() -> None:
    items = [{"uid": "a"}, {"uid": "a"}, {"state": "READY"}, {"uid": "b", "created": 1772633220}]
    found = read(printed(msgspec.json.encode(items)), of_json())
    assert [item.key for item in found.items] == ["a", "b"]
    assert found.notes == (
        "2 of 4 items have no title, or another one's key",
        "1 of 2 items have no time with a zone",
    )


@pytest.mark.parametrize("text", ["42", " 42.0\n", "4.2e1", "+42"])
def test_a_number(text: str) -> None:
    assert read(printed(text), settings(shows="number")).number == 42


@pytest.mark.parametrize("text", ["", "42 jobs", "nan", "inf", "1e999", "1_000", "0x10", "1\n2"])
def test_what_is_no_number(text: str) -> None:
    assert "not a number" in refused(printed(text), settings(shows="number"))


def test_plain_lines_are_kept_up_to_a_bound_the_last_ones() -> None:
    found = read(printed("".join(f"{n}\n" for n in range(1000))), settings())
    assert (found.count, found.hidden) == (1000, 1000 - MOST_LINES)
    assert found.output.split("\n")[-1] == "999"
    long = read(printed("a\n" + "x" * 80_000), settings())
    assert (long.output, long.hidden) == ("x" * 80_000, 1)


def test_a_check_shows_both_its_outputs() -> None:
    done = printed("checked 3\n\n", status=1, stderr=b"disk full\n")
    assert read(done, settings(shows="exit")).output == "checked 3\ndisk full"


def test_a_flood_is_cut_in_lines_and_told_nothing_otherwise() -> None:
    flood = printed("one\ntwo\nhalf a secr", status=None)
    found = read(flood, settings())
    assert (found.output, found.count) == ("one\ntwo", None)
    assert found.notes == (
        "it printed more than 1.0 MiB, and was ended; what came before is shown",
    )
    listing = settings(pattern="(?P<title>.+)", lists="deployments")
    for how in (of_json(), settings(shows="number"), settings(shows="exit"), listing):
        assert refused(flood, how) == "it printed more than 1.0 MiB, and was ended"


def test_more_lines_than_can_be_read_in_time_are_refused() -> None:
    for text, how in (
        ("\n" * 300_001, settings()),
        ("a\n" * 300_001, settings(pattern="(?P<title>b)")),
        ("\n" * 300_001, settings(shows="exit")),
        ("1\n" * 300_001, of_json()),
    ):
        assert refused(printed(text), how) == "it printed more than 300,000 lines"
    assert read(printed("\n" * 300_000), settings()).count == 0


def test_more_items_than_are_handed_on_are_counted() -> None:
    items = msgspec.json.encode([{"uid": str(n)} for n in range(MOST_ITEMS + 7)])
    found = read(printed(items), of_json())
    assert (len(found.items), found.count, found.hidden) == (MOST_ITEMS, MOST_ITEMS + 7, 7)


HOW = (
    settings(),
    settings(pattern=GIT),
    settings(shows="number"),
    settings(shows="exit"),
    of_json(**STATES),
    of_json(list="a.0"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*FIELDS.values(), "a", "meta", "author"]), inner)
    ),
    max_leaves=12,
)


@given(st.binary(max_size=200), st.sampled_from(HOW))
def test_any_output_is_read_or_refused(output: bytes, how: CommandSettings) -> None:
    _read_or_refused(output, how)


@given(JSON, st.sampled_from(HOW))
def test_any_json_is_read_or_refused(value: object, how: CommandSettings) -> None:
    _read_or_refused(msgspec.json.encode(value), how)


def _read_or_refused(output: bytes, how: CommandSettings) -> None:
    try:
        found = read(printed(output), how)
    except ProbeError:
        return
    for item in found.items:
        assert item.key
        assert item.at is None or item.at.tzinfo is not None
        assert not any(ord(char) < 32 for char in item.title + item.by + item.state)
    assert len({item.key for item in found.items}) == len(found.items)
    msgspec.json.encode(found.items)


# --- deployments -----------------------------------------------------------------------------


def item(name: str, minutes: float | None = None, outcome: str = "passed") -> Item:
    """A deployment that many minutes ago."""
    at = None if minutes is None else NOW - timedelta(minutes=minutes)
    return Item(key=name, title=f"Fix {name}", at=at, state=outcome, outcome=outcome)


def told(seen: Deployments, *items: Item) -> list[str]:
    """What is told that was not told before this look."""
    before = len(seen._changes)
    changes = seen.look(items, NOW)
    assert all(change.kind == "deployment" for change in changes)
    assert all(change.at <= NOW for change in changes)
    return [change.what for change in changes[before:]]


def test_the_first_look_tells_of_the_last_half_hour_only() -> None:
    assert told(Deployments(), item("b", 29), item("a", 31)) == ["deploy b Fix b"]
    assert told(Deployments(), item("b"), item("a")) == []


def test_a_new_one_is_told_once_with_its_own_time() -> None:
    seen = Deployments()
    assert told(seen, item("a", 90)) == []
    new = item("b", 2)
    assert told(seen, new, item("a", 90)) == ["deploy b Fix b"]
    assert seen.look((new, item("a", 90)), NOW)[0].at == new.at
    assert told(seen, item("a", 90), new) == []  # another order
    assert told(seen, item("a", 90)) == []  # one that is gone
    assert told(seen, new, item("a", 90)) == []  # and here again
    ahead = Item(key="c", title="c", at=NOW + timedelta(minutes=5))
    assert told(seen, ahead, new) == ["deploy c"]


def test_an_older_one_that_comes_in_at_the_end_is_no_news() -> None:
    seen = Deployments()
    told(seen, item("c", 60), item("b", 90))
    assert told(seen, item("b", 90), item("a", 95)) == []
    seen = Deployments()
    told(seen, item("c"), item("b"))
    assert told(seen, item("b"), item("a")) == []


def test_one_that_comes_in_between_is_news() -> None:
    seen = Deployments()
    told(seen, item("c", 60), item("a", 90))
    assert told(seen, item("c", 60), item("b", 75), item("a", 90)) == ["deploy b Fix b"]


def test_a_commit_that_is_older_than_its_deployment_is_news() -> None:
    seen = Deployments()
    told(seen, item("b", 60), item("a", 9000))
    assert told(seen, item("late", 4000), item("b", 60), item("a", 9000)) == [
        "deploy late Fix late"
    ]


def test_a_wholly_other_list() -> None:
    seen = Deployments()
    assert told(seen) == []
    assert told(seen, item("b"), item("a")) == ["deploy a Fix a", "deploy b Fix b"]
    assert told(seen, item("d"), item("c")) == ["deploy d Fix d"]
    seen = Deployments()
    told(seen, item("b", 60))
    assert told(seen, item("z", 5), item("y", 70)) == ["deploy z Fix z"]


def test_one_that_fails_is_told_when_it_does() -> None:
    seen = Deployments()
    told(seen, item("a", 90))
    assert told(seen, item("b", 1, "running"), item("a", 90)) == ["deploy b Fix b"]
    assert told(seen, item("b", 1, "failed"), item("a", 90)) == ["deploy b Fix b failed"]
    assert told(seen, item("b", 1, "failed"), item("a", 90)) == []
    assert told(seen, item("c", 0, "failed"), item("b", 1)) == ["deploy c Fix c: failed"]


def test_a_list_that_was_not_there_yet_is_not_all_news() -> None:
    seen = Deployments()
    assert told(seen) == []
    assert told(seen, item("c", 5), item("b", 60), item("a", 90)) == ["deploy c Fix c"]


def test_what_is_planned_is_told_when_its_time_has_come() -> None:
    seen, planned = Deployments(), item("b", -60)
    assert told(seen, planned, item("a", 90)) == []
    assert told(seen, item("c", -90), planned, item("a", 90)) == []
    (change,) = seen.look([planned, item("a", 90)], NOW + timedelta(minutes=60))
    assert (change.what, change.at) == ("deploy b Fix b", planned.at)
    assert age([planned, item("a", 90)], NOW) == 90 * 60
    assert age([planned], NOW) is None


def test_figures_of_the_newest() -> None:
    assert newest_failed([item("c", 1, "running"), item("b", 2, "failed"), item("a", 3)]) == 1
    assert newest_failed([item("b", 2), item("a", 3, "failed")]) == 0
    assert newest_failed([item("c", 1, "running"), item("b", 2, "")]) is None
    assert newest_failed([]) is None
    assert age([item("b", 2), item("a", 3)], NOW) == 120
    assert age([item("b", -5)], NOW) == 0
    assert age([item("b")], NOW) is None


LISTS = st.lists(
    st.lists(st.tuples(st.integers(0, 8), st.booleans()), unique_by=lambda pair: pair[0]),
    max_size=12,
)


@given(LISTS, st.booleans())
def test_nothing_is_told_twice_whatever_is_listed(
    lists: list[list[tuple[int, bool]]], timed: bool
) -> None:
    seen = Deployments()
    begun: list[str] = []
    before: tuple[Change, ...] = ()
    for listed in lists:
        found = [
            item(f"n{n}", 100.0 - n if timed else None, "failed" if failed else "passed")
            for n, failed in (sorted(listed, reverse=True) if timed else listed)
        ]
        changes = seen.look(found, NOW)
        assert len(changes) <= MOST
        if len(changes) < MOST:
            begun += [c.what for c in changes[len(before) :] if not c.what.endswith(" failed")]
        before = changes
    names = [what.removesuffix(": failed") for what in begun]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("key", "title", "short", "called"),
    [
        (SHA, "Fix cart", "3f2c1ab", "3f2c1ab Fix cart"),
        ("a" * 64, "x", "aaaaaaa", "aaaaaaa x"),
        ("v1.43.0", "v1.43.0", "", "v1.43.0"),
        (SHA, SHA, "3f2c1ab", "3f2c1ab"),
        ("dpl_9", "shop", "dpl_9", "dpl_9 shop"),
        ("Fix cart", "Fix cart", "", "Fix cart"),
    ],
)
def test_how_a_deployment_is_called(key: str, title: str, short: str, called: str) -> None:
    named = Item(key=key, title=title)
    assert (named.short, named.called) == (short, called)
