"""Drafts from how an incident stands: each looked at by eye, and none that fails at 3 a.m."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.incidents import ANA, NOON, Telling
from tests.unit.recorded import RECEIVERS, TEAM, telling
from tests.unit.test_shell_lines import EVIL, HOSTILE
from warroom.comms.context import Case, context, lasted, next_update
from warroom.comms.draft import brief, draft
from warroom.comms.render import LONGEST, Templates
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    Delivery,
    FollowUp,
    Impact,
    Message,
    Note,
    Resolved,
    SetLink,
    Severity,
    Status,
    Task,
)
from warroom.incident.outbox import next_purpose
from warroom.incident.outward import PURPOSES
from warroom.incident.routing import routed
from warroom.severity import SEV

GOLDEN = Path(__file__).parents[1] / "data" / "messages"
OURS = Templates()


def case(told: Telling, **more) -> Case:
    known = dict(
        incident=told.incident,
        entries=tuple(told.entries),
        procedures=TEAM,
        scale=SEV,
        now=told.now,
        room="shop",
        environment="production",
        signals=("api: 503",),
        me="ana",
    )
    return Case(**{**known, **more})


def tell(told: Telling, purpose, text: str, state="sent", to: str = "chat") -> None:
    """A message goes out, and that came of it."""
    told.write(Message(purpose=purpose, text=text, receivers=(to,)))
    told.write(Delivery(message=len(told.entries), receiver=to, state=state))


def written(name: str, text: str) -> None:
    """Compare with what was looked at; write it anew where the file is not there."""
    path = GOLDEN / name
    if not path.exists():
        path.write_text(text + "\n")
        pytest.fail(f"{path} was not there: look at it")
    assert text + "\n" == path.read_text()


@pytest.mark.parametrize("purpose", [*PURPOSES, "brief"])
@pytest.mark.parametrize("resolved", [False, True], ids=["open", "over"])
def test_every_message_of_one_incident(purpose, resolved):
    told = case(telling(resolved=resolved))
    made = brief(told, OURS) if purpose == "brief" else draft(told, purpose, OURS)
    assert (made.template, made.problem) == ("built in", "")
    head = f"Subject: {made.subject}\n\n" if made.subject else ""
    written(f"{purpose}-{'over' if resolved else 'open'}.txt", head + made.text)


def test_the_first_is_drafted_with_nothing_known_and_says_what_is_missing():
    told = Telling(level="", title="something is wrong")
    made = draft(case(told, signals=()), "first", OURS)
    written("first-nothing.txt", made.text)
    assert made.next is None


@pytest.mark.parametrize(
    "status", ["Investigating", "Identified", "Mitigating", "Monitoring", "On fire"]
)
def test_the_status_page_goes_by_status_and_the_first_by_level(status):
    told = telling(resolved=False)
    told.write(Status(status=status))
    first = draft(case(told), "status", OURS).text
    if status in ("Investigating", "On fire"):
        assert first.startswith("Investigating: an outage of checkout and api for some users.")
    tell(told, "status", first)
    second = draft(case(told), "status", OURS).text
    opens = {"Identified": "Identified: we know why", "Mitigating": "Identified: a fix"}
    opens |= {"Monitoring": "Monitoring: a fix is in place"}
    assert second.startswith(opens.get(status, "Investigating: problems with checkout and api"))
    assert f"Posted {told.now:%H:%M}Z" in second


def test_only_what_came_since_the_last_one_is_told():
    told = telling(resolved=False)
    before = draft(case(told), "update", OURS).text
    assert "roll back to 1.4.2" in before
    tell(told, "update", before)
    told.pass_(5)
    after = draft(case(told, signals=()), "update", OURS).text
    assert "Update 2" in after
    assert "roll back" not in after
    assert "Found: nothing new" in after
    told.say(Note(text="payments work again"))
    told.say(Impact(share=5.0))
    told.write(Note(text="not marked"))
    assert "payments work again" not in draft(case(told), "update", OURS).text


def test_what_was_withdrawn_is_told_nobody():
    told = telling(resolved=False)
    told.say(Decision(text="blame the network"))
    told.say(Correction(entry=len(told.entries), text=""))
    for purpose in PURPOSES:
        assert "network" not in draft(case(told), purpose, OURS).text


@pytest.mark.parametrize("state", ["waiting", "failed", "dropped"])
def test_what_came_to_nobody_is_told_again(state):
    told = telling(resolved=False)
    before = draft(case(told), "update", OURS).text
    tell(told, "update", before, state)
    assert "roll back to 1.4.2" in draft(case(told), "update", OURS).text


def test_what_was_taken_back_stands_in_no_message():
    told = Telling(level="SEV1")
    for body in (
        Cause(text="the network"),
        Impact(users=90_000, services=("ledger",), data_loss=False),
        FollowUp(text="buy switches"),
        Task(who="bob", text="trace routes"),
    ):
        told.say(body)
        told.say(Correction(entry=len(told.entries), text=""))
    told.say(Impact(share=5.0))
    told.say(Cause(text="a full disc"))
    told.say(Correction(entry=len(told.entries), text="a full disk"))
    told.write(Resolved(how="hotfix", text="to v2", status="Resolved"))
    told.say(Correction(entry=len(told.entries), text="to v3"))
    texts = [draft(case(told), purpose, OURS).text for purpose in PURPOSES]
    whole = "\n".join([*texts, brief(case(told), OURS).text])
    for word in ("network", "90,000", "ledger", "no data", "switches", "routes", "disc\n", "to v2"):
        assert word not in whole, word
    for word in ("5 % of all users", "Cause: a full disk", "Fix: hotfix: to v3"):
        assert word in whole, word


def test_the_status_page_says_nothing_that_nobody_has_said():
    unknown = draft(case(Telling(level="SEV1")), "status", OURS).text
    assert unknown.startswith("Investigating: an outage of [service?]. We")
    assert draft(case(Telling(level="")), "status", OURS).text.startswith("Investigating: problems")


def test_a_long_incident_gives_messages_that_can_be_read():
    told = telling(resolved=False)
    for number in range(150):
        told.say(Task(text=f"task {number} {'x' * 400}", who="bob"))
        told.say(FollowUp(text=f"item {number} {'y' * 400}", sort="prevent"))
        told.say(SetLink(name=f"link {number}", address=f"https://x.example/{'z' * 900}"))
    told.write(Impact(services=tuple(f"{number}{'s' * 190}" for number in range(100))))
    for purpose in PURPOSES:
        made = draft(case(told), purpose, OURS)
        assert 0 < len(made.text) <= LONGEST
        assert made.problem == ""
    update = draft(case(told), "update", OURS).text
    assert "- task 6 " in update
    assert "\n- and 143 more\n" in update
    assert len(told.incident.links) == 151
    told.write(Impact(services=("checkout",)))
    assert f"{'z' * 900}\n" in draft(case(told), "first", OURS).text


def test_public_texts_name_nobody_and_nothing_of_ours():
    for resolved in (False, True):
        told = telling(resolved=resolved)
        for purpose in ("customers", "status"):
            text = draft(case(told), purpose, OURS).text
            for word in ("ana", "bob", "dora", "INC-", "api:", "pool", "releases"):
                assert word not in text.replace("checkout and api", ""), (purpose, word)


@pytest.mark.parametrize(
    ("minutes", "at"), [(0, "12:15"), (1, "12:20"), (4.5, "12:20"), (5, "12:20"), (58, "13:15")]
)
def test_the_next_update_is_promised_for_a_round_time(minutes, at):
    told = Telling(level="SEV1")
    told.pass_(minutes)
    found = next_update(case(told))
    assert f"{found:%H:%M}" == at
    assert (found - told.now).total_seconds() >= 15 * 60


def test_nothing_is_promised_where_nothing_is_asked_or_it_is_over():
    assert next_update(case(Telling(level="SEV3"))) is None
    told = Telling(level="SEV1")
    told.write(Resolved(status="Resolved"))
    assert next_update(case(told)) is None


def test_which_message_comes_next():
    told = Telling(level="SEV1")
    assert next_purpose(told.incident) == "first"
    told.write(Message(purpose="first", text="x", receivers=("chat",)))
    assert next_purpose(told.incident) == "update"
    told.write(Resolved(status="Resolved"))
    assert next_purpose(told.incident) == "resolution"


@pytest.mark.parametrize(
    ("purpose", "level", "source", "names"),
    [
        ("first", "SEV1", "api", ["chat", "pager"]),
        ("first", "SEV2", "api", ["chat"]),
        ("first", "SEV2", "jobs", ["chat", "queues"]),
        ("update", "SEV1", "api", ["chat"]),
        ("resolution", "SEV1", "api", ["chat", "pager"]),
        ("status", "SEV4", "api", ["status"]),
        ("customers", "SEV1", "api", []),
    ],
)
def test_to_whom_it_goes_by_level_and_source(purpose, level, source, names):
    incident = replace(Telling(level=level).incident, sources=(source,))
    assert [r.name for r in RECEIVERS if routed(r, purpose, incident)] == names


@pytest.mark.parametrize(("state", "comes"), [("sent", True), ("unknown", True), ("failed", False)])
def test_who_was_told_is_told_the_end_though_the_level_came_down(state, comes):
    told = Telling(level="SEV1", procedures=TEAM)
    tell(told, "first", "x", state, "pager")
    told.say(Severity(level="SEV3", reason="only a few"))
    told.write(Resolved(status="Resolved"))
    made = draft(case(told), "resolution", OURS)
    assert ("pager" in made.receivers) is comes
    assert "pager" not in draft(case(told), "first", OURS).receivers


def test_a_brief_has_two_lines_whatever_was_said():
    told = Telling(title="a\nb\nc", level="SEV1", channel=EVIL)
    told.write(*HOSTILE)
    assert len(brief(case(told), OURS).text.split("\n")) == 2


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80), purpose=st.sampled_from([*PURPOSES, "brief"]))
def test_whatever_was_said_is_data_and_harmless(text, purpose):
    told = Telling(title=text or "x", level="SEV1", channel=text)
    told.write(
        Impact(services=(text, "{{ 7777*7777 }}"), text=f"{text}{{{{ 7777*7777 }}}}"), actor=ANA
    )
    told.write(Note(text=EVIL), Resolved(how=text, text=EVIL, status=text))
    one = case(told, signals=(text, EVIL), room=text, environment=text)
    made = brief(one, OURS) if purpose == "brief" else draft(one, purpose, OURS)
    assert made.problem == ""
    assert "60481729" not in made.text + made.subject
    whole = made.text + made.subject
    assert all(char == "\n" or char.isprintable() for char in whole)
    assert "\n" not in made.subject


def test_the_document_names_every_variable():
    told = (Path(__file__).parents[2] / "docs" / "messages.md").read_text()
    for name in context(case(telling()), NOON):
        assert f"`{name}`" in told, f"docs/messages.md does not tell what {name} is"


@pytest.mark.parametrize(
    ("span", "words"),
    [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (7500, "2 h 05 min"), (200_000, "2 d 7 h")],
)
def test_how_long_it_lasted(span, words):
    assert lasted(span) == words
