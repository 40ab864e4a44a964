"""Playbooks as text: the proposal's line, the list, one of them, one that is followed; and that
text from outside obeys nobody."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.ui import following, incidents
from tests.ui.boards import NOON
from tests.ui.following import (
    ALERT,
    LEAD,
    LOGS,
    MAIL,
    QUEUE,
    RESTART,
    RETRY,
    SCALE,
    SECOND,
    SMALL,
    WHICH,
    half_way,
    proposal,
    shelf,
    stepped,
    walked,
)
from tests.ui.views import HOSTILE, harmless
from warroom.console.compact import Listed, Place
from warroom.console.incident.rows import folded
from warroom.console.look import Look
from warroom.console.playbooks.books import Books, Result, Sent, standing
from warroom.console.playbooks.docking import shares
from warroom.console.playbooks.doing import place_of
from warroom.console.playbooks.facts import Scene
from warroom.console.playbooks.list_rows import Listing, list_rows
from warroom.console.playbooks.one_rows import copied, one_rows
from warroom.console.playbooks.pane_rows import body, title
from warroom.console.playbooks.proposed_line import evidence, line
from warroom.console.playbooks.walk import after_no_help, followed, next_step, walks
from warroom.console.state import Acts, RoomState
from warroom.incident.following import Followed, PlaybookStep
from warroom.incident.incident import FollowUpSeen
from warroom.playbooks.playbook import Link, Playbook, Step
from warroom.wire import Acting, Board, Changed

LOOK, ASCII = Look(), Look(unicode=False)
WIDTHS = st.integers(min_value=1, max_value=200)


# --- which are proposed -------------------------------------------------------------------


def test_a_change_that_says_nothing_of_proposals_leaves_them():
    board = Board(room=None, sources=(), proposals=(proposal(),))
    state = RoomState().taking(board, 0.0)
    assert state.taking(Changed(), 1.0).proposals == (proposal(),)
    assert state.taking(Changed(proposals=(SECOND,)), 1.0).proposals == (SECOND,)
    assert state.taking(Changed(proposals=()), 1.0).proposals == ()
    assert state.losing("it ended").proposals == ()


def test_what_is_followed_or_set_aside_is_not_proposed():
    books = Books().setting_aside(proposal())
    assert standing((proposal(), SECOND), Books(), ()) == (proposal(), SECOND)
    assert standing((proposal(), SECOND), Books(), ("queue-backlog",)) == (SECOND,)
    assert standing((proposal(), SECOND), books, ()) == (SECOND,)
    assert standing((proposal(),), books.taking_back("queue-backlog"), ()) == (proposal(),)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"evidence": ("emails: depth 13,000 over 10,000 for 9 min", "no job for 8 min")}, False),
        ({"evidence": ("emails: depth 12,400 over 10,000",), "score": 2}, False),
        ({"evidence": (*proposal().evidence, "workers 0 of 4"), "score": 4}, True),
        ({"evidence": (*proposal().evidence, "workers 0 of 4")}, True),
        ({"evidence": ("emails: depth 12.4k over 9,999", "no job finished for 1 h 05")}, False),
        ({"evidence": ("payments: depth 12,400 over 10,000", "no job finished for 90 s")}, True),
        ({"evidence": (proposal().evidence[0], "connection refused for 90 s")}, True),
        ({"score": 5}, True),
        ({"since": NOON}, False),
        ({"since": proposal().since + timedelta(minutes=10)}, True),
    ],
)
def test_what_was_set_aside_comes_back_with_a_new_symptom_or_another_trouble(change, told):
    books = Books().setting_aside(proposal())
    assert bool(standing((proposal(**change),), books, ())) is told


def test_what_was_set_aside_twice_comes_and_goes_in_quiet():
    other = proposal(evidence=("payments: depth 12,400 over 10,000",))
    books = Books().setting_aside(proposal(evidence=proposal().evidence[:1])).setting_aside(other)
    assert standing((proposal(evidence=proposal().evidence[:1]),), books, ()) == ()
    assert standing((other,), books, ()) == ()


# --- the line -----------------------------------------------------------------------------


def test_the_line_tells_the_best_with_its_evidence():
    assert line((proposal(),), "p", LOOK, 120).plain.rstrip() == (
        " ▸ Playbook: Queue backed up: emails: depth 12,400 over 10,000 for 2 min; "
        "no job finished for 90 s           p opens it"
    )
    assert line((proposal(), SECOND), "p", LOOK, 80).plain == (
        " ▸ Playbook: Queue backed up: emails: depth 12,400 over 10,000 f…  p opens (+1) "
    )
    assert line((proposal(), SECOND), "p", ASCII, 80).plain.isascii()


def test_evidence_is_cut_between_its_pieces_where_a_cut_one_tells_nothing():
    pieces = ("depth 12,400 over 10,000", "no job finished for 90 s")
    assert evidence(pieces, 60, LOOK) == "depth 12,400 over 10,000; no job finished for 90 s"
    assert evidence(pieces, 42, LOOK) == "depth 12,400 over 10,000; no job finished…"
    assert evidence(pieces, 32, LOOK) == "depth 12,400 over 10,000 …"
    assert evidence(pieces, 5, LOOK) == ""


@given(title=HOSTILE, told=st.lists(HOSTILE, max_size=4), width=WIDTHS)
def test_the_line_keeps_to_its_width_and_obeys_nobody(title, told, width):
    one = proposal(title=title, evidence=tuple(told))
    harmless([line((one, SECOND), "p", LOOK, width)], width, 1)
    shown = line((one,), "p", ASCII, width)
    assert shown.plain.isascii()


# --- how one is walked --------------------------------------------------------------------


def sent(body):
    return Sent("INC-20260304-001", body, NOON)


def test_what_was_posted_counts_until_its_entry_comes():
    one = following.incident(half_way())
    post = sent(PlaybookStep(playbook="queue-backlog", step=MAIL))
    (walk,) = walks(one, (post,))
    assert walk.steps[MAIL].sent
    assert walk.steps[MAIL].state == "done"
    known = half_way(steps={MAIL: stepped()})
    (walk,) = walks(following.incident(known), (post,))
    assert not walk.steps[MAIL].sent
    assert walk.steps[MAIL].by == "ana"


def test_one_that_was_left_is_not_followed_and_keeps_its_steps_when_begun_again():
    left = half_way(left=NOON)
    assert walks(following.incident(left)) == ()
    again = sent(Followed(playbook="queue-backlog", title="Queue backed up"))
    (walk,) = walks(following.incident(left), (again,))
    assert walk.sent
    assert walk.steps[SCALE].state == "no help"
    leave = sent(Followed(playbook="queue-backlog", state="left"))
    assert walks(following.incident(half_way()), (leave,)) == ()
    other = replace(leave, incident="INC-2")
    assert len(walks(following.incident(half_way()), (other,))) == 1


def test_the_newest_post_of_a_step_is_the_one_that_counts():
    books = Books()
    for state in ("done", "open"):
        body = PlaybookStep(playbook="queue-backlog", step=MAIL, state=state)
        books = books.sending(sent(body))
    assert [one.body.state for one in books.sent] == ["open"]


def test_what_was_posted_is_forgotten_once_its_entry_must_have_come():
    body = PlaybookStep(playbook="queue-backlog", step=MAIL)
    books = Books().sending(sent(body))
    assert books.settled(NOON + timedelta(seconds=2), ()).sent
    assert books.settled(NOON + timedelta(minutes=9), (body,)).sent
    assert not books.settled(NOON + timedelta(seconds=4), ()).sent


def test_only_what_is_followed_in_an_open_incident_is_proposed_no_more():
    one = following.incident(half_way())
    assert followed((one,), Books()) == ("queue-backlog",)
    assert followed((replace(one, resolved=NOON),), Books()) == ()


def test_what_did_not_help_leads_to_the_next_and_then_to_escalation():
    tried = {SCALE: stepped("no help"), RESTART: stepped("no help")}
    (walk,) = walks(following.incident(walked(steps=tried)))
    by_text = {step.text: step for step in QUEUE.steps}
    assert after_no_help(QUEUE, walk, by_text[RESTART], NOON).text == RETRY
    tried[RETRY] = stepped("done")
    (walk,) = walks(following.incident(walked(steps=tried)))
    assert after_no_help(QUEUE, walk, by_text[RESTART], NOON).text == LEAD
    told = {step.text: stepped() for step in QUEUE.steps}
    (walk,) = walks(following.incident(walked(steps=told)))
    assert after_no_help(QUEUE, walk, by_text[RESTART], NOON) is None


def test_the_next_step_is_the_first_open_one_behind_else_from_the_beginning():
    (walk,) = walks(following.incident(half_way()))
    assert next_step(QUEUE, walk, NOON).text == MAIL
    assert next_step(QUEUE, walk, NOON, behind=SCALE).text == RESTART
    assert next_step(QUEUE, walk, NOON, behind=ALERT).text == MAIL


# --- the pane -----------------------------------------------------------------------------


def scene(*, books=None, look=LOOK, cursor=MAIL, now=NOON, told=None, procedures=None, **known):
    one = told or following.incident(half_way(**known))
    found = walks(one)
    return Scene(
        walk=found[0],
        playbook=QUEUE,
        incident=one,
        procedures=procedures or incidents.procedures(),
        acts=Acts().taking(Acting(actions=following.ACTIONS, whole=True), 0.0),
        books=books or Books(shelf=shelf()),
        now=now,
        look=look,
        cursor=cursor,
        focused=True,
        goes="Tab, or p p, goes to it",
    )


def told(shown, width=44, height=34):
    return [row.plain.rstrip() for row in body(shown, width, height)]


def test_a_console_that_watches_is_offered_no_key_that_it_would_be_refused():
    shown = replace(scene(), watches=True)
    feet = told(shown)[-4:]
    assert any("Only watched here" in line for line in feet)
    assert not any(word in line for line in feet for word in ("Enter", "Space", "pass", "leave"))


def test_a_tall_pane_tells_all_of_what_is_at_hand_and_what_is_next():
    assert told(scene()) == [
        "Look",
        "  [✔] Which queue, how deep, and does it",
        "      move?",
        "      done  ana 14:04:10Z",
        "  [✔] Worker logs: the same error a…  NOT OK",
        "▸ [ ] Does the mail provider answer?",
        "Mitigate",
        "  [✖] Scale the workers up",
        "      NO HELP  ana 14:06:10Z",
        "      ✔ SUCCEEDED  ▬ NO EFFECT emails.depth",
        "      12,400 → 12,380 within 60 s  ana",
        "      14:05:10Z",
        "  [ ] Restart the worker that stands still",
        "      still needs [actions.restart_worker]:",
        "      what starts a worker anew",
        "  [ ] Retry what failed, once it goes again",
        "Escalate",
        "  [ ] Tell the team lead",
        "      in 17m",
        "      team lead: Ben Okafor",
        "      phone +49 171 7654321  chat @ben",
        "  [ ] Ask the provider",
        "      the provider itself is down",
        "      Payments  phone +1 555 0100",
        "      page https://status.pay.example",
        "Checklist",
        "  [ ] The queue is small again",
        "  [ ] No job is left in the dead letters",
        "Prevent",
        "  [ ] Alert on the age of the oldest job,",
        "      not only on the depth",
        "",
        "Enter asks mail now",
        "Space done  s pass  E leave",
    ]


def test_a_low_pane_tells_the_step_at_hand_what_enter_does_and_what_is_next():
    assert told(scene(cursor=LOGS), 76, 6) == [
        "▸ [✔] Look: Worker logs: the same error again and again?",
        "      done  ben 14:04:40Z",
        "      ✖ NOT OK  44 errors in 10 min, of 2 kinds  ben 14:04:30Z",
        "  [ ] Look: Does the mail provider answer?",
        "Enter runs worker_logs, which only reads",
        "Space open again  o output  s pass  E leave",
    ]
    assert told(scene(cursor=RESTART), 56, 4) == [
        "▸ [ ] Mitigate: Restart the worker that stands still",
        "      still needs [actions.restart_worker]: what starts",
        "      a worker anew",
        "Enter restart_worker: its last look first",
    ]
    assert told(scene(), 76, 1) == ["▸ [ ] Look: Does the mail provider answer?"]


def test_a_pane_without_the_keys_says_how_to_come_to_it():
    assert told(replace(scene(), focused=False))[-1] == "Tab, or p p, goes to it"
    assert told(replace(scene(), focused=False), 76, 4)[-1] == "Tab, or p p, goes to it"


def test_the_cursor_is_in_sight_whatever_the_height():
    for height in range(1, 40):
        for step in QUEUE.steps:
            shown = told(scene(cursor=step.text), 44, height)
            assert len(shown) <= height
            assert any(row.startswith("▸ [") for row in shown), (height, step.text)


def test_it_is_time_for_a_step_once_it_is():
    assert "      now" in told(scene(cursor=LEAD, now=NOON + timedelta(minutes=20)))
    # By the minute: what ticks would be sent down every line.
    first, second = (told(scene(cursor=LEAD, now=NOON + timedelta(seconds=n))) for n in (10, 11))
    assert first == second


def test_what_is_watched_counts_down_and_then_asks():
    began = {SMALL: stepped("watch", 5)}
    assert "      10:00 left to watch  ana 14:02:10Z" in told(scene(cursor=SMALL, steps=began))
    over = told(scene(cursor=SMALL, steps=began, now=NOON + timedelta(minutes=11)), 60)
    assert "  ".join(("      the watch is over: was all well?", "ana 14:02:10Z")) in over
    assert "▸ [?] The queue is small again" in over
    assert "Enter says that all was well" in over
    assert "Enter nothing more" in told(scene(cursor=SMALL, steps=began))
    assert "Enter begins its watch of 15 min" in told(scene(cursor=SMALL))


def test_a_check_runs_and_says_what_came_of_it():
    bare = following.incident(walked(), checked={})
    key = scene(told=bare).key(QUEUE.step(LOGS))
    running = told(scene(told=bare, cursor=LOGS, books=Books(shelf=shelf()).began(key)))
    assert "      » running" in running
    assert any("▸ [»]" in row for row in running)
    failed = Books().ended(key, Result(False, "not run: there is no such check", "", NOON))
    assert "      not run: there is no such check  14:07:10Z" in told(
        scene(told=bare, cursor=LOGS, books=failed), 60
    )
    done = Books().ended(key, Result(True, "44 errors", "a\nb", NOON))
    assert "      44 errors  14:07:10Z" in told(scene(told=bare, cursor=LOGS, books=done))


def test_what_came_of_a_check_in_another_incident_is_not_told_here():
    other = following.incident(walked(), checked={}, id="INC-20260304-002")
    running = Books().began(scene(told=other).key(QUEUE.step(LOGS)))
    done = Books().ended(scene(told=other).key(QUEUE.step(LOGS)), Result(True, "44", "", NOON))
    here = following.incident(walked(), checked={})
    for books in (running, done):
        shown = told(scene(told=here, cursor=LOGS, books=books))
        assert not any("44" in row or "running" in row or "»" in row for row in shown)


def test_a_prevention_that_is_a_follow_up_says_so():
    item = FollowUpSeen(item=4, text=ALERT)
    one = following.incident(half_way(), follow_ups=(item,))
    shown = told(scene(told=one, cursor=ALERT))
    assert "      follow-up #4" in shown
    assert "Enter it is follow-up #4" in shown


def test_a_playbook_that_is_no_longer_there_says_so():
    gone = replace(scene(), playbook=None)
    assert told(gone, 76, 6)[0].startswith("This room has no such playbook any more")
    asking = replace(gone, books=Books(said="the engine is not there"))
    assert told(asking, 76, 6) == ["the engine is not there"]


def test_the_frame_tells_its_name_how_far_and_which_of_several():
    assert title(scene(), 43).plain == "Playbook ── Queue backed up · 3 of 11 done"
    two = replace(scene(), place="1/2")
    assert title(two, 43).plain == "Playbook 1/2 ── Queue backed up · 3 of 11"
    assert title(two, 34).plain == "Playbook 1/2 ── Queue b… · 3 of 11"


@given(
    texts=st.lists(HOSTILE, min_size=1, max_size=5, unique=True),
    words=HOSTILE,
    width=st.integers(min_value=1, max_value=120),
    height=st.integers(min_value=1, max_value=40),
    unicode=st.booleans(),
)
def test_the_pane_keeps_to_its_size_and_obeys_nobody(texts, words, width, height, unicode):
    steps = tuple(
        Step(part="look", text=text, tell=(words,), when=words, needs=words, check=words)
        for text in texts
    )
    evil = Playbook(name="evil", title=words, steps=steps)
    shown = replace(scene(look=Look(unicode=unicode)), playbook=evil, cursor=texts[-1])
    shown = replace(shown, walk=replace(shown.walk, title=words))
    for focused in (True, False):
        lines = body(replace(shown, focused=focused), width, height)
        if width > 12:
            harmless(lines, width, height)
        assert unicode or all(one.plain.isascii() for one in lines)


# --- the list, and one of them ------------------------------------------------------------


def listing(*, look=LOOK, wanted="", books=None, proposals=None, followed=()):
    one = following.incident(*followed)
    known = books or Books(shelf=shelf(), came=NOON)
    proposals = (proposal(),) if proposals is None else proposals
    return Listing(known, proposals, walks(one), NOON, look, wanted)


def rows(found, width=110):
    return [part.plain.rstrip() for row in found for part in folded(row, width)]


def test_the_list_tells_what_fits_and_what_speaks_for_it():
    assert rows(list_rows(listing(), 110)) == [
        "Fits what is seen now",
        "Queue backed up  2 hold, since 14:05:10Z",
        "  ✔ holds       emails: depth 12,400 over 10,000 for 2 min",
        "  ✔ holds       no job finished for 90 s",
        "  ◔ counting    emails: workers 0 of 4 for 10 s of 20 s",
        "                1 not so, 1 not watched: Enter tells all",
        "",
        "All others",
        "Connection pool exhausted       Every connection is taken; requests wait for one and "
        "time out.",
        "Certificate expires             A certificate is about to expire, or has expired.",
    ]


def test_the_list_marks_what_is_followed_and_what_is_set_aside():
    known = Books(shelf=shelf()).setting_aside(proposal())
    shown = rows(list_rows(listing(books=known, followed=(half_way(),)), 110))
    assert "followed by ana" in shown[1]
    assert "set aside" in shown[1]
    quiet = rows(list_rows(listing(proposals=(), followed=(half_way(),)), 110))
    assert quiet[0] == "Followed"
    assert quiet[1].startswith("Queue backed up")
    assert quiet[3] == "All"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("certificate", ["Certificate expires"]),
        ("idle TRANSACTION", ["Connection pool exhausted"]),
        ("dead letters", ["Queue backed up"]),
        ("requests wait", ["Connection pool exhausted"]),
        ("nonsense", []),
    ],
)
def test_a_search_looks_into_titles_and_steps(wanted, found):
    shown = list_rows(listing(wanted=wanted), 110)
    names = [row.key for row in shown if row.key]
    titles = {"certificate": "Certificate expires", "pool-exhausted": "Connection pool exhausted"}
    assert [titles.get(name, "Queue backed up") for name in names] == found
    assert found or rows(shown) == ["No playbook has nonsense in it."]


def test_a_list_that_cannot_be_had_says_so_and_how_old_it_is():
    assert rows(list_rows(listing(books=Books(said="asking the engine"), proposals=()), 80)) == [
        "asking the engine …"
    ]
    old = Books(shelf=shelf(), said="the engine is not there", came=NOON)
    assert rows(list_rows(listing(books=old), 80))[0] == (
        "? the engine is not there; this is from 14:07:10Z"
    )
    none = Books(said="the engine is not there")
    shown = rows(list_rows(listing(books=none), 80))
    # What fits is known all the same.
    assert shown[0] == "? the engine is not there"
    assert "  ✔ holds       no job finished for 90 s" in shown
    empty = Books(shelf=shelf(playbooks=(), proposals=()))
    assert "has no playbooks" in rows(list_rows(listing(books=empty, proposals=()), 80))[0]


def test_one_tells_all_of_itself():
    shown = rows(one_rows(listing(), QUEUE, incidents.procedures(), 110))
    for words in (
        "Symptoms  2 of 5 hold",
        " 1. Which queue, how deep, and does it move?  panel queues",
        " 2. Worker logs: the same error again and again?  check worker_logs",
        " 1. Scale the workers up  action scale with workers 4",
        " 1. Tell the team lead  tell team lead · 30 min after it began",
        " 1. The queue is small again  watch for 15 min",
        "Payments   phone +1 555 0100   page https://status.pay.example",
        "Runbook  https://wiki.shop.example/queues",
        "! [actions.restart_worker]: what starts a worker anew",
        "From built in",
    ):
        assert words in shown


def test_what_is_copied_is_what_stands_there():
    assert copied(QUEUE, "link 0") == "https://wiki.shop.example/queues"
    assert copied(QUEUE, "mitigate 2") == RESTART
    assert copied(QUEUE, "needs 0") == QUEUE.needs[0]
    for gone in ("link 1", "needs 7", "mitigate 4", "prevent 2"):
        assert copied(QUEUE, gone) == ""  # another configuration came between
    assert copied(QUEUE, "origin") == "https://wiki.shop.example/queues"


@given(words=HOSTILE, width=st.integers(min_value=20, max_value=140), unicode=st.booleans())
def test_the_lists_obey_nobody(words, width, unicode):
    steps = (Step(part="look", text=words, tell=(words,), values={words: words}, action=words),)
    evil = Playbook(
        name="evil", title=words, about=words, steps=steps, vendors=(words,), origin=words,
        links=(Link(words, words),), needs=(words,),
    )  # fmt: skip
    known = Books(shelf=shelf(evil), said=words)
    one = proposal(playbook="evil", title=words, evidence=(words,))
    found = listing(look=Look(unicode=unicode), books=known, proposals=(one,), wanted="")
    for made in (list_rows(found, width), one_rows(found, evil, incidents.procedures(), width)):
        lines = [part for row in made for part in folded(row, width)]
        harmless(lines, width, len(lines))
        assert unicode or all(row.plain.isascii() for row in lines)


# --- its place ----------------------------------------------------------------------------


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("focus", ["", "log", "playbook"])
@pytest.mark.parametrize("width", [60, 80, 119, 120, 160, 240])
def test_the_panels_keep_their_room(width, focus, log):
    for height in range(9, 60):
        found = shares(width, height, focus, log=log)
        if found.columns:
            assert width - found.columns >= 72
        else:
            left = height - found.playbook - found.log
            assert left >= 4, (height, found)
            assert found.playbook >= 5 or focus == "log"
            assert found.log >= 5 or focus != "log" or not log


def test_a_step_goes_to_the_panel_with_just_its_sources_first():
    places = tuple(
        Place(page, 1, Listed("queues", only, "")) for page, only in enumerate(((), ("a",), ("b",)))
    )
    assert place_of(places, "queues:b").page == 2
    assert place_of(places, "queues:c").page == 0
    assert place_of(places, "queues").page == 0
    assert place_of(places[1:], "queues").page == 1
    assert place_of(places, "redis") is None


def test_nothing_is_told_of_a_step_that_was_not_touched():
    assert WHICH in {step.text for step in QUEUE.steps}
    (walk,) = walks(following.incident(walked()))
    assert {walk.state(step, NOON) for step in QUEUE.steps} == {"open"}
