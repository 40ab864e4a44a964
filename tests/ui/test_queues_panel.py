"""The panel of queues as text: what a tired engineer reads out of it, in every state."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from panels import queue_facts
from panels.queues import QueuesPanel
from tests.ui import redis_boards as rb
from tests.ui.boards import NOON, acknowledged, welcome
from tests.ui.consoles import ScriptedLink, console
from tests.ui.views import HOSTILE, contents, harmless, text, view
from warroom.config.local import LocalPage
from warroom.console.look import Look
from warroom.measure.redis import Count, FailedJob, Group
from warroom.text import safe
from warroom.wire import Inspect

STATES = {
    "good": rb.good(),
    "bad": rb.bad(),
    "stuck by choice": rb.stuck_by_choice(),
    "unseen": rb.unseen(),
    "down": rb.down(),
    "loading": rb.loading(),
    "refused": rb.refused(),
    "in part": rb.in_part(),
    "stream": rb.stream(),
    "cache": rb.cache(),
}
SIZES = ((56, 1), (56, 4), (56, 11), (76, 6), (116, 12), (116, 36))


def lines(*sources, width=116, height=36, **options):
    return text(QueuesPanel, rb.of(*sources), width, height, **options)


def title(*sources, **options):
    return QueuesPanel.title(view(rb.of(*sources), **options)).plain


def sheet(name, *sources):
    return QueuesPanel.sheet(view(rb.of(*sources), expanded=True), name)


def details(key, *sources, width=100):
    told = QueuesPanel.details(view(rb.of(*sources), expanded=True), key, width)
    return [" ".join(line.plain.split()) for line in told]


def styles(shown, words):
    """The styles of the span in which these words begin."""
    line = next(line for line in shown if words in line.plain)
    at = line.plain.index(words)
    return {str(span.style) for span in line.spans if span.start <= at < span.end}


# the rows ---------------------------------------------------------------------------------


def test_a_note_of_a_queue_that_is_well_is_for_its_details_alone():
    noted = {"notes": ("workers: one that is killed counts for a while",)}
    well, stuck = (rb.source(queues=(make(**noted),)) for make in (rb.queue, rb.stuck))
    assert "killed counts" not in " ".join(lines(well, width=76, height=6))
    assert "note workers: one that is killed counts for a while" in details(
        "jobs.queue:emails", well
    )
    assert "killed counts" in " ".join(lines(stuck, width=76, height=6))


def test_good_queues_one_line_each_under_their_columns():
    shown = lines(rb.good(), width=76, height=6)
    assert shown[0].split() == ["queue", "depth", "oldest", "drain", "failed", "workers"]
    assert [line.split() for line in shown[1:]] == [
        ["✔", "OK", "emails", "3", "800", "ms", "steady", "0", "4"],
        ["✔", "OK", "thumbnails", "0", "empty", "0", "4"],
        ["✔", "OK", "reports", "40", "21", "s", "in", "3", "min", "0", "4"],
    ]
    for word in ("depth", "oldest", "workers"):
        end = shown[0].index(word) + len(word)
        assert all(len(line) >= end and line[end : end + 1] in ("", " ") for line in shown)


def test_the_worst_queues_come_first_and_each_says_what_it_does():
    shown = lines(rb.bad(), height=12)
    assert shown[0].split() == [
        *("queue", "depth", "oldest", "drain", "in/s", "out/s"),
        *("failed", "workers", "delayed", "past"),
    ]
    rows = [line for line in shown[1:] if not line.startswith("    ")]
    assert [line.split()[1:3] for line in rows] == [
        ["SEV1", "thumbnails"],
        ["SEV2", "emails"],
        ["paused", "audit"],
        ["OK", "reports"],
        ["OK", "invoices"],
    ]
    assert "12.3 k   14 min  grows" in rows[0]
    assert "214   >3 min  stuck 3 min" in rows[1]
    words = "stuck 3 min: 214 wait, none finished, workers 0"
    assert shown[shown.index(rows[1]) + 1].strip() == f"└ {words}"
    assert "backlog: thumbnails.depth 12.3 k, over 10000 · since 14:03:50Z" in shown[2]


def test_what_is_not_known_is_a_dash_and_never_nought():
    (audit,) = (line for line in lines(rb.bad(), height=12) if " audit " in line)
    # Neither failed nor workers is told by a plain list.
    assert audit.split()[-4:-2] == ["–", "–"]
    (events,) = (line for line in lines(rb.stream(), width=76) if "not known events" in line)
    assert "0" not in events
    unknown = details("jobs.queue:events", rb.stream())
    assert "not known depth, oldest, delayed, failed, stuck" in unknown
    fresh = rb.queue(span=None, arriving=None, finishing=None, growing=None, stuck=None)
    (row,) = (line for line in lines(rb.source(queues=(fresh,)), height=4) if "emails" in line)
    assert row.split()[6:9] == ["–", "–", "–"]


def test_with_little_width_the_words_that_matter_stay():
    for look in (Look(), Look(unicode=False)):
        shown = "\n".join(lines(rb.bad(), width=56, height=5, look=look))
        for word in ("SEV2", "emails", "214", ">3 min", "stuck 3 min", "SEV1", "12.3 k", "grows"):
            assert word in shown
        assert "workers" not in shown
    heads = [lines(rb.good(), width=w, height=6)[0].split()[4:] for w in range(56, 120)]
    # What is of less use does not take the place of what does not fit.
    assert all(set(a) <= set(b) for a, b in pairwise(heads))
    assert heads[-1] == ["in/s", "out/s", "failed", "workers", "delayed", "past"]


def test_more_queues_than_lines_show_the_worst_and_count_the_others():
    shown = lines(rb.bad(), width=76, height=4)
    assert [line.split()[1] for line in shown[:3]] == ["SEV1", "SEV2", "paused"]
    assert shown[3].strip() == "and 2 more, all OK"
    assert lines(rb.bad(), height=2)[1].strip() == "and 4 more, 2 of them not well"
    many = rb.source(queues=tuple(rb.queue(f"q{n}") for n in range(9)))
    assert "q7" in "\n".join(lines(many, height=4, cursor="jobs.queue:q7"))


def test_stuck_by_the_teams_own_choice_says_so_and_is_no_level():
    (row, why, *_) = lines(rb.stuck_by_choice(), height=5)[1:]
    assert row.split()[:3] == ["▽", "stuck", "emails"]
    assert why.strip().startswith("└ stuck 3 min")
    paused = rb.source(queues=(rb.queue("a", paused=True), rb.queue("b"), rb.stuck("c")))
    assert [line.split()[1] for line in lines(paused, height=3)] == ["stuck", "paused", "OK"]


def test_the_past_has_its_gaps_and_moves_in_its_newest_cell_only():
    trend = (*(900.0,) * 100, *(None,) * 6, *(100.0,) * 6)
    source = rb.good(trends={"emails.depth": trend}, polls=121)
    (row,) = (line for line in lines(source, height=5) if "emails" in line)
    assert row.endswith("██  ▁▁▁▁")
    later = replace(source, polls=122, signals=tuple(_polled(s, 900.0) for s in source.signals))
    (moved,) = (line for line in lines(later, height=5) if "emails" in line)
    assert moved == f"{row[:-1]}█"


def _polled(signal, value):
    own = signal.name == "jobs.emails.depth"
    return replace(signal, trend=(*signal.trend[1:], value)) if own else signal


def test_a_few_jobs_do_not_look_like_a_storm():
    (row,) = (line for line in lines(rb.good(), height=5) if "emails" in line)
    assert set(row.split()[-1]) <= set("▁▂")


def test_queues_of_one_name_in_two_servers_are_told_apart():
    shown = lines(rb.good(), rb.bad("night"), height=20)
    assert any("jobs emails" in line for line in shown)
    assert any("night emails" in line for line in shown)
    names = sheet("queues", rb.good(), rb.bad("night"))
    assert names.columns[-1].rank == 0
    assert {row.cells[-1].text for row in names.rows} == {"jobs", "night"}


# the sources ------------------------------------------------------------------------------


def test_the_frame_counts_those_in_trouble():
    assert title(rb.good()) == "3 of 3 OK"
    assert title(rb.bad()) == "2 of 5 in trouble"
    assert title(rb.stuck_by_choice()) == "1 of 3 in trouble"
    assert title(rb.in_part()) == "1 of 3 not seen"
    assert title(rb.unseen()) == "2 of 5 in trouble · 5 of 5 not seen"
    assert title(rb.down()) == "3 of 3 not seen"
    assert title(rb.good(), lost="it was killed") == "3 of 3 not seen"
    assert title(rb.stream()) == "1 of 2 OK"
    assert title(rb.cache()) == ""
    # What the servers without queues are at is not of the queues.
    assert title(rb.good(), rb.full()) == "3 of 3 OK"


def test_a_queue_that_cannot_be_read_says_why_in_its_row_and_the_source_does_not_say_it_again():
    shown = lines(rb.in_part(), width=116, height=6)
    assert shown[1].split()[:4] == ["?", "CAN'T", "SEE", "emails"]
    assert rb.WRONG in shown[1]
    assert "\n".join(shown).count("WRONGTYPE") == 1


def test_a_source_that_fails_keeps_its_last_figures_grey_and_says_why():
    board = rb.of(rb.unseen())
    shown = contents(QueuesPanel, board, 116, 12)
    plain = "\n".join(line.plain for line in shown)
    assert "figures 30 s old · no answer within 3.0 s" in plain
    assert "CAN'T SEE reports" in plain
    assert "✔" not in plain
    assert "none finished" not in plain  # as if it were so now
    assert styles(shown, "12.3 k") == {".dim"}
    assert "seen figures 30 s old" in details("jobs.queue:thumbnails", rb.unseen())


@pytest.mark.parametrize(
    "source", [rb.down(), rb.loading(), rb.refused()], ids=["down", "loading", "refused"]
)
def test_queues_of_which_nothing_is_told_keep_their_rows(source):
    shown = lines(source, width=76, height=6)
    assert [line.split()[3:] for line in shown[1:4]] == [
        [name, "not", "seen"] for name in ("emails", "thumbnails", "reports")
    ]
    assert source.cause.split(":")[0] in " ".join(shown[4:])
    assert "✔" not in "\n".join(shown)
    assert source.cause in " ".join(details("jobs.queue:emails", source))


def test_without_an_engine_nothing_is_claimed():
    shown = "\n".join(lines(rb.bad(), lost="it was killed"))
    assert "✔" not in shown
    assert shown.count("? CAN'T SEE") == 6  # five queues and their source
    assert "it was killed" in shown


def test_old_figures_tell_their_age():
    assert any("figures 20 s old" in line for line in lines(rb.bad(), now=21.0))
    assert not any("figures" in line for line in lines(rb.bad(), now=6.0))


def test_who_has_seen_it_is_said():
    shown = lines(rb.bad(acknowledged=acknowledged()))
    assert any("seen by ana until 14:37Z: rolling back" in line for line in shown)


def test_a_source_without_queues_says_how_to_name_one_in_one_line():
    assert lines(rb.cache(), height=3) == [
        'No queue is named. Name one:  [[sources.cache.queues]]  name = "emails"  kind = "bullmq"'
    ]
    assert lines()[0] == "No Redis is configured."
    assert 'kind = "redis"' in lines()
    # Beside one that has queues it is no matter.
    both = "\n".join(lines(rb.good(), rb.full()))
    assert "Name one" not in both
    assert "memory_used" not in both


def test_colour_is_a_level_only_where_a_rule_is_broken():
    calm = contents(QueuesPanel, rb.of(rb.stuck_by_choice()), 116, 6)
    painted = {str(s.style) for line in calm for s in line.spans if "level" in str(s.style)}
    assert painted == {".level-1"}  # by the rule's limit, though it has not counted yet
    calm = contents(QueuesPanel, rb.of(rb.good()), 116, 36)
    rows = [line for line in calm if " OK " in line.plain]
    assert not any("level" in str(span.style) for line in rows for span in line.spans)
    bad = contents(QueuesPanel, rb.of(rb.bad()), 116, 12)
    assert ".level-0" in styles(bad, "12.3 k")
    assert ".level-1" in styles(bad, "stuck 3 min")


# the pages and the details ----------------------------------------------------------------


def test_pages_are_those_that_have_something_to_show():
    assert QueuesPanel.pages(view(rb.of(rb.bad()))) == ("queues", "failed")
    assert QueuesPanel.pages(view(rb.of(rb.stream()))) == ("queues", "failed", "groups")


def test_failed_jobs_are_listed_newest_first_without_payloads():
    late_first = rb.stuck(failed=17, failures=rb.FAILURES[::-1])
    found = sheet("failed", rb.bad(queues=(late_first,)))
    assert found.note == "the newest of each queue · e shows the job with its payload"
    assert [row.key for row in found.rows] == ["jobs.job:emails:4711", "jobs.job:emails:4690"]
    cells = [cell.text for cell in found.rows[0].cells]
    assert cells == ["03-04 14:06:58", "emails", "welcome", "3", "4711", "jobs", cells[-1]]
    assert cells[-1] == rb.FAILURES[0].error
    assert [cell.text for cell in found.rows[1].cells][:4] == ["–", "emails", "receipt", "–"]


def test_that_no_job_has_failed_is_only_said_when_all_say_so():
    assert sheet("failed", rb.good()).empty == "No job has failed."
    assert sheet("failed", rb.stream()).empty.endswith("how many failed is not known of events.")
    silent = rb.source(queues=(rb.queue(failed=17),))
    assert sheet("failed", silent).empty == "17 have failed, and none of them could be listed."
    assert "No job has failed" not in sheet("failed", rb.unseen(queues=rb.CALM)).empty


def test_all_of_a_queue_and_all_of_a_failed_job():
    told = details("jobs.queue:emails", rb.bad())
    assert told[:2] == [
        "queue emails in jobs, bullmq",
        "why stuck 3 min: 214 wait, none finished, workers 0",
    ]
    assert "it says wait 3 · prioritized 0 · completed –" in told
    assert "flow 1.2 jobs/s in, 0 jobs/s out, it grows by 1.2 jobs/s, over 60 s" in told
    job = details("jobs.job:emails:4711", rb.bad(), width=40)
    words = " ".join(job)
    assert rb.FAILURES[0].error in words
    assert words.endswith("e shows the job with its payload")
    group = details("jobs.group:events:audit", rb.stream())
    assert group[-1].startswith("not known lag")


def test_rows_and_keys_keep_to_their_sources_and_are_unique():
    twins = tuple(FailedJob(queue="emails", id="1", error=e) for e in "ab")
    odd = rb.queue(failures=twins, groups=(Group(name="a:b"), Group(name="a")))
    board = rb.of(rb.bad(), rb.stream("night"), rb.source("odd", queues=(odd,)))
    seen = view(board, expanded=True)
    for name in QueuesPanel.pages(seen):
        keys = [row.key for row in QueuesPanel.sheet(seen, name).rows]
        assert len(keys) == len(set(keys)), name
        assert {key.partition(".")[0] for key in keys} <= {"jobs", "night", "odd"}
        for row in QueuesPanel.sheet(seen, name).rows:
            assert len(row.cells) == len(QueuesPanel.sheet(seen, name).columns)
            assert QueuesPanel.details(seen, row.key, 80)
    assert QueuesPanel.rows(view(board)) == tuple(e.key for e in queue_facts.entries(view(board)))


# every state ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("size", SIZES)
def test_each_state_keeps_to_its_size_and_in_ascii_to_ascii(name, size):
    board = rb.of(STATES[name])
    for options in ({}, {"look": Look(unicode=False)}, {"cursor": "jobs.queue:emails"}):
        shown = contents(QueuesPanel, board, *size, **options)
        harmless(shown, *size)
        if "look" in options:
            assert all(line.plain.isascii() for line in shown)
    assert QueuesPanel.title(view(board)).cell_length < 60


NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,39}", fullmatch=True)


@given(NAMES, HOSTILE, HOSTILE, st.sampled_from([(56, 3), (76, 7), (116, 36)]))
def test_hostile_text_is_shown_and_not_obeyed(name, one, two, size):
    job = FailedJob(queue=name, id=one, name=two, error=one, failed_at=NOON, attempts=1)
    found = rb.stuck(
        name,
        kind=two,
        place=one,
        failures=(job,),
        notes=(one, two),
        counts=(Count(one, 3),),
        groups=(Group(name=two, pending=1, oldest_idle=3.0),),
    )
    torn = rb.queue("torn", trouble=two)
    source = rb.source(
        title=one,
        queues=(found, torn),
        cause=two,
        level="SEV2",
        seen={"blind": (one,)},
        causes={f"{name}.depth": ("SEV2", one)},
    )
    board = rb.of(source)
    harmless(contents(QueuesPanel, board, *size), *size)
    seen = view(board, expanded=True)
    for page in QueuesPanel.pages(seen):
        rows = QueuesPanel.sheet(seen, page).rows
        assert len({row.key for row in rows}) == len(rows)
        for row in rows:
            told = QueuesPanel.details(seen, row.key, size[0])
            harmless(told, size[0], len(told))
            assert all(cell.text == safe(cell.text) for cell in row.cells)


# on the screen ----------------------------------------------------------------------------


async def test_pages_turn_and_e_asks_for_the_job_with_its_payload():
    link = ScriptedLink(welcome(), rb.of(rb.bad()))
    app = console(link=link, pages=(LocalPage("jobs", ("queues", "redis")),))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "z")
        await pilot.pause()
        panel = app.selected_panel
        assert panel.cursor == "jobs.queue:thumbnails"
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert panel.cursor == "jobs.job:emails:4711"
        shown = "\n".join(line.plain for line in panel.draw(*panel.size))
        assert "payload       e shows the job with its payload" in shown
        await pilot.press("e")
        await pilot.pause()
        assert link.asked == [Inspect(ref=0, source="jobs", key="job:emails:4711")]


def test_queues_in_trouble_120x40(snap_compare):
    app = console(rb.of(rb.bad(), rb.in_part("night")), pages=(LocalPage("jobs", ("queues",)),))
    assert snap_compare(app, terminal_size=(120, 40))


def test_queues_and_their_redis_80x24(snap_compare):
    board = rb.of(rb.bad(), rb.cut_off())
    app = console(board, pages=(LocalPage("jobs", ("queues", "redis")),))
    assert snap_compare(app, terminal_size=(80, 24))
