"""How long symptoms hold, how they are told and ranked, for any history there is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from warroom.measure.change import Change
from warroom.measure.comparison import Threshold
from warroom.measure.past import Noticed, Onset, Past, Step
from warroom.measure.rule import Hold
from warroom.playbooks.matching import Matching, kept, matched
from warroom.playbooks.patterns import fits
from warroom.playbooks.playbook import Playbook, Symptom
from warroom.playbooks.ranking import proposals, seen
from warroom.playbooks.sight import Figure, Sight
from warroom.playbooks.standing import Proposal, SymptomSeen
from warroom.severity import SEV
from warroom.text import safe

BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DEEP = Symptom(figure="*.depth", threshold=Threshold(">", 10_000))


def wall(monotonic: float) -> datetime:
    return BEGAN + timedelta(seconds=monotonic)


def book(*symptoms: Symptom, name: str = "one") -> Playbook:
    return Playbook(name=name, title=name.title(), symptoms=symptoms)


def depth(value: float | None, **more: object) -> Figure:
    return Figure(**{"name": "jobs.emails.depth", "value": value, "unit": "jobs", **more})


def up(*signals: Figure, **more: object) -> Sight:
    given = {"name": "jobs", "kind": "redis", "state": "UP", "level": "OK", "signals": signals}
    return Sight(**{**given, **more})


class Scene:
    """Playbooks, and sources that are polled every ``step`` seconds."""

    def __init__(self, *books: Playbook, step: float = 5.0) -> None:
        self.books, self.step, self.now = books, step, 0.0
        self.matching, self.past = Matching(), Past()
        self.sights: dict[str, Sight] = {}
        self.polls = 0

    def poll(self, *sights: Sight) -> "Scene":
        self.now += self.step
        self.polls += 1
        for sight in sights:
            found = self.sights[sight.name] = replace(sight, polls=self.polls)
            self.matching = matched(self.matching, self.books, found, SEV, self.now)
        return self

    def last(self, **more: object) -> "Scene":
        """What the sources are now, without a poll."""
        self.sights = {name: replace(one, **more) for name, one in self.sights.items()}
        return self

    @property
    def _all(self) -> tuple:
        sights = tuple(self.sights.values())
        return self.matching, self.books, sights, self.past, SEV, self.now, wall

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return proposals(*self._all)

    @property
    def names(self) -> list[str]:
        return [one.playbook for one in self.proposals]

    @property
    def first(self) -> SymptomSeen:
        return seen(*self._all)[self.books[0].name][0]


def test_it_holds_after_its_hold_and_is_let_go_after_two_good_polls() -> None:
    scene = Scene(book(DEEP))
    assert scene.poll(up(depth(12_400))).first.holds == "counting"
    assert scene.names == []
    assert scene.poll(up(depth(12_400))).first.holds == "holds"
    assert scene.proposals[0].since == wall(10)
    assert scene.poll(up(depth(3))).names == ["one"]
    assert scene.first.words == "emails: depth 12,400 over 10,000 for 10 s; 3 now"
    assert scene.poll(up(depth(3))).names == []
    assert scene.first == SymptomSeen(holds="no", words="emails: depth 3")


def test_a_level_that_is_only_held_is_told_of_the_figure_that_raised_it() -> None:
    limits = (("SEV3", Threshold(">", 0)),)
    scene = Scene(book(Symptom(figure="*.waiting", level="any", hold=Hold(polls=1))))

    def waits(value: float) -> Sight:
        return up(depth(value, name="jobs.emails.waiting", unit="", level="SEV3", limits=limits))

    assert scene.poll(waits(3)).first.words == "emails: waiting 3 over 0"
    assert scene.poll(waits(0)).first == SymptomSeen(
        holds="holds", words="emails: waiting 3 over 0; 0 now"
    )
    assert scene.poll(waits(2)).first.words.startswith("emails: waiting 2 over 0")


def test_a_poll_counts_once_however_often_it_is_told() -> None:
    scene = Scene(book(DEEP)).poll(up(depth(12_400)))
    for _ in range(5):
        same = matched(scene.matching, scene.books, scene.sights["jobs"], SEV, scene.now + 60)
        assert same is scene.matching


def test_a_hold_in_seconds_is_waited_for() -> None:
    scene = Scene(book(replace(DEEP, hold=Hold(seconds=12))))
    for _ in range(3):
        assert scene.poll(up(depth(12_400))).names == []
    assert scene.poll(up(depth(12_400))).names == ["one"]


def test_what_is_not_seen_neither_raises_nor_clears_and_is_said() -> None:
    scene = Scene(book(DEEP)).poll(up(depth(12_400))).poll(up(depth(None)))
    assert scene.poll(up(depth(12_400))).first.holds == "counting"  # anew
    scene.poll(up(depth(12_400)))
    dark = up(state="CAN'T SEE", level="CAN'T SEE", why="refused")
    for sight in (up(depth(None)), dark, dark):
        assert scene.poll(sight).names == ["one"]
    assert scene.first.words == "emails: depth 12,400 over 10,000 for 20 s; not seen now"


def test_a_figure_that_is_not_there_any_more_is_forgotten() -> None:
    scene = Scene(book(DEEP)).poll(up(depth(12_400))).poll(up(depth(12_400)))
    assert scene.poll(up()).names == []
    assert scene.first.holds == "unwatched"


def test_maintenance_clears_at_once_and_only_it_is_a_symptom_then() -> None:
    worked_on = Symptom(state="maintenance", hold=Hold())
    scene = Scene(book(DEEP), book(worked_on, name="two"))
    scene.poll(up(depth(12_400))).poll(up(depth(12_400)))
    scene.poll(up(depth(12_400), state="MAINTENANCE", level="MAINTENANCE"))
    assert scene.names == ["two"]
    assert scene.poll(up(depth(12_400))).first.holds == "counting"


def test_in_a_room_that_is_cut_off_nothing_rests_on_what_held() -> None:
    scene = Scene(book(DEEP)).poll(up(depth(12_400))).poll(up(depth(12_400)))
    scene.last(cut_off=True)
    assert scene.names == []
    assert scene.first == SymptomSeen(holds="unknown", words="this room is cut off")
    scene.last(cut_off=False)
    assert scene.names == ["one"]


def test_what_is_not_seen_because_the_room_is_cut_off_is_no_failure_of_its_source() -> None:
    scene = Scene(book(Symptom(state="failing")))
    for _ in range(4):
        scene.poll(up(state="CAN'T SEE", level="CAN'T SEE", cut_off=True))
    scene.last(cut_off=False)
    assert scene.names == []


def test_a_long_name_does_not_push_the_rest_out() -> None:
    scene = Scene(book(replace(DEEP, says="{of}|{source}|{why}|{value}", hold=Hold())))
    words = scene.poll(up(depth(20_000, of="x" * 400), why="y" * 400)).first.words
    assert words.endswith("…|20,000")
    assert "|jobs|" in words


@pytest.mark.parametrize(
    ("value", "words"),
    [(26.5134, "26.5 %"), (5.0004, "5 %"), (95.0004, "95 %"), (4.9996, "5 %")],
)
def test_a_share_is_told_in_few_digits(value: float, words: str) -> None:
    rate = Figure(name="web.error_rate", value=value, unit="%")
    symptom = Symptom(figure="error_rate", threshold=Threshold(">", 1), hold=Hold(), says="{value}")
    assert Scene(book(symptom)).poll(up(rate, name="web")).first.words == words


def test_no_figure_is_rounded_across_its_limit() -> None:
    rate = Figure(name="web.error_rate", value=5.004, unit="%")
    symptom = Symptom(figure="error_rate", threshold=Threshold(">", 5), hold=Hold())
    words = Scene(book(symptom)).poll(up(rate, name="web")).first.words
    assert words == "web: error_rate 5.004 % over 5 %"


def test_a_level_is_its_rules_and_goes_with_it() -> None:
    bad = depth(12_400, level="SEV2", limits=(("SEV2", Threshold(">", 10_000)),))
    scene = Scene(book(Symptom(figure="*.depth", level="SEV2", hold=Hold())))
    assert scene.poll(up(bad)).first.words == "emails: depth 12,400 over 10,000"
    assert scene.poll(up(depth(4))).names == []
    assert scene.poll(up(replace(bad, level="SEV3"))).names == []
    assert scene.poll(up(replace(bad, level="SEV1"))).names == ["one"]
    # A red that goes dark stays red; what has no level and cannot be seen is not known.
    assert scene.poll(up(replace(bad, value=None))).names == ["one"]
    assert scene.poll(up(replace(bad, value=None, level="CAN'T SEE"))).names == ["one"]


def test_cannot_see_is_no_step_of_the_scale() -> None:
    scene = Scene(book(Symptom(level="any", hold=Hold())))
    assert scene.poll(up(level="CAN'T SEE", state="CAN'T SEE")).first.holds == "unknown"
    assert scene.poll(up(level="SEV4")).names == ["one"]


@pytest.mark.parametrize(
    ("wanted", "state", "level", "holds"),
    [
        ("failing", "DOWN", "OK", True),
        ("failing", "CAN'T SEE", "CAN'T SEE", True),
        ("failing", "CAN'T SEE", "OK", False),  # only asked on request, and long ago
        ("failing", "UP", "SEV1", False),
        ("failing", "MAINTENANCE", "MAINTENANCE", False),
        ("down", "CAN'T SEE", "CAN'T SEE", False),
        ("can't see", "CAN'T SEE", "SEV2", True),
        ("up", "UP", "SEV2", True),
        ("maintenance", "MAINTENANCE", "MAINTENANCE", True),
    ],
)
def test_how_a_source_stands(wanted: str, state: str, level: str, holds: bool) -> None:
    scene = Scene(book(Symptom(state=wanted, hold=Hold())))
    scene.poll(up(state=state, level=level, why="refused"))
    assert (scene.names == ["one"]) is holds


def test_the_words_of_why_must_match_where_they_are_asked_for() -> None:
    scene = Scene(book(Symptom(state="failing", reason="Too many (clients|connections)")))
    for _ in range(2):
        scene.poll(up(state="DOWN", why="sorry, too many clients already"))
    assert scene.first.words == "jobs is down: sorry, too many clients already"
    for _ in range(2):
        scene.poll(up(state="DOWN", why="starting up"))
    assert scene.names == []


def test_every_wants_all_that_fit() -> None:
    web, api = up(name="web", kind="http"), up(name="api", kind="http")
    asked = up(name="mail", kind="http", state="CAN'T SEE", level="OK")
    scene = Scene(book(Symptom(state="down", kinds=("http",), every=True)))
    scene.poll(web, api, replace(asked, polls=0))
    scene.sights["mail"] = replace(asked, polls=0)
    for _ in range(2):
        scene.poll(replace(web, state="DOWN", why="503"), api)
    assert scene.first.holds == "no"
    for _ in range(2):
        scene.poll(replace(web, state="DOWN", why="503"), replace(api, state="DOWN"))
    assert scene.first.words == "web is down for 10 s: 503, and 1 more"


def test_what_speaks_against_it_is_asked_of_the_parts_that_speak_for_it() -> None:
    drains = Symptom(
        figure="*.drain", threshold=Threshold("<", 900), need="unless", every=True, hold=Hold()
    )
    scene = Scene(book(replace(DEEP, hold=Hold()), drains))

    def queues(**drain: float | None) -> list[str]:
        figures = [
            part
            for name, (deep, empty) in drain.items()
            for part in (
                depth(deep, name=f"jobs.{name}.depth"),
                Figure(name=f"jobs.{name}.drain", value=empty),
            )
        ]
        return scene.poll(up(*figures)).poll(up(*figures)).names

    assert queues(emails=(12_400, 500), sms=(3, None)) == []  # the other one stays as it is
    assert queues(emails=(12_400, None), sms=(0, 0.0)) == ["one"]  # it does not get shorter
    assert queues(emails=(12_400, 500), sms=(20_000, None)) == ["one"]
    assert queues(emails=(12_400, 500), sms=(20_000, 800)) == []
    untold = (depth(12_400), Figure(name="jobs.sms.drain", value=0.0))
    assert scene.poll(up(*untold)).poll(up(*untold)).names == ["one"]  # of emails nothing is told


def test_a_change_alone_gives_way_to_what_explains_it_without_one() -> None:
    def over(figure: str, weight: int) -> Symptom:
        return Symptom(figure=figure, threshold=Threshold(">", 0), hold=Hold(), weight=weight)

    deployed = Symptom(change="deployment", weight=3)
    adds = replace(deployed, need="adds", weight=1)
    scene = Scene(
        book(over("a", 8), name="store"),
        book(over("b", 8), adds, name="outage"),
        book(over("c", 1), name="slow"),
        book(deployed, over("d", 1), name="deployed"),
    )
    at = BEGAN - timedelta(minutes=3)
    scene.past = Past(changes=(Noticed("jobs", Change(at, "1.43.0", "deployment")),))

    def with_(names: str) -> list[str]:
        signals = (Figure(name=f"jobs.{n}", value=float(n in names)) for n in "abcd")
        told = up(*signals, level="SEV2")
        return scene.poll(told).poll(told).names

    assert with_("") == ["deployed"]
    assert with_("a") == ["store"]
    assert with_("b") == ["outage", "deployed"]  # it counts the change itself
    assert with_("c") == ["deployed", "slow"]
    assert with_("ab") == ["outage", "store"]
    assert with_("ad") == ["store", "deployed"]  # more than a change speaks for it


def test_all_any_adds_and_unless() -> None:
    def has(figure: str, need: str, **more: object) -> Symptom:
        over = Threshold(">", 0)
        return Symptom(figure=figure, need=need, threshold=over, hold=Hold(), **more)

    symptoms = (
        has("a", "all"),
        has("b", "any"),
        has("c", "any"),
        has("d", "adds"),
        has("e", "unless"),
    )
    scene = Scene(book(*symptoms))

    def with_(names: str, lacks: str) -> list[str]:
        signals = (Figure(name=f"jobs.{n}", value=float(n in names)) for n in "abcde" if n != lacks)
        told = up(*signals)
        return scene.poll(told).poll(told).names

    for names, lacks, proposed in (
        ("a", "", False),
        ("b", "", False),
        ("ab", "", True),
        ("ac", "b", True),
        ("ad", "", False),
        ("abe", "", False),
        ("b", "a", False),  # nothing that must hold can be told here
    ):
        assert bool(with_(names, lacks)) is proposed, (names, lacks)


def test_more_weight_comes_first_then_the_larger_share_then_the_rooms_order() -> None:
    def over(figure: str, weight: int) -> Symptom:
        return Symptom(figure=figure, threshold=Threshold(">", 0), hold=Hold(), weight=weight)

    books = (
        book(over("a", 1), over("a", 1), name="light"),
        book(over("a", 3), over("b", 3), name="half"),
        book(over("a", 3), name="whole"),
        book(over("a", 3), name="whole-too"),
    )
    scene = Scene(*books)
    scene.poll(up(Figure(name="jobs.a", value=1.0), Figure(name="jobs.b", value=0.0)))
    assert scene.names == ["whole", "whole-too", "half", "light"]
    assert [one.share for one in scene.proposals] == [1.0, 1.0, 0.5, 1.0]


def test_the_worst_of_several_is_told_and_how_many_more() -> None:
    scene = Scene(book(DEEP))
    others = (depth(11_000, name="jobs.a.depth"), depth(90_000, name="jobs.b.depth"), depth(12_000))
    for _ in range(2):
        scene.poll(up(*others))
    assert scene.first.words == "b: depth 90,000 over 10,000, and 2 more"


def test_a_change_counts_that_came_just_before_a_trouble_that_lasts() -> None:
    scene = Scene(book(Symptom(change="deployment", within=900.0)))
    scene.poll(up(level="SEV2"))
    deployed = Noticed(
        "jobs", Change(BEGAN - timedelta(minutes=3), "1.43.0 deployed", "deployment")
    )
    old = Onset(source="jobs", signal="jobs.x", level="SEV3", at=BEGAN - timedelta(days=9))
    new = Onset(source="jobs", signal="jobs.y", level="SEV2", at=BEGAN)
    scene.past = Past(onsets=(old, new), changes=(deployed,))
    assert scene.first.words == "1.43.0 deployed, 3 min before it began"
    scene.past = Past(onsets=(old,), changes=(deployed,))  # it came after that one began
    assert scene.names == []
    over = replace(new, until=BEGAN + timedelta(seconds=1))
    scene.past = Past(onsets=(over,), changes=(deployed,))
    assert scene.names == ["one"]  # the source is at a step: before now
    scene.poll(up())
    assert scene.names == []  # all is well: there is nothing to blame it for


def test_a_change_before_a_trouble_came_back_is_told_and_not_an_older_one() -> None:
    scene = Scene(book(Symptom(change="deployment", within=900.0)))
    scene.poll(up(level="SEV2"))

    def deployed(version: str, minute: float) -> Noticed:
        at = BEGAN + timedelta(minutes=minute)
        return Noticed("jobs", Change(at, version, "deployment"))

    def step(minute: float, before: str, level: str) -> Step:
        at = BEGAN + timedelta(minutes=minute)
        return Step(source="jobs", at=at, before=before, level=level)

    # The record takes a trouble that is back within minutes for the same one.
    onset = Onset(source="jobs", signal="jobs.x", level="SEV2", at=BEGAN)
    changes = (deployed("1.42.0", -2), deployed("1.43.0", 4))
    back = (step(0.2, "OK", "SEV2"), step(2, "SEV2", "OK"), step(4.5, "OK", "SEV2"))
    scene.past = Past(onsets=(onset,), changes=changes, levels=back)
    assert scene.first.words == "1.43.0, 30 s before it came back"
    scene.past = Past(onsets=(onset,), changes=changes, levels=back[:1])  # it lasts since then
    assert scene.first.words == "1.42.0, 2 min before it began"
    worse = (back[0], step(4.5, "SEV3", "SEV2"))
    scene.past = Past(onsets=(onset,), changes=changes, levels=worse)
    assert scene.first.words == "1.42.0, 2 min before it began"
    elsewhere = tuple(replace(one, source="web") for one in back)
    scene.past = Past(onsets=(onset,), changes=changes, levels=elsewhere)
    assert scene.first.words == "1.42.0, 2 min before it began"


def test_a_change_that_is_noticed_after_the_trouble_is_not_said_to_come_before_it() -> None:
    scene = Scene(book(Symptom(change="deployment", within=900.0)))
    scene.poll(up(level="SEV2"))
    onset = Onset(source="jobs", signal="jobs.x", level="SEV2", at=BEGAN)
    for seconds, words in (
        (-5, "1.43.0, a moment before it began"),
        (20, "1.43.0, about when it began"),
    ):
        at = BEGAN + timedelta(seconds=seconds)
        noticed = Noticed("jobs", Change(at, "1.43.0", "deployment"))
        scene.past = Past(onsets=(onset,), changes=(noticed,))
        assert scene.first.words == words


def test_what_a_reload_changes_starts_anew_and_the_rest_goes_on() -> None:
    scene = Scene(book(DEEP), book(replace(DEEP, weight=2), name="two"))
    scene.poll(up(depth(12_400))).poll(up(depth(12_400)))
    changed = replace(DEEP, weight=2, threshold=Threshold(">", 9_000))
    scene.books = (book(DEEP), book(changed, name="two"))
    assert scene.names == ["one"]
    assert scene.poll(up(depth(12_400))).names == ["one"]
    assert set(scene.poll(up(depth(12_400))).names) == {"one", "two"}
    assert kept(scene.matching, ("other",)) == Matching()
    assert kept(scene.matching, ("jobs",)) == scene.matching


@given(st.text(max_size=300), st.text(max_size=300))
def test_hostile_words_are_put_in_once_cut_and_harmless(of: str, why: str) -> None:
    symptom = replace(DEEP, says="{of}|{why}|{source}", hold=Hold())
    told = up(depth(20_000, of=safe("{why}{source}" + of)), why=safe(why), state="DOWN")
    words = Scene(book(symptom)).poll(told).first.words
    assert len(words) <= 160
    assert words == safe(words, 160)
    assert words.startswith("{why}{source}")


def test_a_brace_in_a_name_is_no_place_either() -> None:
    scene = Scene(book(Symptom(figure="*", threshold=Threshold(">", 1), hold=Hold())))
    figure = Figure(name="jobs.{why}.{of}", value=2.0, of="{span}")
    assert scene.poll(up(figure, why="boom")).first.words == "{why}: (of) 2 ({span}) over 1"


VALUES = st.sampled_from([None, 0.0, 20_000.0])


@given(st.lists(VALUES, max_size=40), st.integers(1, 4))
def test_it_holds_only_after_as_many_bad_polls_as_it_wants(
    values: list[float | None], polls: int
) -> None:
    scene = Scene(book(replace(DEEP, hold=Hold(polls=polls))))
    held = False
    for at, value in enumerate(values):
        holds = scene.poll(up(depth(value))).first.holds == "holds"
        if holds and not held:
            assert values[at - polls + 1 : at + 1] == [20_000.0] * polls
        if held and not holds:
            assert values[at - 1 : at + 1] == [0.0, 0.0]
        if value is None:
            assert holds is held
        held = holds


@given(
    st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=8), st.permutations(range(3))
)
def test_the_order_of_sources_says_nothing(
    rows: list[tuple[float | None, ...]], order: list[int]
) -> None:
    books = (book(DEEP), book(replace(DEEP, every=True), name="every"))
    straight, mixed = Scene(*books), Scene(*books)
    for row in rows:
        sights = [
            up(depth(value, name=f"s{at}.q.depth"), name=f"s{at}") for at, value in enumerate(row)
        ]
        straight.poll(*sights)
        mixed.sights = {}
        mixed.poll(*(sights[at] for at in order))
    assert mixed.proposals == straight.proposals
    assert mixed.first == straight.first


@given(st.text("ab*.", max_size=8), st.text("ab.", max_size=8))
def test_a_pattern_fits_as_the_plain_reading_of_it_says(pattern: str, name: str) -> None:
    def plain(pattern: str, name: str) -> bool:
        if not pattern:
            return not name
        if pattern[0] == "*":
            return any(plain(pattern[1:], name[at:]) for at in range(len(name) + 1))
        return bool(name) and name[0] == pattern[0] and plain(pattern[1:], name[1:])

    assert fits(pattern, name) is plain(pattern, name)
