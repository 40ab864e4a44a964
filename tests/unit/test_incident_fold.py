"""Whatever is said in whatever order: live and read again, it is the same incident."""

import contextlib
from datetime import timedelta

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.unit.incidents import ANA, BOB, NOON, PROCEDURES, SEV, Telling, again
from warroom.errors import IncidentError
from warroom.incident.assessment import Assessment
from warroom.incident.clocks import clocks
from warroom.incident.entries import (
    Cause,
    Correction,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Nag,
    Note,
    Observed,
    Phase,
    Reopened,
    Report,
    Resolved,
    Role,
    Said,
    Seen,
    SetLink,
    Severity,
    StartList,
    Status,
    Task,
    Tick,
    Title,
    Update,
)
from warroom.incident.fold import applied, fold
from warroom.incident.following import Checked, Followed, PlaybookStep
from warroom.incident.gate import Facts, conditions
from warroom.incident.incident import Incident
from warroom.incident.nags import due, standing
from warroom.incident.scribe import Posting, parse
from warroom.incident.words import told

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.integers(0, 6)
FLAGS = st.none() | st.booleans()
PEOPLE = st.sampled_from(["ana", "bob", "", "Ana", "eve (claimed)"])
TIMES = st.none() | st.integers(-300, 300).map(lambda minutes: NOON + timedelta(minutes=minutes))
LEVELS = st.sampled_from([*SEV.names, "sev2", "none"])
STATUSES = st.sampled_from([step.name for step in PROCEDURES.statuses])
PHASES = st.sampled_from([step.name for step in PROCEDURES.phases])
MILESTONES = st.sampled_from([step.name for step in PROCEDURES.milestones])
ROLES = st.sampled_from([kind.name for kind in PROCEDURES.roles])
ITEMS = st.sampled_from([(c.name, i.text) for c in PROCEDURES.checklists for i in c.items])
PLAYBOOKS = st.sampled_from(["queue-backlog", "mail", ""])
STATES = st.sampled_from(["open", "done", "dropped"])
ASSESSMENTS = st.none() | st.builds(
    Assessment,
    impact=st.sampled_from(["", *PROCEDURES.impacts]),
    share=st.none() | st.floats(0, 100),
    data=FLAGS,
    security=FLAGS,
)
SAID: st.SearchStrategy[Said] = st.one_of(
    st.builds(Note, text=WORDS),
    st.builds(Severity, level=LEVELS, reason=WORDS, assessment=ASSESSMENTS),
    st.builds(Status, status=STATUSES, text=WORDS),
    st.builds(Phase, phase=PHASES),
    st.builds(Milestone, name=MILESTONES, text=WORDS),
    st.builds(Role, role=ROLES, person=PEOPLE, brief=WORDS),
    st.builds(
        Impact,
        services=st.none() | st.lists(WORDS, max_size=2).map(tuple),
        users=st.none() | st.integers(-1, 9),
        share=st.none() | st.floats(0, 100),
        data_loss=FLAGS,
        exposed=FLAGS,
    ),
    st.builds(Cause, text=st.none() | WORDS, trigger=st.none() | WORDS),
    st.builds(Report, count=st.integers(-1, 9), via=WORDS),
    st.builds(Task, task=NUMBERS, who=PEOPLE, text=WORDS, due=TIMES, state=STATES),
    st.builds(FollowUp, item=NUMBERS, text=WORDS, due=st.none() | st.dates(), state=STATES),
    st.builds(Mark, entry=NUMBERS, key=st.booleans()),
    st.builds(Correction, entry=NUMBERS, text=st.none() | WORDS, at=TIMES),
    ITEMS.flatmap(
        lambda pair: st.builds(
            Tick,
            checklist=st.just(pair[0]),
            item=st.just(pair[1]),
            state=st.sampled_from(["done", "open", "watch"]),
        )
    ),
    st.builds(StartList, checklist=ITEMS.map(lambda pair: pair[0])),
    st.builds(SetLink, name=PEOPLE, address=st.sampled_from(["", "https://x", "https://y"])),
    st.builds(Title, title=WORDS),
    st.builds(Update, text=WORDS, next=TIMES),
    st.builds(Reopened, reason=WORDS),
    st.builds(
        Followed,
        playbook=PLAYBOOKS,
        title=WORDS,
        state=st.sampled_from(["begun", "left"]),
        evidence=st.lists(WORDS, max_size=2).map(tuple),
        text=WORDS,
    ),
    st.builds(
        PlaybookStep,
        playbook=PLAYBOOKS,
        step=st.sampled_from(["look", "restart", ""]),
        state=st.sampled_from(["done", "no help", "skipped", "open"]),
        text=WORDS,
    ),
    st.builds(Seen, nag=st.sampled_from(["commander", "severity", "response:SEV1"])),
)
LINES = st.sampled_from(
    [
        *("/sev SEV1 worse", "/role commander me", "/task bob 3m look", "/done", "TODO x @bob"),
        *("-5m x", "/impact exposed yes", "/tick smoke tests", "/milestone ack", "/fix 2 -"),
        *("/update next 5m x", "/status monitoring", "/key 1", "/more 1 5m", "/link a https://x"),
    ]
)


class Whatever(RuleBasedStateMachine):
    """Anything anybody may say, settled and written down as the engine does."""

    def __init__(self) -> None:
        super().__init__()
        self.telling = Telling("")
        self.live = self.telling.incident
        self.keys: list[str] = []

    def _take(self, count: int) -> None:
        """Who has it in memory takes each new entry."""
        for entry in self.telling.entries[len(self.telling.entries) - count :]:
            found = applied(self.live, entry)
            assert found is not None
            self.live = found

    @rule(body=SAID, actor=st.sampled_from([ANA, BOB]), back=st.integers(0, 30))
    def say(self, body: Said, actor, back: int) -> None:
        before = len(self.telling.entries)
        happened = self.telling.now - timedelta(minutes=back)
        with contextlib.suppress(IncidentError):  # then nothing is written
            self.telling.say(body, actor=actor, happened=happened)
        self._take(len(self.telling.entries) - before)

    @rule(line=LINES)
    def type_(self, line: str) -> None:
        meant = parse(line, self.telling.context())
        if isinstance(meant, Posting):
            self.say(meant.body, ANA, 0)

    @rule(minutes=st.integers(-5, 200))
    def wait(self, minutes: int) -> None:
        self.telling.pass_(minutes)

    @rule()
    def look(self) -> None:
        nags = due(self.telling.incident, PROCEDURES, SEV, self.telling.now)
        self.telling.write(*nags)
        self.keys += [nag.key for nag in nags]
        self._take(len(nags))

    @rule()
    def resolve(self) -> None:
        if self.telling.incident.open:
            self.telling.write(Resolved(how="rollback", status="Resolved"))
            self._take(1)

    @rule(text=WORDS)
    def see(self, text: str) -> None:
        self.telling.write(Observed(what="level", text=text, source="api"))
        self._take(1)

    @rule(check=PLAYBOOKS, ok=FLAGS, text=WORDS)
    def check(self, check: str, ok: bool | None, text: str) -> None:
        self.telling.write(Checked(check=check, title=check, ok=ok, text=text, output=(text,)))
        self._take(1)

    @invariant()
    def a_playbook_is_there_once(self) -> None:
        names = [one.name for one in self.live.playbooks]
        assert len(names) == len(set(names))
        assert "" not in names

    @invariant()
    def it_is_the_same_read_again(self) -> None:
        read = again(self.telling.entries)
        assert read == tuple(self.telling.entries)
        assert fold(read) == self.live == fold(self.telling.entries)
        encoded = msgspec.json.encode(self.live)
        assert msgspec.json.decode(encoded, type=Incident) == self.live

    @invariant()
    def it_counts_its_entries(self) -> None:
        assert self.live.number == len(self.telling.entries)
        assert self.live.last == self.telling.entries[-1].seq

    @invariant()
    def nobody_is_reminded_twice_nor_of_what_is_over(self) -> None:
        assert len(self.keys) == len(set(self.keys))
        stands = standing(self.live, PROCEDURES, SEV, self.telling.now)
        assert {reminder.key for reminder in stands} <= set(self.keys)
        assert self.live.open or all(one.key.startswith("due:") for one in stands)

    @invariant()
    def numbers_are_given_once(self) -> None:
        tasks = [task.task for task in self.live.tasks]
        items = [item.item for item in self.live.follow_ups]
        assert tasks == list(range(1, len(tasks) + 1))
        assert items == list(range(1, len(items) + 1))

    @invariant()
    def everything_can_be_told(self) -> None:
        assert clocks(self.live, PROCEDURES, SEV, self.telling.now).since >= 0
        assert conditions(self.live, PROCEDURES, Facts(), self.telling.now)
        assert all(told(entry, self.live).text is not None for entry in self.telling.entries)


Whatever.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestWhatever = Whatever.TestCase


def test_what_comes_before_the_declaration_counts_for_nothing():
    telling = Telling()
    declared, stray = telling.entries[0], Nag(key="x", text="y")
    telling.write(stray)
    assert fold(telling.entries[1:]) is None
    assert fold([telling.entries[1], declared]) == fold([declared])
