"""The procedures a file gives: what replaces what is built in, and what is said of mistakes."""

from pathlib import Path

import pytest

from tests.unit.config_kinds import KINDS
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.config.procedures_types import parse_compared, parse_span
from warroom.errors import ConfigError
from warroom.incident.built_in import built_in
from warroom.incident.procedures import Item, Procedures, RoleKind, StatusStep
from warroom.measure.comparison import Threshold
from warroom.severity import SEV, P

ROOM = 'version = 1\n[room]\nname = "shop"\n'
SOURCE = '[sources.smoke]\nkind = "gauge"\nurl = "https://shop.example"\n'


def made(text: str) -> Procedures:
    return validate(parse(Path("/c.toml"), (ROOM + text).encode()), KINDS).procedures


def told(text: str) -> list[str]:
    """What is wrong with it, each with its line and key."""
    with pytest.raises(ConfigError) as caught:
        made(text)
    return [str(problem).removeprefix("/c.toml:") for problem in caught.value.problems]


# --- what is left out is built in -----------------------------------------------------------


@pytest.mark.parametrize(("named", "scale"), [("sev", SEV), ("p", P)])
def test_a_file_that_says_nothing_has_what_is_built_in(named, scale):
    assert made(f'[severity]\nscale = "{named}"\n') == built_in(scale)


def test_what_is_given_replaces_that_part_and_no_other():
    ours = built_in(SEV)
    procedures = made('[incident]\ngrace = "5min"\n[incident.updates]\nSEV1 = "10min"\n')
    assert (procedures.grace, procedures.cadence) == (300.0, {"SEV1": 600.0})
    assert procedures.matrix == ours.matrix
    assert procedures.statuses == ours.statuses


def test_an_empty_list_is_none_at_all():
    text = "version = 1\nescalation = []\nchecklists = []\n[room]\nname = 'a'\n"
    procedures = validate(parse(Path("/c.toml"), text.encode()), KINDS).procedures
    assert (procedures.escalation, procedures.checklists) == ((), ())


def test_what_is_built_in_does_without_phases_the_team_does_not_have():
    procedures = made('[[incident.phases]]\nname = "mitigate"\n[[incident.phases]]\nname = "x"\n')
    assert {one.phase for one in procedures.statuses} == {"", "mitigate"}
    assert {one for list_ in procedures.checklists for one in list_.phases} == {"mitigate"}


def test_what_is_built_in_does_without_answers_that_cannot_be_given():
    procedures = made('[assessment]\nimpacts = ["outage"]\n')
    assert {name for row in procedures.matrix for name in row.impact} == {"outage"}


# --- the short ways of writing --------------------------------------------------------------


def test_statuses_are_names_or_tables_and_resolved_is_the_last():
    procedures = made(
        '[incident]\nstatuses = ["Open", { name = "Mending", phase = "Mitigate" }, "resolved"]\n'
    )
    assert procedures.statuses == (
        StatusStep(name="Open"),
        StatusStep(name="Mending", phase="mitigate"),
        StatusStep(name="resolved", final=True),
    )
    assert procedures.final == "resolved"


def test_a_built_in_role_by_its_name_keeps_what_it_means():
    procedures = made('[incident]\nroles = ["Commander", { name = "fixer", fixes = true }, "x"]\n')
    assert procedures.roles == (
        RoleKind(name="Commander", leads=True),
        RoleKind(name="fixer", fixes=True),
        RoleKind(name="x"),
    )


def test_a_row_of_the_matrix_compares_shares_times_and_money():
    (row,) = made(
        '[[assessment.matrix]]\nlevel = "SEV2"\nimpact = "Outage"\nscope = ["all", "a region"]\n'
        'share = "> 25 %"\ndown = ">= 2h"\nmoney = "> 10000"\ndata = false\nsecurity = true\n'
    ).matrix
    assert (row.level, row.impact, row.scope) == ("SEV2", ("outage",), ("all", "a region"))
    assert (row.share, row.down) == (Threshold(">", 25.0), Threshold(">=", 7200.0))
    assert (row.money, row.data, row.security) == (Threshold(">", 10_000.0), False, True)


def test_a_rung_without_time_and_condition_is_at_once():
    at_once, later, breach = made(
        '[[escalation]]\nname = "a"\ntell = ["x"]\n'
        '[[escalation]]\nname = "b"\ntell = ["x"]\nafter = "0min"\nlevels = ["SEV1"]\n'
        '[[escalation]]\nname = "c"\ntell = ["x"]\nwhen = "breach"\n'
    ).escalation
    assert (at_once.after, later.after, breach.after) == (0.0, 0.0, None)
    assert (later.levels, breach.when) == (("SEV1",), "breach")


def test_items_are_texts_or_tables():
    (listed,) = made(
        '[[checklists]]\nname = "l"\nitems = ["One", { text = "Two", watch = "30min" }]\n'
        'phases = ["Recover"]\nlevels = ["SEV1"]\nrecovery = true\n'
    ).checklists
    assert listed.items == (Item(text="One"), Item(text="Two", watch=1800.0))
    assert (listed.phases, listed.levels, listed.recovery) == (("recover",), ("SEV1",), True)


def test_the_gate_and_the_links():
    procedures = made(
        '[incident]\nlinks = { bridge = "https://meet.example/{id}" }\n'
        '[resolve]\nwell_for = "0min"\nchecks = ["smoke", "smoke"]\nrecovery = false\n' + SOURCE
    )
    gate, (link,) = procedures.gate, procedures.links
    assert (gate.well_for, gate.checks, gate.recovery) == (0.0, ("smoke",), False)
    assert (link.name, link.address) == ("bridge", "https://meet.example/{id}")


@pytest.mark.parametrize(("text", "seconds"), [("0min", 0.0), ("0", 0.0), ("5min", 300.0)])
def test_a_span_may_be_nothing(text, seconds):
    assert parse_span(text) == seconds


@pytest.mark.parametrize("text", ["1h", "> 5", "> 1", "== 1h", 5, "> ", ">1fortnight"])
def test_a_time_is_compared_with_a_duration(text):
    with pytest.raises(ValueError, match="write it as"):
        parse_compared(text)


# --- mistakes -------------------------------------------------------------------------------

MISTAKES = {
    "a level of the cadence": (
        '[incident.updates]\nSEV11 = "5min"\n',
        "5: incident.updates.SEV11: SEV11 is no step of the scale (did you mean SEV1?",
    ),
    "a status's phase": (
        '[incident]\nstatuses = [{ name = "a", phase = "detct" }, "Resolved"]\n',
        "5: incident.statuses[0].phase: there is no phase detct (did you mean detect?)",
    ),
    "two final statuses": (
        '[incident]\nstatuses = ["a", { name = "b", final = true }, '
        '{ name = "c", final = true }]\n',
        "5: incident.statuses[2].final: b is final already (only one can be)",
    ),
    "no final status": (
        '[incident]\nstatuses = ["a", "b"]\n',
        '5: incident.statuses: has none with which an incident is over (add "Resolved", or',
    ),
    "nothing but a final status": (
        '[incident]\nstatuses = ["Resolved"]\n',
        "5: incident.statuses: has none for an incident that is not over",
    ),
    "a status twice": (
        '[incident]\nstatuses = ["a", "A", "Resolved"]\n',
        "5: incident.statuses[1]: there is another status A",
    ),
    "a phase that ends before it begins": (
        '[[incident.phases]]\nname = "a"\nbegins = "5min"\nends = "5min"\n',
        "7: incident.phases[0].ends: must be after it begins",
    ),
    "a milestone's key twice": (
        '[[incident.milestones]]\nname = "acknowledged"\nkey = "a"\n'
        '[[incident.milestones]]\nname = "mitigation deployed"\nkey = "a"\n',
        "9: incident.milestones[1].key: a is the key of acknowledged already (take another key)",
    ),
    "a milestone's key that is a word": (
        '[incident]\nacknowledged = ""\nfixed = ""\n'
        '[[incident.milestones]]\nname = "x"\nkey = "ab"\n',
        "9: incident.milestones[0].key: must have at most 1 character",
    ),
    "a milestone's key that cannot be typed": (
        '[incident]\nacknowledged = ""\nfixed = ""\n'
        '[[incident.milestones]]\nname = "x"\nkey = "\\u001b"\n',
        "9: incident.milestones[0].key: must be a character that can be typed and seen",
    ),
    "milestones without the one that stops the clock": (
        '[incident]\nfixed = ""\n[[incident.milestones]]\nname = "acknowledge"\nkey = "a"\n',
        '6: incident.milestones: are without "acknowledged", which incident.acknowledged names',
    ),
    "a milestone that is not there": (
        '[incident]\nfixed = "mitigation deploid"\n',
        "5: incident.fixed: there is no milestone mitigation deploid "
        "(did you mean mitigation deployed?)",
    ),
    "two roles that lead": (
        '[incident]\nroles = ["commander", { name = "chief", leads = true }]\n',
        "5: incident.roles[1]: commander leads already (only one role can lead)",
    ),
    "an id that does not count": (
        '[incident]\nid = "INC-{day}"\n',
        "5: incident.id: needs {counter}: without it two incidents of one day",
    ),
    "a placeholder that is none": (
        '[incident]\nchannel = "#i-{slg}"\n',
        "5: incident.channel: {slg} is nothing that is filled in: did you mean slug?",
    ),
    "an id in an id": (
        '[incident]\nid = "{id}-{counter}"\n',
        "5: incident.id: {id} is nothing that is filled in: ",
    ),
    "a brace alone": (
        '[incident]\nlinks = { a = "https://x/{id" }\n',
        "5: incident.links.a: has a { or } that stands alone",
    ),
    "a level of the matrix": (
        '[[assessment.matrix]]\nlevel = "P1"\n',
        "5: assessment.matrix[0].level: P1 is no step of the scale (steps: SEV1, SEV2,",
    ),
    "an impact": (
        '[[assessment.matrix]]\nlevel = "SEV1"\nimpact = ["outage", "outtage"]\n',
        "6: assessment.matrix[0].impact[1]: there is no impact outtage (did you mean outage?)",
    ),
    "a scope": (
        '[[assessment.matrix]]\nlevel = "SEV1"\nscope = "a regon"\n',
        "6: assessment.matrix[0].scope: there is no scope a regon (did you mean a region?)",
    ),
    "a time without a unit": (
        '[[assessment.matrix]]\nlevel = "SEV1"\ndown = "> 60"\n',
        '6: assessment.matrix[0].down: not a duration; write it as "5s"',
    ),
    "whom a rung tells": (
        '[[escalation]]\nname = "a"\ntell = ["team leed"]\n'
        '[[contacts]]\nname = "Ana"\nrole = "team lead"\n',
        "6: escalation[0].tell[0]: no contact has the name or the role team leed "
        "(did you mean team lead?)",
    ),
    "a rung's level": (
        '[[escalation]]\nname = "a"\ntell = ["x"]\nlevels = ["SEV1", "SEV22"]\n',
        "7: escalation[0].levels[1]: SEV22 is no step of the scale (did you mean SEV2?",
    ),
    "a rung's condition": (
        '[[escalation]]\nname = "a"\ntell = ["x"]\nwhen = "data lst"\n',
        "7: escalation[0].when: must be one of breach, data at risk, data exposed, data lost, "
        "security at risk, legal (did you mean data lost?)",
    ),
    "a checklist's phase": (
        '[[checklists]]\nname = "a"\nitems = ["x"]\nphases = ["recver"]\n',
        "7: checklists[0].phases[0]: there is no phase recver (did you mean recover?)",
    ),
    "a checklist twice": (
        '[[checklists]]\nname = "a"\nitems = ["x"]\n[[checklists]]\nname = "A"\nitems = ["x"]\n',
        "8: checklists[1].name: there is another checklist A",
    ),
    "an item twice": (
        '[[checklists]]\nname = "a"\nitems = ["x", "y", "x"]\n',
        "6: checklists[0].items[2]: there is another item x",
    ),
    "a list that stands alone in a phase": (
        '[[checklists]]\nname = "a"\nitems = ["x"]\nalone = true\nphases = ["recover"]\n',
        "8: checklists[0].phases: is of no use in a list that stands alone",
    ),
    "a check that is no source": (
        SOURCE + '[resolve]\nchecks = ["smok"]\n',
        "8: resolve.checks[0]: there is no source smok (did you mean smoke?)",
    ),
    "a key that is none": (
        '[incident]\nstatus = "x"\n',
        "5: incident.status: is not a known key (did you mean statuses?)",
    ),
    "a key of an entry that is none": (
        '[[contacts]]\nname = "a"\nfone = "x"\n',
        "6: contacts[0].fone: is not a known key (did you mean phone?)",
    ),
    "a key of a status that is none": (
        '[incident]\nstatuses = [{ name = "a", fase = "x" }, "Resolved"]\n',
        "5: incident.statuses[0].fase: is not a known key (did you mean phase?)",
    ),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_the_nearest_that_is_right(text, expected):
    (problem,) = told(text)
    assert problem.startswith(expected)


def test_mistakes_of_one_entry_are_told_at_once():
    found = told(
        '[[escalation]]\nname = ""\ntell = ["nobody"]\nlevels = ["SEV9"]\nafter = "soon"\n'
        '[[contacts]]\nname = "Ana"\nphone = 5\n'
        '[[checklists]]\nname = "a"\nitems = []\nphases = ["nowhere"]\nlevels = ["SEV8"]\n'
    )
    assert [problem.split(": ")[1] for problem in found] == [
        "escalation[0].name",
        "escalation[0].tell[0]",
        "escalation[0].levels[0]",
        "escalation[0].after",
        "contacts[0].phone",
        "checklists[0].items",
        "checklists[0].phases[0]",
        "checklists[0].levels[0]",
    ]


def test_a_scale_that_cannot_be_known_is_the_only_news():
    found = told('[severity]\nscale = "own"\n[incident.updates]\nred = "5min"\n')
    assert [problem.split(": ")[1] for problem in found] == ["severity.scale"]


def test_nobody_is_missed_where_there_are_no_contacts():
    assert made('[[escalation]]\nname = "a"\ntell = ["anybody"]\n').escalation
