"""Playbooks as lines, and the commands without an engine."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from tests.rooms import Room
from warroom.cli import group
from warroom.cli.playbook_lines import list_lines, playbook_lines, proposal_line
from warroom.cli.status import _text
from warroom.errors import EXIT_USAGE, ConfigError, UsageError
from warroom.incident.procedures import Contact, Procedures
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold
from warroom.playbooks.asked import symptom_words
from warroom.playbooks.playbook import Link, Need, Playbook, Step, Symptom
from warroom.playbooks.standing import Holds, Proposal, Shelf, SymptomSeen
from warroom.text import safe
from warroom.wire import EngineStatus, Status

EVIL = "a\x1b[31m[red]\u202e\x9b2J\nb"
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DEEP = Symptom(need="all", sources=("jobs",), figure="*.depth", threshold=Threshold(">", 10_000))
BACKLOG = Playbook(
    name="backlog",
    title="Queue backed up",
    about="Jobs wait.",
    symptoms=(DEEP,),
    steps=(
        Step(part="look", text="Which?", panel="queues:jobs"),
        Step(part="look", text="Stats", check="stats"),
        Step(part="look", text="Ask it", probe="jobs"),
        Step(part="mitigate", text="Scale", action="scale", values={"workers": "5"}),
        Step(part="mitigate", text="Clear", needs="[actions.clear]"),
        Step(part="escalate", text="Tell lead", tell=("lead", "CTO"), after=1800, when="no help"),
        Step(part="checklist", text="It is empty", watch=600.0),
        Step(part="prevent", text="Alert at 1,000"),
    ),
    vendors=("Redis Ltd",),
    links=(Link("wiki", "https://wiki.example/queues"),),
    origin="built in",
    needs=("[actions.clear]",),
)
OTHER = Playbook(name="other", title="Other", origin="warroom.toml")
FITS = Proposal(
    playbook="other", title="Other", evidence=("depth 12,400", EVIL), score=3, share=1.0, since=NOON
)
TEAM = Procedures(
    contacts=(
        Contact(name="Ana", role="lead", phone="555-0141", chat="@ana"),
        Contact(name="Redis Ltd", page="https://status.example", vendor=True),
    )
)


def test_those_that_fit_come_first_with_their_evidence() -> None:
    shelf = Shelf(playbooks=(BACKLOG, OTHER), proposals=(FITS,))
    lines = list(list_lines(shelf, ()))
    assert lines == [
        "other                    FITS     Other",
        "    depth 12,400",
        f"    {safe(EVIL)}",
        "backlog                           Queue backed up  needs 1 thing",
    ]
    followed = list(list_lines(shelf, ("other",)))
    assert followed[0] == "other                    FOLLOWED Other"


def test_a_whole_one_says_what_each_step_does_and_whom_it_reaches() -> None:
    seen = {"backlog": (SymptomSeen(holds="holds", words="emails depth 12,400"),)}
    shelf = Shelf(playbooks=(BACKLOG,), seen=seen)
    assert list(playbook_lines(BACKLOG, shelf, TEAM)) == [
        "backlog: Queue backed up",
        "    built in",
        "    Jobs wait.",
        "symptoms",
        "    must      jobs.*.depth: over 10000 for 2 polls",
        "              HOLDS: emails depth 12,400",
        "look",
        "  1 Which?",
        "      panel queues:jobs",
        "  2 Stats",
        "      warroom playbook check stats",
        "  3 Ask it",
        "      asks jobs now",
        "do, in this order, until it helps",
        "  1 Scale",
        "      warroom run scale --set workers=5",
        "  2 Clear",
        "      needs [actions.clear]",
        "tell",
        "  1 Tell lead",
        "      30 min after it began",
        "      when no help",
        "      lead: Ana: phone 555-0141, chat @ana",
        "      CTO: no contact is configured",
        "at the end",
        "  1 It is empty",
        "      watched for 10 min",
        "so that it does not come back",
        "  1 Alert at 1,000",
        "vendors' support",
        "    Redis Ltd: page https://status.example",
        "read",
        "    wiki  https://wiki.example/queues",
        "still needed",
        "    [actions.clear]",
    ]


@pytest.mark.parametrize(
    ("symptom", "words"),
    [
        (
            Symptom(sources=("a", "b*"), figure="x.y", level="SEV2", hold=Hold(seconds=90.0)),
            "a.x.y or b*.x.y: at SEV2 or worse for 90 s",
        ),
        (Symptom(kinds=("tls", "dns"), level="any", weight=3),
         "* (tls, dns): at any level for 2 polls  (counts 3)"),
        (Symptom(sources=("redis",), state="can't see", reason="refused"),
         "redis: can't see for 2 polls, because of /refused/"),
        (Symptom(every=True, sources=("web*",), state="failing"),
         "all of web*: failing for 2 polls"),
        (Symptom(change="deployment", within=1800.0), "*: deployment within 30 min before"),
        (Symptom(sources=("a", "b", "c"), state="down", hold=Hold()),
         "a or b or c: down for 1 poll"),
        (Symptom(sources=("a", "b", "c", "d"), figure="x", level="any"),
         "a.x or b.x or 2 more: at any level for 2 polls"),
    ],
)  # fmt: skip
def test_a_symptom_in_words(symptom: Symptom, words: str) -> None:
    assert symptom_words(symptom) == words


def test_every_word_of_a_symptom_has_one_here() -> None:
    for need in get_args(Need):
        for holds in get_args(Holds):
            book = replace(BACKLOG, symptoms=(replace(DEEP, need=need),))
            seen = {"backlog": (SymptomSeen(holds=holds, words="so"),)}
            assert list(playbook_lines(book, Shelf(playbooks=(book,), seen=seen), TEAM))


def test_whom_to_tell_without_waiting_is_told_at_once() -> None:
    step = Step(part="escalate", text="Page", tell=("lead",), after=0.0)
    lines = list(playbook_lines(replace(BACKLOG, steps=(step,)), Shelf(), TEAM))
    at = lines.index("  1 Page")
    assert lines[at + 1] == "      at once"


def test_nothing_of_outside_is_obeyed_by_a_terminal() -> None:
    step = Step(part="look", text=EVIL, panel=EVIL, values={EVIL: EVIL}, tell=(EVIL,), needs=EVIL)
    evil = Playbook(
        name=EVIL, title=EVIL, about=EVIL, symptoms=(Symptom(sources=(EVIL,), reason=EVIL),),
        steps=(step, Step(part="mitigate", text=EVIL, action=EVIL, values={EVIL: EVIL})),
        vendors=(EVIL,), links=(Link(EVIL, EVIL),), origin=EVIL, needs=(EVIL,),
    )  # fmt: skip
    shelf = Shelf(playbooks=(evil,), seen={EVIL: (SymptomSeen(holds="no", words=EVIL),)})
    lines = [*playbook_lines(evil, shelf, TEAM), *list_lines(shelf, ())]
    lines.append(proposal_line(FITS))
    assert not any(char in "\x1b\x9b\u202e\n" for line in lines for char in line)


def test_the_status_tells_what_fits() -> None:
    engine = EngineStatus(pid=1, uptime_s=1.0, version="0")
    status = Status(engine=engine, consoles=(), sources=(), proposals=(FITS,))
    assert "fits     other  Other: depth 12,400; a" in _text(status)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # In a short folder: a Unix socket's path must be.
    with Room({}) as room:
        for variable in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "WARROOM_CONFIG"):
            monkeypatch.setenv(variable, room.env[variable])
        room.config.write_text(
            'version = 1\n[room]\nname = "x"\n[playbooks.ours]\ntitle = "Ours"\n'
        )
        yield room.config


@pytest.mark.parametrize("need", get_args(Need))
def test_every_sort_of_symptom_is_told(need: Need) -> None:
    book = replace(BACKLOG, symptoms=(replace(DEEP, need=need, every=True),))
    lines = list(playbook_lines(book, Shelf(), TEAM))
    assert any("all of jobs.*.depth: over 10000 for 2 polls" in line for line in lines)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group.command, list(arguments))


@pytest.mark.usefixtures("room")
def test_without_an_engine_they_are_read_from_the_configuration_which_is_said() -> None:
    done = run("playbooks")
    assert "ours                              Ours" in done.stdout
    assert "no engine runs" in done.stderr
    told = json.loads(run("playbooks", "--json").stdout)
    assert (told["live"], told["proposals"]) == (False, [])
    assert told["playbooks"][0]["name"] == "ours"
    shown = run("playbook", "show", "ours")
    assert shown.stdout.startswith("ours: Ours\n    warroom.toml\n")
    assert (
        json.loads(run("playbook", "show", "ours", "--json").stdout)["playbook"]["name"] == "ours"
    )
    assert run("playbook", "show", "ours", "--toml").stdout == (
        '[playbooks.ours]\ntitle = "Ours"\n'
    )


@pytest.mark.usefixtures("room")
def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    error = run("playbook", "show", "our").exception
    assert isinstance(error, UsageError)
    assert error.exit_code == EXIT_USAGE
    assert error.explain().startswith("there is no playbook our\ndid you mean ours?")
    assert isinstance(run("playbook", "show", "ours", "--toml", "--json").exception, UsageError)


def test_a_file_that_does_not_load_is_told(room: Path) -> None:
    room.write_text('version = 1\n[room]\nname = "x"\n[playbooks.ours]\ntitl = "Ours"\n')
    error = run("playbooks").exception
    assert isinstance(error, ConfigError)
    assert "did you mean title?" in str(error)


@pytest.mark.usefixtures("room")
def test_without_an_engine_a_check_says_what_it_does_as_with_one(room: Path) -> None:
    room.write_text(room.read_text() + '[checks.names]\nkind = "command"\nargv = ["dig", "x"]\n')
    (check,) = json.loads(run("playbooks", "--json").stdout)["checks"]
    assert check["what"] == "dig x"
