"""Every word of an incident, its team, its sources, playbooks and actions somebody else's: through
every document and every command, as bytes that leave us. Nothing in them is obeyed, and nothing
makes or unmakes what only we may: a heading, a row, a cell, a line."""

import csv
import gzip
import io
import itertools
import json
import re
import tarfile
import unicodedata
from datetime import timedelta
from types import SimpleNamespace

import html5lib
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from tests import hostile
from tests.hostile import CORPUS
from tests.ui import acting, boards, following
from tests.ui.views import view
from tests.ui.walking import Words, mixed, rewritten
from tests.unit.incidents import NOON, Telling
from tests.unit.recorded import TEAM, dossier, telling
from tests.unit.test_shell_lines import HOSTILE
from warroom import cli
from warroom.attach.room import RoomPaths
from warroom.cli import (
    actions,
    draft,
    export,
    incident,
    incidents,
    log,
    outbox,
    playbook,
    playbooks,
    status,
)
from warroom.cli.action_lines import plan_lines
from warroom.cli.message_lines import finding_lines, preview_lines
from warroom.cli.shelf import Standing
from warroom.cli.team import Team
from warroom.comms.context import Case
from warroom.comms.draft import draft as drafted
from warroom.comms.render import Templates
from warroom.console.plain import changes
from warroom.console.state import RoomState
from warroom.errors import WarroomError
from warroom.incident.drafted import Checked, Finding, Preview
from warroom.incident.incident import summary
from warroom.measure.change import Change
from warroom.measure.past import Noticed, Onset, Past
from warroom.report.dossier import Evidence
from warroom.report.evidence import Sample, Sight
from warroom.text import safe
from warroom.wire import Acting, Board
from warroom.wire.answers import ConsoleStatus, EngineStatus, SourceStatus, Status, TerminalStatus

COMMANDS = (actions, draft, export, incident, incidents, log, outbox, playbook, playbooks, status)
OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
MANY = 100_000
PARSED = 20
"""Of so many rooms one's pages are read by a browser's parser, which takes longest."""
SHORT = 100
"""Letters of a text that hypothesis makes: what is cut may be the same as another."""
PLAIN = Words(lambda: "word")


# --- what there is ------------------------------------------------------------------------


def story(words):
    """An incident in which everything was said that can be said, in those words."""
    told = Telling(level="SEV2", procedures=TEAM)
    told.entries = list(telling().entries)
    told.write(*HOSTILE)
    return rewritten(tuple(told.entries), words)


def evidence(words):
    """Two figures that moved, what was seen, and files that cannot be trusted."""
    samples = [
        Sample(
            at=NOON + timedelta(minutes=n), source="db", level="SEV1", state="UP",
            signals={"db.used": float(n % 7), "db.slow": n / 3}, units={"db.used": "jobs"},
            failure="it is gone",
        )
        for n in range(-5, 12)
    ]  # fmt: skip
    sight = Sight(at=NOON, source="db", kind="query", text="SELECT", key="k", facts={"user": "x"})
    return rewritten(
        Evidence(samples=tuple(samples), sights=(sight,), problems=("no",), changed=("file",)),
        words,
    )


def whole(words):
    """All that documents are made from; the names of its levels are the team's."""
    base, entries = dossier(), story(words)
    told = Telling()
    told.entries = list(entries)
    steps = tuple(
        replace(rewritten(step, words), name=step.name, response=step.response)
        for step in base.scale.steps
    )
    return replace(
        base,
        room=words("room"),
        environment=words("production"),
        incident=told.incident,
        entries=entries,
        procedures=rewritten(base.procedures, words),
        scale=replace(base.scale, steps=steps),
        evidence=evidence(words),
        journalled=told.incident.evidence,
    )


def standing(words):
    """The playbooks, what is known of each, and one that is followed."""
    shelf = rewritten(following.shelf(), words)
    return Standing(shelf, True, (shelf.playbooks[0].name,))


def engine_status(words, one):
    past = Past(
        onsets=(Onset(source="db", signal="db.used", rule="too many", level="SEV1", at=NOON),),
        changes=(Noticed("shop", Change(at=NOON, what="deployed 1.4.3")),),
    )
    terminal = TerminalStatus(
        term="xterm", columns=80, rows=24, sent=1, per_second=1.0, drawn=1, dropped=0, answer_s=None
    )
    made = Status(
        engine=EngineStatus(pid=1, uptime_s=1.0, version="0.1.0"),
        on=("flag",),
        consoles=(
            ConsoleStatus(user="ana", uid=7, granted="act", attested=False, attached_s=1.0,
                          terminal=terminal),
        ),
        sources=(
            SourceStatus(name="db", age_s=1.0, polls=1, failures=0, skipped=0, poll_p95_ms=None,
                         load="a plan"),
        ),
        past=past,
        proposals=(following.proposal(),),
    )  # fmt: skip
    return replace(rewritten(made, words), incidents=(summary(one),))


def case(found):
    return Case(
        incident=found.incident,
        entries=found.entries,
        procedures=found.procedures,
        scale=found.scale,
        now=found.made,
        room=found.room,
        environment=found.environment,
        signals=(found.room, found.environment),
    )


# --- what leaves us -----------------------------------------------------------------------


class Room:
    """The commands, and behind them what one room's words have made."""

    def __init__(self, words, folder, capsys):
        self.words, self._capsys = words, capsys
        self.dossier = whole(words)
        self.paths = RoomPaths(folder / "c.toml", folder, folder / "socket")
        found = self.dossier
        team = Team(found.procedures, found.scale, found.room, found.environment)
        self._told = {
            "find_running": lambda *_: self.paths,
            "find_room": lambda *_: self.paths,
            "history": lambda *_: (found.incident, found.entries),
            "summaries": lambda *_: (summary(found.incident),),
            "team_of": lambda *_: team,
            "standing": lambda *_: standing(words),
            "read_evidence": lambda *_: found.evidence,
            "ask_engine": lambda *_, **__: SimpleNamespace(
                status=engine_status(words, found.incident)
            ),
        }

    def says(self, patched, *arguments):
        """What a command writes, and what it says beside it."""
        engine = {
            draft: lambda *_, **__: drafted(case(self.dossier), "first", Templates()),
            actions: lambda *_, **__: self._acting(),
        }
        for module in COMMANDS:
            known = {**self._told, "with_engine": engine.get(module)}
            for name in known.keys() & vars(module).keys():
                patched.setattr(module, name, known[name])
        code = cli.main(list(arguments))
        said = self._capsys.readouterr()
        assert code == 0, (arguments, said.err)
        return said.out, said.err

    def _acting(self):
        runs = (acting.run(), acting.ended(run="e", verdict="WORSE", verdict_text="x"))
        made = Acting(actions=acting.ACTIONS, runs=runs, on=(acting.on(),), whole=True)
        return rewritten(made, self.words)

    @property
    def playbook(self):
        return standing(self.words).shelf.playbooks[0].name


@pytest.fixture
def room_of(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cli, "_crashed", as_it_is)
    return lambda words: Room(words, tmp_path, capsys)


def as_it_is(error, _):
    raise error


@pytest.fixture
def plain(room_of, monkeypatch):
    """The shape of what is said where every word is harmless, by the command."""
    room = room_of(PLAIN)
    with monkeypatch.context() as patched:
        said = {name: room.says(patched, *args)[0] for name, args in SPOKEN.items()}
    return {name: shape_of(name, out) for name, out in said.items()}.get


SPOKEN = {
    **{f"export {f}": ("export", "--output", "-", "--format", f) for f in export.FORMATS},
    "export log.md": ("export", "--output", "-", "--log"),
    "export log.html": ("export", "--output", "-", "--log", "--format", "html"),
    **{name: (name,) for name in ("log", "incident", "incidents", "outbox", "playbooks")},
    **{name: (name,) for name in ("actions", "status", "draft")},
    **{
        f"{name} --json": (name, "--json")
        for name in ("incident", "incidents", "outbox", "playbooks", "actions", "status", "draft")
    },
    "log --json": ("log", "--json"),
}


def seen(text, what):
    """Every character of it is visible, and looks the same wherever it is shown."""
    for line in text.split("\n"):
        if line.isascii() and line.isprintable():
            continue
        bad = [c for c in line if unicodedata.category(c) in OBEYED]
        assert not bad, (what, bad, line)
        assert safe(line, len(line) + 1) == line, (what, line)


# --- the same shape -----------------------------------------------------------------------


def tags(page):
    """The page as a tree's leaves: what a browser makes of it; ends of lines are the text's."""
    found = []
    for node in html5lib.parse(page, namespaceHTMLElements=False).iter():
        assert isinstance(node.tag, str), "a comment or an instruction"
        assert not any(name.lower().startswith(("on", "href", "src")) for name in node.attrib)
        if node.tag != "br":
            found.append((node.tag, *sorted(node.attrib)))
    return found


def blocks(text):
    """Headings, tables, rows, cells, lists; a paragraph may have become two."""
    parser = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(["table", "linkify"])
    tokens = parser.parse(text)
    inside = {child.type for token in tokens for child in token.children or ()}
    assert not inside & {"image", "link_open", "code_inline"}
    raw = {c.content for t in tokens for c in t.children or () if c.type == "html_inline"}
    assert raw <= {"<br>", "<!-- -->"}
    return [
        token.type + token.tag for token in tokens if token.tag != "p" and token.type != "inline"
    ]


def cells(text):
    """How many rows of how many cells; no cell a formula."""
    assert all(line.endswith("\r\n") for line in text.splitlines(keepends=True)[-1:])
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[\s'\"]*[=+\-@|%\t\r＝＋－＠]", cell) or cell.startswith("'"), cell
    return [len(row) for row in rows]


def shape(value):
    """JSON's arrays, objects and the kinds of what is in them."""
    if isinstance(value, dict):
        return [shape(one) for one in value.values()]
    return [shape(one) for one in value] if isinstance(value, list) else type(value).__name__


def shape_of(name, text):
    """What only we may make in it."""
    if name.endswith("json"):
        assert text.isascii(), name
        assert "\x7f" not in text, name
        lines = text.splitlines() if name.startswith("log") else [text]
        return [shape(json.loads(line)) for line in lines]
    if name.endswith("csv"):
        return cells(text)
    if name.endswith("html"):
        return tags(text)
    if name.endswith("md"):
        return blocks(text)
    if name == "log":  # in which a text may have lines, that stand further in
        return len([line for line in text.split("\n") if not line.startswith("      ")])
    return text.count("\n")


def walked(room, plain, patched, *, parse=True):
    """Every command's output looked at."""
    for name, arguments in SPOKEN.items():
        out, err = room.says(patched, *arguments)
        seen(out.replace("\r\n", "\n") if name.endswith("csv") else out, name)
        seen(err, name)
        if parse or not name.endswith("html"):
            assert shape_of(name, out) == plain(name), name
    out, err = room.says(patched, "playbook", "show", "--", room.playbook)
    seen(out + err, "playbook show")


def test_whatever_was_said_no_command_and_no_document_obeys_it(room_of, plain, monkeypatch):
    with monkeypatch.context() as patched:
        for seed in range(5):
            walked(room_of(mixed(seed)), plain, patched)


@pytest.mark.parametrize("piece", range(8))
def test_each_of_the_corpus_by_itself(room_of, plain, monkeypatch, piece):
    texts = itertools.cycle(CORPUS[piece::8])
    with monkeypatch.context() as patched:
        walked(room_of(Words(lambda: next(texts))), plain, patched)


LETTERS = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
TEXTS = st.lists(st.sampled_from(CORPUS) | LETTERS, max_size=5).map("".join)
"""As those of tests/hostile.py, without the lines of a megabyte."""


@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(TEXTS.map(lambda text: text[:SHORT]), min_size=1, max_size=9))
def test_any_text_at_all(room_of, plain, texts):
    given_out = itertools.cycle(texts)
    with pytest.MonkeyPatch.context() as patched:
        walked(room_of(Words(lambda: next(given_out))), plain, patched)


@pytest.mark.long
@pytest.mark.trap(
    17,
    "100,000 strings of the same in every text of an incident, its team, evidence, messages,"
    " actions and playbooks, through every format of the export and 18 outputs of the shell",
    "no control byte, no hidden character; as many headings, rows, cells and lines as of harmless"
    " words, no formula, no element, no link",
)
def test_a_hundred_thousand_strings_leave_us_as_text(room_of, plain, monkeypatch, measured):
    count = seed = 0
    with monkeypatch.context() as patched:
        while count < MANY:
            words = mixed(seed)
            walked(room_of(words), plain, patched, parse=seed % PARSED == 0)
            count, seed = count + len(words.given), seed + 1
    measured(f"{count} strings in {seed} rooms")


# --- what has no room of its own ----------------------------------------------------------


def test_a_bundle_holds_nothing_that_is_obeyed(room_of, monkeypatch, tmp_path):
    for seed in range(3):
        room = room_of(mixed(seed))
        path = tmp_path / f"{seed}.tar.gz"
        with monkeypatch.context() as patched:
            room.says(patched, "export", "--bundle", "--output", str(path))
        with tarfile.open(fileobj=gzip.open(path)) as tar:
            for entry in tar:
                seen(entry.name, "a file's name")
                text = tar.extractfile(entry).read().decode()
                seen(text.replace("\r\n", "\n"), entry.name)
            names = {name.rpartition("/")[2] for name in tar.getnames()}
        assert names == {"MANIFEST", "HEAD", "log.md", "entries.jsonl", *(
            f"post-mortem.{form}" for form in export.FORMATS)}  # fmt: skip


def test_a_plan_a_preview_and_what_the_linter_says():
    for seed in range(20):
        words = mixed(seed)
        plan = rewritten(acting.plan("kill"), words)
        checked = rewritten(
            Checked(
                findings=(Finding(rule="x", line=1, text="no"),),
                previews=(Preview(receiver="chat", text="a\nb", refused="no"),),
                digest="0" * 64,
            ),
            words,
        )
        for line in (*plan_lines(plan), *finding_lines(checked.findings), *preview_lines(checked)):
            seen(line, "a line")
            assert "\n" not in line


def test_the_plain_lines_of_a_console_without_a_screen():
    for seed in range(20):
        words = mixed(seed)
        sources = rewritten(boards.outage().sources, words)
        sources = (replace(sources[0], level=words("a level")), *sources[1:])
        state = view(Board(sources=sources, room=rewritten(boards.room(), words))).state
        for line in changes(RoomState(), state, NOON):
            seen(line, "a line")
            assert "\n" not in line


@pytest.mark.parametrize("stream", ["error", "usage"])
def test_no_error_is_obeyed(monkeypatch, capsys, stream):
    """The last door: whatever an error is about, a path or a key of a file, it is only told."""
    for text in (*CORPUS, "".join(hostile.ESCAPES)):
        if stream == "usage":
            cli.main(["log", "--no" + text.replace("\0", ""), text])
        else:
            monkeypatch.setattr(cli, "_run", lambda _, text=text: fails(text))
            cli.main([])
        said = capsys.readouterr()
        assert said.out == ""
        seen(said.err, repr(text))


def fails(text):
    raise WarroomError(f"{text} cannot be read", f"look at {text}")
