"""Any sequence of what people and the watch do folds to the same incident from the journal as
live, whatever engine is restarted in the middle."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.incident_rooms import IncidentRoom
from warroom.errors import IncidentError
from warroom.incident.built_in import IMPACTS, MILESTONES, ROLES, STATUSES
from warroom.incident.entries import (
    Cause,
    Correction,
    Decision,
    FollowUp,
    Impact,
    Mark,
    Milestone,
    Note,
    Phase,
    Reopened,
    Report,
    Role,
    Said,
    Seen,
    SetLink,
    Severity,
    Status,
    Task,
    Tick,
    Title,
    Update,
)
from warroom.incident.following import Followed, PlaybookStep
from warroom.severity import SEV

TEXT = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from("\x1b[2J\u202e\0\n"),
    min_size=1,
    max_size=40,
)
NUMBER = st.integers(1, 12)
LEVEL = st.sampled_from(SEV.names)
SAID: st.SearchStrategy[Said] = st.one_of(
    st.builds(Note, text=TEXT),
    st.builds(Decision, text=TEXT),
    st.builds(Severity, level=LEVEL, reason=TEXT),
    st.builds(Status, status=st.sampled_from([step.name for step in STATUSES])),
    st.builds(Phase, phase=st.sampled_from(["detect", "recover", "nowhere"])),
    st.builds(Milestone, name=st.sampled_from([step.name for step in MILESTONES]), text=TEXT),
    st.builds(Role, role=st.sampled_from([kind.name for kind in ROLES]), person=TEXT),
    st.builds(
        Impact,
        services=st.none() | st.tuples(TEXT),
        users=st.none() | st.integers(0, 10**9),
        share=st.none() | st.floats(0, 100),
        data_loss=st.none() | st.booleans(),
    ),
    st.builds(Cause, text=st.none() | TEXT, trigger=st.none() | TEXT),
    st.builds(Report, count=st.integers(1, 500), via=st.sampled_from(["", *IMPACTS])),
    st.builds(Task, task=st.integers(0, 5), who=TEXT, text=TEXT),
    st.builds(FollowUp, item=st.integers(0, 5), text=TEXT, owner=TEXT),
    st.builds(Mark, entry=NUMBER, key=st.booleans()),
    st.builds(Correction, entry=NUMBER, text=st.none() | TEXT),
    st.builds(Tick, checklist=st.just("recover"), item=st.just("Monitoring is green")),
    st.builds(SetLink, name=st.just("bridge"), address=TEXT),
    st.builds(Title, title=TEXT),
    st.builds(Update, text=TEXT),
    st.builds(Seen, nag=st.just("no-commander")),
    st.builds(Reopened, reason=TEXT),
    st.builds(Followed, playbook=st.sampled_from(["mail", "outage"]), text=TEXT),
    st.builds(PlaybookStep, playbook=st.just("mail"), step=st.just("look"), text=TEXT),
)


class Incidents(RuleBasedStateMachine):
    """People write, the watch sees, time passes, engines come and go."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="wr"))
        self.room = IncidentRoom(self.folder)
        self.names = [self.room.declare()]
        self.acknowledged: set[int] = set()

    @rule(title=TEXT, level=LEVEL | st.just(""))
    @precondition(lambda self: len(self.names) < 3)
    def declare(self, title: str, level: str) -> None:
        try:
            self.names.append(self.room.declare(title, level=level))
        except IncidentError:
            assert not title.split()

    @rule(data=st.data(), body=SAID)
    def say(self, data: st.DataObject, body: Said) -> None:
        name = data.draw(st.sampled_from(self.names))
        try:
            answer = self.room.post(name, body)
        except IncidentError:
            return
        assert answer.entry is not None
        self.acknowledged.add(answer.entry.seq)

    @rule(data=st.data(), override=TEXT | st.just(""))
    def resolve(self, data: st.DataObject, override: str) -> None:
        name = data.draw(st.sampled_from(self.names))
        with contextlib.suppress(IncidentError):  # it is resolved already
            self.room.resolve(name, override=override)

    @rule(latency=st.sampled_from([100.0, 3000.0]))
    def poll(self, latency: float) -> None:
        self.room.poll(latency)

    @rule(seconds=st.sampled_from([1.0, 60.0, 1800.0, 7200.0]))
    def wait(self, seconds: float) -> None:
        self.room.look(seconds)

    @rule()
    def restart(self) -> None:
        self.room.restart()

    @invariant()
    def live_is_what_the_journal_tells(self) -> None:
        self.room.settle()
        for name in self.names:
            live = self.room.incidents.book.incident(name)
            kept = self.room.kept(name)
            assert live is None or live == kept
            assert live is not None or not kept.open

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        assert self.acknowledged <= self.room.places()

    def teardown(self) -> None:
        self.room.close()
        shutil.rmtree(self.folder)


TestIncidents = Incidents.TestCase
TestIncidents.settings = limits(max_examples=25, stateful_step_count=20, deadline=None)
