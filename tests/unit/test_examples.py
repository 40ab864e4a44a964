"""The five example rooms: each loads, names all that a team needs, and is nobody's in earnest."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.incidents import NOON, Telling
from warroom.comms.context import Case
from warroom.comms.draft import brief, draft
from warroom.comms.render import Templates
from warroom.config.document import read
from warroom.config.load import Config, load
from warroom.config.review import warnings
from warroom.config.secrets import references
from warroom.incident.entries import Cause, FollowUp, Impact, Note, Resolved
from warroom.incident.outward import PURPOSES
from warroom.playbooks.library import built_in
from warroom.sources.registry import discover

EXAMPLES = Path(__file__).parents[2] / "examples"
LETTERS = tuple("abcde")
SCENARIOS = {
    *("outage", "database-trouble", "pool-exhausted", "queue-backlog", "high-error-rate"),
    *("security", "performance", "cache-failure", "payments", "mail", "high-memory"),
    *("certificate", "rate-limited", "deployment-failure"),
}
PARTS = {
    "scale": "severity.steps",
    "matrix": "assessment.matrix",
    "escalation": "escalation",
    "routing": "receivers",
    "contacts": "contacts",
    "phases": "incident.phases",
    "statuses": "incident.statuses",
    "cadence": "incident.updates",
    "links": "incident.links",
    "what is due afterwards": "incident.due",
    "signals": "sources",
    "levels": "rules",
    "actions": "actions",
    "checks": "checks",
    "playbooks": "playbooks",
    "the library's words": "library",
    "checklists": "checklists",
    "what must be so before it is resolved": "resolve",
}
"""What a complete configuration has, and where it stands."""
HOST = re.compile(r"(?:://|@)([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})")
VENDORS = re.compile(
    r"(?:anthropic|claude|cloudflare|datadoghq|github|neon|neonstatus|newrelic|openai|pagerduty"
    r"|railway|sentry|stripe|supabase|upstash|vercel|vercel-status|pingdom|cloudflarestatus|windows|googleapis)"
    r"\.(?:com|io|net|tech|org)$"
)


@pytest.fixture(params=LETTERS, scope="module")
def letter(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def table(letter: str) -> dict[str, Any]:
    return tomllib.loads((EXAMPLES / letter / "warroom.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def config(letter: str) -> Config:
    return load(EXAMPLES / letter / "warroom.toml", discover())


def test_there_are_five() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == set(LETTERS)


def test_every_part_is_there(table: dict[str, Any]) -> None:
    missing = []
    for part, place in PARTS.items():
        found: Any = table
        for key in place.split("."):
            found = found.get(key, {})
        if not found:
            missing.append(f"{part} ({place})")
    assert not missing


def test_every_level_says_what_it_means_with_examples(config: Config) -> None:
    for step in config.scale.steps:
        assert step.meaning, step.name
        assert step.examples, step.name
        assert step.response or step.cover, step.name


def test_who_is_told_is_known_and_vendors_are_among_them(config: Config) -> None:
    known = config.procedures
    assert known.roles
    assert any(one.vendor for one in known.contacts)
    for rung in known.escalation:
        assert all(known.reach(who) for who in rung.tell), rung
    for playbook in config.playbooks:
        for step in playbook.steps:
            assert all(known.reach(who) for who in step.tell) or step.needs, (playbook.name, step)


def test_every_figure_a_team_has_a_level_for_is_watched(config: Config) -> None:
    kinds = {source.kind for source in config.sources.values()}
    assert {"http", "postgres", "statuspage", "command"} <= kinds
    assert config.rules


def test_all_fourteen_scenarios_have_a_playbook(config: Config) -> None:
    assert {one.name for one in config.playbooks} >= SCENARIOS
    assert set(built_in()) == SCENARIOS
    for playbook in config.playbooks:
        assert playbook.of("look"), playbook.name
        assert playbook.of("mitigate"), playbook.name


NEEDS = {
    "a": {"mail", "payments"},
    "b": {"cache-failure", "high-error-rate", "mail", "payments", "queue-backlog"},
    "c": {"queue-backlog"},
    "d": {"cache-failure", "mail", "queue-backlog"},
    "e": {"cache-failure", "mail", "queue-backlog"},
}
"""By example: the playbooks of which a step cannot do what it says, since the team has no such
system: no cache, no mail of its own, no payments, no queue."""


def test_every_step_can_do_what_it_says_where_the_team_has_such_a_system(
    letter: str, config: Config
) -> None:
    lacking = {one.name: step.needs for one in config.playbooks for step in one.steps if step.needs}
    assert set(lacking) == NEEDS[letter], lacking


def test_it_says_when_it_is_looked_through_again(letter: str, config: Config) -> None:
    review = config.review
    assert review is not None
    assert review.owner
    assert review.version
    assert review.last is not None
    assert review.due is not None
    document = read(EXAMPLES / letter / "warroom.toml")
    assert not warnings(review, document, review.last)
    assert not warnings(review, document, review.due)
    assert warnings(review, document, review.due + timedelta(days=1))


def test_actions_that_need_care_have_it(config: Config) -> None:
    for name, action in config.actions.items():
        assert action.title, name
        if action.turns_on:
            assert action.paired, name


def test_its_head_names_every_variable_it_needs(letter: str, config: Config) -> None:
    text = (EXAMPLES / letter / "warroom.toml").read_text("utf-8")
    head = text.partition("version = 1")[0]
    assert head.startswith("# "), "a head that says whose room it is"
    held = (config.sources, config.receivers, config.actions, config.checks)
    wanted = {ref.env for each in held for _, ref in references(each) if ref.env}
    missing = {name for name in wanted if not re.search(rf"\b{name}\b", head)}
    assert not missing


def test_names_and_numbers_are_invented(letter: str) -> None:
    text = (EXAMPLES / letter / "warroom.toml").read_text("utf-8")
    hosts = {host for host in HOST.findall(text) if not host.endswith(".example")}
    assert {host for host in hosts if not VENDORS.search(host)} == set()
    numbers = re.findall(r'(?:phone|pager) = "([^"]*)"', text)
    assert all(re.fullmatch(r"(\+1 )?555[- ]01\d\d", one) for one in numbers), numbers


def told(config: Config, level: str) -> Telling:
    """An incident of the team's, with everything said that a message may hold."""
    procedures = config.procedures
    first = procedures.statuses[0].name
    made = Telling(level, procedures, status=first, channel="#incident-1")
    made.scale = config.scale
    made.write(Note(text="the queue is long"))
    impact = dict(services=("agents",), users=40, share=20.0, data_loss=False, text="it is slow")
    made.write(Impact(**impact), Cause(text="too many at once", trigger="a newsletter"))
    made.write(FollowUp(item=1, text="scale by itself", owner="ana", due=NOON.date()))
    made.pass_(20)
    return made


def test_every_message_renders_at_every_level(letter: str, config: Config) -> None:
    folder = EXAMPLES / letter / "templates"
    templates = Templates(folder if folder.is_dir() else None)
    if folder.is_dir():
        assert config.messages.templates == str(folder)
    for level in config.scale.names:
        incident = told(config, level)
        over = told(config, level)
        how = config.procedures.resolutions[0]
        over.write(Resolved(how=how, text="it was scaled", status=config.procedures.final))
        for each in (incident, over):
            case = Case(
                incident=each.incident,
                entries=tuple(each.entries),
                procedures=config.procedures,
                scale=config.scale,
                now=each.now,
                room=config.room.name,
                environment="production",
                me="ana",
            )
            for purpose in PURPOSES:
                made = draft(case, purpose, templates)
                assert made.text.strip(), (level, purpose)
                assert not made.problem, made.problem
            assert brief(case, templates).text


def test_a_team_s_templates_are_taken(letter: str) -> None:
    folder = EXAMPLES / letter / "templates"
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        purpose = path.name.removesuffix(".j2").partition(".")[0]
        assert purpose in (*PURPOSES, "brief"), path.name
