"""Documents: one recorded incident looked at by eye, and hostile text through every format."""

import csv
import errno
import io
import json
import os
import re
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any
from unicodedata import category

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from tests.unit.incidents import NOON, Telling
from tests.unit.recorded import TEAM, dossier, samples, telling
from tests.unit.test_shell_lines import EVIL, HOSTILE
from warroom.attach.room import RoomPaths
from warroom.cli import export
from warroom.cli.team import Team
from warroom.errors import ReportError
from warroom.incident.entries import (
    Correction,
    Declared,
    FollowUp,
    Link,
    Milestone,
    Note,
    Resolved,
    Role,
)
from warroom.incident.outward import EvidenceFile
from warroom.report.corrected import corrected
from warroom.report.document import Blank, Chart, Document, Facts, Heading, Items, Table, Words
from warroom.report.dossier import Dossier, Evidence
from warroom.report.evidence import Sample, file_name
from warroom.report.html import html
from warroom.report.log import incident_log
from warroom.report.markdown import markdown
from warroom.report.measures import measures
from warroom.report.postmortem import post_mortem
from warroom.report.reading import LONGEST, agrees, read_evidence
from warroom.report.records import COLUMNS, as_csv, as_json, defused
from warroom.report.series import GAP, POINTS, series, thinned
from warroom.report.svg import svg
from warroom.report.writing import bundle, write
from warroom.severity import SEV
from warroom.zone import zone_named

GOLDEN = Path(__file__).parents[1] / "data" / "documents"
MARKS = ("<script>alert(1)</script>", "![x](http://e.example/x.png)", "[a](javascript:x)",
         "http://e.example/", "www.e.example", "# heading", "- item", "1. item", "| a | b |",
         "```", "<img src=x onerror=y>", "&lt;b&gt;", "a@e.example", "@everyone", "$x$", ":smile:",
         "***", "===", "> quote", "\\", "`code`", "~~gone~~", "=1+1", "@SUM(A1)", "\t=cmd|' /C'!A0",
         "shop.com/a?b=c", "//localhost/x", "shop/api#12",
         "//shop.com", "ana.b@shop.com", "mailto:a@b.com", "</style><script>", "]]>",
         "{{ 7*7 }}", "url(http://e.example)", "<!--")  # fmt: skip


def written(name: str, text: str) -> None:
    """Compare with what was looked at; write it anew where the file is not there."""
    path = GOLDEN / name
    if not path.exists():
        path.write_bytes(text.encode())
        pytest.fail(f"{path} was not there: look at it")
    assert text.encode() == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("post-mortem.md", lambda d: markdown(post_mortem(d))),
        ("post-mortem.html", lambda d: html(post_mortem(d))),
        ("log.md", lambda d: markdown(incident_log(d))),
        ("incident.json", as_json),
        ("timeline.csv", as_csv),
    ],
)
def test_one_recorded_incident(name, make):
    written(name, make(dossier()))


def test_what_is_still_open_is_a_draft_and_says_so():
    found = markdown(post_mortem(dossier(resolved=False)))
    assert found.startswith("# DRAFT, the incident is still open: Post-mortem INC-1\n")
    assert "**Resolved:** not yet" in found
    assert "| time to resolve | not known |" in found


# --- hostile text -------------------------------------------------------------------------


def hostile(*texts: str) -> Dossier:
    """An incident in which somebody wrote these wherever anybody can write."""
    said = "\n".join(texts)
    told = Telling(title=said, channel=said, links=(Link(said, said),), procedures=TEAM)
    told.write(*HOSTILE)
    told.write(*(Note(text=text) for text in texts), FollowUp(item=9, text=said, owner=said))
    figures = [
        Sample(at=NOON + timedelta(seconds=n), source=said, level="SEV1", state="UP",
               signals={said[:60] or "x": float(n % 7)}, units={said[:60] or "x": said[:20]})
        for n in range(30)
    ]  # fmt: skip
    base = dossier()
    return replace(
        base,
        room=said,
        environment=said,
        incident=told.incident,
        entries=tuple(told.entries),
        evidence=Evidence(samples=tuple(figures), problems=(said,), changed=(said,)),
    )


def benign() -> Dossier:
    return hostile("plain")


def nodes(page: str) -> list[Any]:
    return list(html5lib.parse(page, namespaceHTMLElements=False).iter())


OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "b"),
    *("main", "dl", "dt", "dd", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td"),
    *("figure", "figcaption", "svg", "rect", "line", "polyline", "circle", "text", "footer"),
    *("span", "br"),
}


def check_html(page: str) -> None:
    for node in nodes(page):
        assert isinstance(node.tag, str), "a comment or an instruction"
        name = node.tag.rpartition("}")[2]
        assert name in OURS, name
        for attribute, value in node.attrib.items():
            assert not attribute.lower().startswith("on")
            assert attribute not in ("href", "src", "srcset", "action", "style", "data"), attribute
            assert "://" not in value or attribute == "aria-label"
    styles = [node.text for node in nodes(page) if node.tag == "style"]
    assert len(styles) == 1
    assert "url(" not in styles[0]
    assert "@import" not in styles[0]


def joined(children: list[Any]) -> list[Any]:
    """Of the parts of a line, those that are text and follow each other as one."""
    found: list[Any] = []
    for child in children:
        if found and child.type == found[-1].type == "text":
            found[-1].content += child.content
        else:
            found.append(child)
    return [one for one in found if one.type == "text"]


def check_markdown(text: str, headings: list[str]) -> None:
    parser = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "linkify"])
    found = parser.parse(text)
    flat = [*found, *(child for token in found for child in token.children or ())]
    kinds = {token.type for token in flat}
    raw = {token.content for token in flat if token.type == "html_inline"}
    assert raw <= {"<br>", "<!-- -->"}, "a line's end within a cell, and nothing, are ours"
    for token in flat:
        if token.type == "inline":  # as GitHub looks: in what is left when all is parsed
            texts = (child.content for child in joined(token.children or []))
            assert not any(re.search(r"@\w|#\d", text) for text in texts)
    assert not kinds & {"html_block", "image", "link_open", "code_inline", "fence"}
    assert not kinds & {"code_block", "ordered_list_open", "s_open"}
    tags = [token.tag for token in found if token.type == "heading_open"]
    assert tags == headings


def heading_tags(text: str) -> list[str]:
    found = MarkdownIt("commonmark").enable(["table"]).parse(text)
    return [token.tag for token in found if token.type == "heading_open"]


def check_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        assert len(row) == len(COLUMNS)
        for cell in row:
            assert not cell.lstrip(" '\"\n").startswith(("=", "+", "-", "@", "\t", "\r"))\
                or cell.startswith("'")  # fmt: skip


@pytest.mark.trap(17, "hostile text in every document of an incident", "no structure in any format")
@pytest.mark.parametrize("text", [*MARKS, EVIL, "\n".join(MARKS)])
def test_no_text_makes_structure_in_any_format(text):
    found = hostile(text)
    for make in (post_mortem, incident_log):
        check_html(html(make(found)))
        check_markdown(markdown(make(found)), heading_tags(markdown(make(benign()))))
    check_csv(as_csv(found))
    assert json.loads(as_json(found))["room"] == text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.lists(st.one_of(st.text(max_size=40), st.sampled_from(MARKS)), max_size=4))
def test_whatever_stands_there_every_format_holds(text):
    found = hostile(*(text or [""]))
    page, plain = html(post_mortem(found)), markdown(post_mortem(found))
    check_html(page)
    check_markdown(plain, heading_tags(markdown(post_mortem(benign()))))
    check_csv(as_csv(found))
    json.loads(as_json(found))
    for made in (page, plain, as_csv(found)):
        assert all(char.isprintable() or char in "\r\n" or category(char) == "Zs" for char in made)


def test_a_long_name_leaves_room_for_what_it_names():
    page = html(post_mortem(dossier()))
    assert "grid-template-columns: fit-content(14rem) minmax(0, 1fr)" in page


def test_the_page_asks_nobody_for_anything():
    page = html(post_mortem(dossier()))
    assert "default-src &#x27;none&#x27;" in page
    policy = next(n for n in nodes(page) if n.attrib.get("http-equiv"))
    assert "script" not in policy.attrib["content"]
    check_html(page)


def test_an_address_is_shown_and_is_no_link():
    assert "https://meet.shop.example/inc-1" in html(post_mortem(dossier()))
    assert "<a " not in html(post_mortem(dossier()))


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), ("  =1", "'  =1"), ("'=1", "''=1"), ('"@x', "'\"@x"), ("-5", "'-5"),
        ("plain", "plain"), ("a=b", "a=b"), ("", ""), ("\n=1", "'\n=1"), ("|cmd", "'|cmd"),
        ("\uff1d1+1", "'\uff1d1+1"), ("\xa0=1", "'\xa0=1"), ("\u3000\uff20x", "'\u3000\uff20x"),
    ],
)  # fmt: skip
def test_a_cell_is_no_formula(cell, safe):
    assert defused(cell) == safe


# --- figures ------------------------------------------------------------------------------


def test_times_to_detect_acknowledge_mitigate_and_resolve():
    found = {one.name: one.span for one in measures(telling().incident, TEAM)}
    assert found == {
        "time to detect": 7 * 60,
        "time to acknowledge": 60,
        "time to mitigate": 24 * 60,
        "time to resolve": 36 * 60,
    }


def test_what_is_not_known_is_not_nothing():
    told = Telling(level="SEV1", started=NOON - timedelta(minutes=5))
    found = {one.name: one.span for one in measures(told.incident, TEAM)}
    assert found["time to acknowledge"] is None
    assert found["time to mitigate"] is None
    assert found["time to resolve"] is None
    told.say(Milestone(name="alert received"), happened=NOON - timedelta(minutes=4))
    assert measures(told.incident, TEAM)[0].span == 60


def test_times_are_measured_as_they_were_corrected():
    told = telling()
    numbers = {e.body.name: e.number for e in told.entries if isinstance(e.body, Milestone)}
    (end,) = [e.number for e in told.entries if isinstance(e.body, Resolved)]
    told.say(Correction(entry=numbers["acknowledged"], at=NOON + timedelta(seconds=20)))
    told.say(Correction(entry=numbers["mitigation deployed"], text=""))
    told.say(Correction(entry=end, at=NOON + timedelta(minutes=23)))
    told.say(Correction(entry=1, at=NOON - timedelta(minutes=2)))
    right = corrected(told.incident, told.entries)
    found = {one.name: one.span for one in measures(right, TEAM, told.entries)}
    assert found == {
        "time to detect": 5 * 60,
        "time to acknowledge": 140,
        "time to mitigate": None,
        "time to resolve": 30 * 60,
    }


def test_where_nobody_said_when_it_began_it_was_not_noticed_at_once():
    told = Telling(started=NOON)
    assert told.incident.declared == told.incident.started
    assert measures(told.incident, TEAM)[0].span is None


def test_who_led_first_has_answered():
    told = Telling(level="SEV1", procedures=TEAM)
    told.pass_(3)
    told.write(Role(role="commander", person="ana"))
    told.pass_(60)
    told.write(Role(role="commander", person="bob", before="ana"))
    one = measures(told.incident, TEAM, told.entries)[1]
    assert (one.span, one.since, one.until) == (180, "declared", "first commander")


def test_what_ends_before_it_begins_took_not_nothing():
    told = Telling(level="SEV1", started=NOON)
    told.say(Milestone(name="acknowledged"), happened=NOON - timedelta(minutes=1))
    told.say(Milestone(name="alert received"), happened=NOON - timedelta(minutes=4))
    assert measures(told.incident, TEAM)[0].span is None


def test_figures_before_during_and_after():
    told = telling()
    found = {one.name: one for one in series(samples(told), told.incident)}
    used = found["db.connections_used"]
    assert (used.before, used.after, used.unit) == (40.0, 40.0, "%")
    assert used.high is not None
    assert used.high[0] == 100.0
    assert used.ill
    assert "api.up" not in found, "it did not move"
    assert any(value is None for _, value in used.points), "a gap is a gap"


def test_figures_of_which_nothing_was_seen_before():
    """The room was opened when it had begun already."""
    told = telling()
    late = [one for one in samples(told) if one.at > told.incident.started + timedelta(minutes=3)]
    found = {one.name: one for one in series(late, told.incident)}
    assert set(found) == {"db.connections_used", "api.latency_p95"}
    assert found["db.connections_used"].before is None
    steady = [
        replace(one, signals={"x": 100.0})
        for one in late
        if one.source == "db" and one.at <= told.now
    ]
    assert [one.name for one in series(steady, told.incident)] == ["x"], "it was not well"
    well = [replace(one, level="OK") for one in steady]
    assert series(well, told.incident) == ()


def chart(first: timedelta, last: timedelta, began: timedelta, ended: timedelta | None) -> str:
    points = tuple((NOON + first + (last - first) * n / 9, float(n)) for n in range(10))
    end = None if ended is None else NOON + ended
    return svg(Chart(title="t", unit="", points=points, began=NOON + began, ended=end))


def test_a_chart_marks_no_start_and_no_end_that_it_does_not_show():
    hour = timedelta(hours=1)
    assert chart(-hour, 3 * hour, 0 * hour, hour).count('class="edge"') == 2
    assert "began 12:00Z" in chart(-hour, 3 * hour, 0 * hour, hour)
    assert chart(hour, 3 * hour, 0 * hour, 4 * hour).count('class="edge"') == 0
    assert chart(-hour, 3 * hour, 0 * hour, None).count('class="edge"') == 1


def test_a_chart_of_days_says_which():
    hour = timedelta(hours=1)
    short = chart(-hour, 3 * hour, 0 * hour, hour)
    assert ">11:00Z<" in short
    assert ">15:00Z<" in short
    days = chart(-hour, 40 * hour, 0 * hour, hour)
    assert ">2026-11-27 11:00Z<" in days
    assert ">2026-11-29 04:00Z<" in days


def test_many_points_are_thinned_and_keep_their_extremes():
    many = [(NOON + timedelta(seconds=n), 1.0) for n in range(5000)]
    many[1234] = (many[1234][0], 99.0)
    many[4321] = (many[4321][0], None)
    found = thinned(many)
    assert len(found) <= POINTS + 10
    assert 99.0 in [value for _, value in found]
    assert None in [value for _, value in found]
    apart = [(NOON, 1.0), (NOON + GAP * 3, 2.0)]
    assert [value for _, value in thinned(apart)] == [1.0, None, 2.0]


def test_an_incident_without_evidence_says_so():
    text = markdown(post_mortem(replace(dossier(), evidence=Evidence())))
    assert "No figures were kept that could be told here" in text


def test_ten_thousand_entries_are_one_document():
    base = dossier()
    first = next(e for e in base.entries if isinstance(e.body, Declared))
    more = tuple(
        replace(first, seq=n, number=n, body=Note(text=f"line {n}"), hash=f"{n:064x}")
        for n in range(100, 10_100)
    )
    found = replace(base, entries=(*base.entries, *more))
    assert markdown(post_mortem(found)).count("| line ") == 10_000
    assert len(list(csv.reader(io.StringIO(as_csv(found))))) == len(found.entries) + 1


# --- evidence -----------------------------------------------------------------------------


def kept(folder: Path, name: str, data: bytes) -> EvidenceFile:
    import hashlib

    (folder / name).write_bytes(data)
    return EvidenceFile(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


LINE = b'{"at":"2026-11-27T12:00:00Z","source":"db","level":"OK","state":"UP","signals":{"x":1}}\n'


def test_evidence_is_read_whatever_stands_in_it(tmp_path):
    data = LINE * 3 + b"{broken\n" + b'{"at":1}\n' + LINE + LINE[:20]
    file = kept(tmp_path, "signals.jsonl", data)
    found = read_evidence(tmp_path, (file,))
    assert len(found.samples) == 4
    assert found.problems == ("2 lines of signals.jsonl cannot be read",)
    assert found.changed == ()


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace(b"00Z", b"00"),
        LINE.replace(b'"db"', b'"\xff\xfe"'),
        LINE.replace(b"2026-11-27T12:00:00Z", b"0001-01-01T00:00:00+14:00"),
        LINE.replace(b'"x":1', b'"x":1e999'),
        LINE.replace(b"}}", b'},"q":' + b"[" * 9_000 + b"]" * 9_000 + b"}"),
        b" " * LONGEST + LINE,
    ],
    ids=["no zone", "no UTF-8", "no day", "no figure", "deep", "long"],
)
def test_a_line_that_is_of_no_use_is_counted_and_costs_no_other(tmp_path, line):
    (tmp_path / "signals.jsonl").write_bytes(LINE + line + LINE)
    found = read_evidence(tmp_path, ())
    assert len(found.samples) == 2
    assert found.problems == ("1 line of signals.jsonl cannot be read",)
    html(post_mortem(replace(dossier(), evidence=found)))


def test_what_is_no_file_is_not_read_and_not_waited_for(tmp_path):
    file = kept(tmp_path, "elsewhere", LINE)
    (tmp_path / "signals.jsonl").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "seen.jsonl")
    found = read_evidence(tmp_path, (replace(file, name="signals.jsonl"),))
    assert found.samples == ()
    assert found.changed == (), "nobody has looked"
    first, second, third = found.problems
    assert first.startswith("signals.jsonl cannot be read: ")
    assert second == "seen.jsonl cannot be read: it is no file"
    assert third.startswith("signals.jsonl cannot be compared with the journal: ")


def test_evidence_beyond_its_bound_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("warroom.report.reading.LARGEST", len(LINE) * 2)
    (tmp_path / "signals.jsonl").write_bytes(LINE * 3)
    found = read_evidence(tmp_path, ())
    assert len(found.samples) == 2
    assert found.problems == ("the rest of signals.jsonl cannot be read: it is larger than 0 MiB",)


def test_evidence_that_was_changed_is_said_in_every_document(tmp_path):
    file = kept(tmp_path, "signals.jsonl", LINE * 3)
    (tmp_path / "signals.jsonl").write_bytes(LINE * 2 + LINE.replace(b"OK", b"KO"))
    found = read_evidence(tmp_path, (file,))
    assert found.changed == ("signals.jsonl",)
    told = replace(dossier(), evidence=found, journalled=(file,))
    words = "is NOT what the journal says it was"
    assert words in markdown(post_mortem(told))
    assert words in html(incident_log(told))
    assert json.loads(as_json(told))["evidence"]["changed"] == ["signals.jsonl"]


def test_evidence_that_has_grown_since_agrees(tmp_path):
    file = kept(tmp_path, "signals.jsonl", LINE)
    (tmp_path / "signals.jsonl").write_bytes(LINE * 4)
    assert agrees(tmp_path, file)
    (tmp_path / "signals.jsonl").write_bytes(LINE[:-5])
    assert not agrees(tmp_path, file)
    (tmp_path / "signals.jsonl").unlink()
    assert not agrees(tmp_path, file)
    assert not agrees(tmp_path / "x", replace(file, name="../signals.jsonl"))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("INC-1", "INC-1"),
        ("../../x", "x"),
        ("a/b c", "a-b-c"),
        ("..", "incident"),
        ("é", "incident"),
    ],
)
def test_a_name_is_fit_for_a_file(name, file):
    assert file_name(name) == file


def test_blanks_are_counted():
    document = Document(
        title="t",
        subtitle="s",
        blocks=(
            Heading("h"),
            Words(Blank("a")),
            Words("x"),
            Facts((("n", Blank("b")), ("m", "v"))),
            Items((Blank("c"), "d")),
            Table(("h",), (("v",), (Blank("e"),))),
        ),
    )
    assert document.blanks == 4
    assert "4 places wait for a person" in markdown(document)
    assert html(document).count('<span class="blank">TO WRITE: ') == 4


def test_every_blank_of_a_document_is_counted():
    for make in (post_mortem, incident_log):
        found = make(dossier())
        assert markdown(found).count("**TO WRITE:**") == found.blanks
        assert html(found).count("TO WRITE: ") == found.blanks


def test_what_is_done_already_is_asked_of_nobody():
    told = telling()
    before = post_mortem(replace(dossier(), incident=told.incident)).blanks
    told.say(FollowUp(item=2, text="x", sort="prevent", state="dropped"))
    assert post_mortem(replace(dossier(), incident=told.incident)).blanks == before - 1


def test_without_a_configuration_no_empty_room_is_named():
    assert "13:29:00Z. 32 entries" in markdown(
        post_mortem(replace(dossier(), room="", environment=""))
    )


def test_its_date_is_that_of_its_times():
    east = NOON.replace(hour=20).astimezone(timezone(timedelta(hours=9)))
    told = Telling(started=east)
    text = markdown(incident_log(replace(dossier(), incident=told.incident)))
    assert "**Date:** 2026-11-27\n" in text
    assert "**Started:** 2026-11-27 20:00:00Z" in text


def test_what_is_gathered_is_corrected(tmp_path, monkeypatch):
    told = telling()
    told.say(Correction(entry=1, at=NOON - timedelta(minutes=2)))
    monkeypatch.setattr(export, "history", lambda *_: (told.incident, tuple(told.entries)))
    monkeypatch.setattr(export, "team_of", lambda _: Team(TEAM, SEV))
    paths = RoomPaths(tmp_path / "config.toml", tmp_path, tmp_path / "socket")
    assert export.gather(paths, "").incident.declared == NOON - timedelta(minutes=2)


def test_an_agenda_fills_an_hour():
    found = markdown(post_mortem(dossier()))
    assert "## Agenda of the review, 60 minutes" in found
    minutes = [int(line.split("|")[1].split()[0]) for line in found.splitlines() if " min |" in line
               and line.split("|")[1].strip().endswith("min")]  # fmt: skip
    assert sum(minutes) == 60


def test_it_was_resolved_by_an_override():
    told = telling(resolved=False)
    told.write(Resolved(how="hotfix", status="Resolved", unmet=("api is SEV1",), override="drill"))
    found = markdown(post_mortem(replace(dossier(), incident=told.incident)))
    assert "api is SEV1" in found
    assert "**Resolved all the same, since:** drill" in found
    assert SEV.names


# --- written ------------------------------------------------------------------------------


def test_a_full_disk_leaves_nothing_half_written_and_keeps_what_was_there(tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "x.md"
    path.write_text("mine")
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        for force in (False, True):
            target = path if force else tmp_path / "y.md"
            with pytest.raises(ReportError, match="cannot be written: No space left") as caught:
                write(target, b"much", force=force)
            assert "nothing is lost" in caught.value.hint
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("x.md", "mine")]
    write(path, b"more", force=True)
    assert path.read_text() == "more"


def test_who_came_first_keeps_the_name(tmp_path, monkeypatch):
    """Somebody writes a file of that name between our look and our writing."""
    path = tmp_path / "x.md"
    real = os.fsync

    def slow(descriptor: int) -> None:
        path.write_text("theirs")
        real(descriptor)

    monkeypatch.setattr("os.fsync", slow)
    with pytest.raises(ReportError, match="cannot be written: File exists"):
        write(path, b"ours")
    assert path.read_text() == "theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_same_files_make_the_same_bundle():
    files = {"a.md": b"1", "evidence/b.jsonl": b"2"}
    assert bundle("INC-1", files, 1e9) == bundle("INC-1", files, 1e9)


def test_it_is_written_where_files_cannot_be_linked(tmp_path, monkeypatch):
    def refuses(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuses)
    path = tmp_path / "x.md"
    write(path, b"one")
    assert path.read_bytes() == b"one"
    with pytest.raises(ReportError, match="there already"):
        write(path, b"two")
    assert path.read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["x.md"]


def test_a_room_that_names_its_zone_has_both_at_the_top():
    made = replace(dossier(), zone=zone_named("America/New_York", {}))
    text = markdown(incident_log(made))
    assert "**Times:** UTC; in brackets America/New\\_York" in text
    assert "**Started:** 2026-11-27 11:53:00Z (06:53:00 EST)" in text
    assert "(06:53" not in markdown(incident_log(dossier()))
