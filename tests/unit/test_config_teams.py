"""Five teams' procedures, each in an example: what comes out is what they wrote down."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.incidents import Telling
from warroom.config.load import Config, load
from warroom.incident.assessment import Assessment, proposed
from warroom.incident.procedures import Procedures
from warroom.incident.routing import routed
from warroom.severity import HOUR, MINUTE
from warroom.sources.registry import discover

EXAMPLES = Path(__file__).parents[2] / "examples"


def team(name: str) -> Config:
    return load(EXAMPLES / name / "warroom.toml", discover())


def phases(procedures: Procedures) -> list[tuple[str, float | None, float | None]]:
    return [(phase.name, phase.begins, phase.ends) for phase in procedures.phases]


def ladder(procedures: Procedures) -> list[tuple[str, float | None, str, tuple[str, ...]]]:
    return [(one.tell[-1], one.after, one.when, one.levels) for one in procedures.escalation]


@pytest.mark.parametrize(
    ("name", "names", "responses"),
    [
        ("a", ("SEV1", "SEV2", "SEV3", "SEV4"), (15, 30, 60, 240)),
        ("b", ("P0", "P1", "P2", "P3"), (None, None, None, None)),
        ("c", ("P0", "P1", "P2", "P3"), (15, 60, 240, 1440)),
        ("d", ("SEV-1", "SEV-2", "SEV-3", "SEV-4"), (5, 15, 60, None)),
        ("e", ("SEV1", "SEV2", "SEV3", "SEV4"), (1, 30, 120, None)),
    ],
)
def test_scale_and_response_times(name, names, responses):
    scale = team(name).scale
    assert scale.names == names
    seconds = tuple(None if wanted is None else wanted * MINUTE for wanted in responses)
    assert tuple(step.response for step in scale.steps) == seconds


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("a", ["Investigating", "Identified", "Monitoring", "Resolved"]),
        ("b", ["Investigating", "Mitigating", "Resolved"]),
        ("c", ["Investigating", "Mitigating", "Resolved"]),
        ("d", ["Investigating", "Mitigating", "Monitoring", "Resolved"]),
        ("e", ["Investigating", "Mitigating", "Monitoring", "Resolved"]),
    ],
)
def test_statuses(name, statuses):
    procedures = team(name).procedures
    assert [status.name for status in procedures.statuses] == statuses
    assert procedures.final == "Resolved"


@pytest.mark.parametrize(
    ("name", "cadence"),
    [("a", {"SEV1": 15, "SEV2": 15}), ("d", {"SEV-1": 30, "SEV-2": 30}), ("e", {"SEV1": 20})],
)
def test_cadence(name, cadence):
    given = team(name).procedures.cadence
    assert {level: given[level] / MINUTE for level in cadence} == cadence


@pytest.mark.parametrize("name", "abcde")
def test_everybody_a_rung_tells_can_be_looked_up(name):
    procedures = team(name).procedures
    for rung in procedures.escalation:
        assert all(procedures.reach(who) for who in rung.tell)


@pytest.mark.parametrize(
    ("assessment", "hours", "level"),
    [
        (Assessment(impact="outage", scope="all"), 0, "SEV1"),
        (Assessment(impact="core feature down", share=60), 2, "SEV1"),
        (Assessment(impact="core feature down", share=60), 1, ""),
        (Assessment(impact="slowness", money=20_000), 0, "SEV1"),
        (Assessment(impact="non-critical", share=5, security=True), 0, "SEV1"),
        (Assessment(impact="non-critical", share=5, data=True), 0, "SEV2"),
        (Assessment(impact="core degraded", share=30), 3, "SEV2"),
        (Assessment(impact="minor feature down", share=20), 0, "SEV2"),
        (Assessment(impact="slowness", share=90), 5, "SEV2"),
        (Assessment(impact="non-critical", share=5), 9, "SEV3"),
    ],
)
def test_the_matrix_of_a(assessment, hours, level):
    assert proposed(team("a").procedures.matrix, assessment, hours * HOUR)[0] == level


def test_how_a_goes():
    procedures = team("a").procedures
    assert phases(procedures) == [
        ("triage", 0.0, 5 * MINUTE),
        ("mitigate", 5 * MINUTE, 30 * MINUTE),
        ("root cause", 30 * MINUTE, 2 * HOUR),
        ("resolve and recover", None, None),
        ("post-mortem", None, 48 * HOUR),
    ]
    assert procedures.commander == "incident commander"
    assert procedures.fixers == ("technical lead",)
    assert ladder(procedures)[:2] == [("CTO", 0.0, "", ("SEV1",)), ("on-call", 0.0, "", ("SEV2",))]
    assert procedures.reach("ON-CALL")[0].ways == (("pager", "555-0101"), ("phone", "555-0100"))
    assert {link.name for link in procedures.links} >= {"bridge", "status page", "post-mortem"}


def test_how_b_goes():
    procedures = team("b").procedures
    assert ladder(procedures) == [
        ("engineering lead", 30 * MINUTE, "", ("P0",)),
        ("engineering lead", 2 * HOUR, "", ("P1",)),
        ("engineering lead", None, "security at risk", ()),
        ("CTO", None, "data at risk", ()),
        ("CTO", HOUR, "", ("P0",)),
        ("CTO", None, "breach", ()),
        ("CEO", None, "data exposed", ()),
        ("CEO", None, "data lost", ()),
        ("CEO", None, "legal", ()),
        ("CEO", 4 * HOUR, "", ("P0",)),
    ]
    assert procedures.gate.checks == ("smoke-tests", "schema")
    assert procedures.gate.well_for == 10 * MINUTE
    assert [one.name for one in procedures.checklists if one.alone] == ["access"]


def test_how_c_goes():
    procedures = team("c").procedures
    assert (procedures.id, procedures.channel) == (
        "INC-{day}-{counter}",
        "#incident-{day}-{slug}",
    )
    assert phases(procedures)[-1] == ("after", 2 * HOUR, 24 * HOUR)
    alone = {one.name: one.items for one in procedures.checklists if one.alone}
    assert [item.watch for item in alone["after a deployment"] if item.watch] == [30 * MINUTE]
    assert [one.name for one in procedures.reach("on-call")] == ["Primary", "Secondary"]
    vendors = [one for one in procedures.contacts if one.vendor]
    assert [one.name for one in vendors if one.ways] == ["Card payments", "Hosting"]
    assert [one.name for one in vendors if not one.ways] == [
        *("Database provider", "Mail provider", "CDN provider"),
    ]
    assert ladder(procedures)[:4] == [
        ("on-call", 0.0, "", ("P0", "P1")),
        ("engineering lead", 15 * MINUTE, "", ("P0", "P1")),
        ("CTO", 45 * MINUTE, "", ("P0", "P1")),
        ("CEO", 105 * MINUTE, "", ("P0",)),
    ]
    assert {"rollback", "hotfix", "redeploy", "restore"} <= {*procedures.resolutions}


def test_how_d_goes():
    procedures = team("d").procedures
    assert procedures.channel == "#incident-{date}-{counter}"
    assert procedures.commander == "commander"
    timed = [rung for rung in ladder(procedures) if rung[1] is not None]
    assert [rung[0] for rung in timed] == ["on-call", "technical lead", "CTO", "CEO"]
    assert phases(procedures)[0] == ("first 15 minutes", 0.0, 15 * MINUTE)
    assert {one.phases for one in procedures.checklists if not one.alone} == {
        ("first 15 minutes",),
        ("work",),
        ("wrap-up",),
        ("review",),
    }
    assert [step.told for step in team("d").scale.steps[:3:2]] == [
        ("pager", "#incidents"),
        ("#incidents", "mail"),
    ]


def test_how_e_goes():
    procedures = team("e").procedures
    assert [name for name, _, _ in phases(procedures)] == [
        *("detect", "assess", "communicate", "mitigate", "investigate", "resolve"),
        *("communicate the end", "document"),
    ]
    assert procedures.sorts == ("cause fix", "prevention", "monitoring", "documentation")
    assert len(procedures.checklists[0].items) == 6
    assert {link.name for link in procedures.links} >= {"thread", "hotfix"}
    at_once = [one for one in procedures.escalation if not one.after and not one.when]
    assert [(one.tell[0], one.levels) for one in at_once] == [
        ("on-call", ("SEV1", "SEV2", "SEV3")),
        ("all hands", ("SEV1",)),
        ("engineering lead", ("SEV2",)),
    ]


@pytest.mark.parametrize(
    ("name", "word", "action"),
    [
        ("a", "Restart Redis", "Restart Redis"),
        ("a", "Give it more memory", "memory"),
        ("b", "Give it more memory", "memory"),
    ],
)
def test_a_step_of_the_library_runs_what_it_says(name, word, action):
    """Redis holds the queue: to clear a cache is not to restart it."""
    config = team(name)
    steps = [step for one in config.playbooks for step in one.of("mitigate")]
    (step,) = [step for step in steps if step.text.startswith(word)]
    assert action in config.actions[step.action].title


@pytest.mark.parametrize(
    ("name", "whom"),
    [
        ("a", [("on-call", 0.0), ("team lead", 0.0), ("CTO", 0.0)]),
        ("b", [("on-call", 0.0), ("engineering lead", 0.5), ("CTO", 1.0), ("CEO", 4.0)]),
    ],
)
def test_in_an_outage_they_are_told_as_the_ladder_says(name, whom):
    (outage,) = [one for one in team(name).playbooks if one.name == "outage"]
    steps = outage.of("escalate")
    assert [(who, (step.after or 0.0) / HOUR) for step in steps for who in step.tell] == whom


@pytest.mark.parametrize(
    ("name", "level", "sources", "receivers"),
    [
        ("a", "SEV1", (), ["channel", "phone"]),
        ("a", "SEV2", (), ["channel"]),
        ("b", "P0", (), ["incidents", "mail", "phone"]),
        ("b", "P1", (), ["incidents"]),
        ("c", "P0", ("uptime",), ["production-alerts", "pager"]),
        ("c", "P0", ("hosting",), ["mail", "pager"]),
        ("c", "P1", ("hosting",), ["mail"]),
        ("c", "P3", ("database", "uptime"), ["production-alerts", "pager-by-source"]),
        ("d", "SEV-1", (), ["incidents", "pager"]),
        ("d", "SEV-4", (), ["incidents", "mail"]),
        ("e", "SEV2", (), ["pager", "thread"]),
        ("e", "SEV3", (), ["thread"]),
    ],
)
def test_to_whom_the_first_notice_goes(name, level, sources, receivers):
    told = replace(Telling(level=level).incident, sources=sources)
    known = team(name).procedures.receivers
    assert [one.name for one in known if routed(one, "first", told)] == receivers


@pytest.mark.parametrize(
    ("name", "dues"),
    [
        ("a", [("post-mortem", 48)]),
        ("b", [("after", 24)]),
        ("c", [("after", 24)]),
        ("d", [("channel archived", 2), ("review", 48)]),
        ("e", [("first timeline", 24), ("post-mortem drafted", 48), ("review held", 168)]),
    ],
)
def test_what_is_due_afterwards(name, dues):
    found = team(name).procedures.dues
    assert [(due.name, due.within / HOUR) for due in found] == dues
