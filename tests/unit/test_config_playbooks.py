"""Playbooks in the file and in its folder: what they come to, and what is said of mistakes."""

from pathlib import Path

import pytest

from tests.unit.config_kinds import Gauge
from warroom.config.document import parse
from warroom.config.load import Config, load, validate
from warroom.errors import ConfigError
from warroom.playbooks.library import LIBRARY, built_in
from warroom.playbooks.playbook import Playbook
from warroom.sources.registry import discover

KINDS = {**discover(), "gauge": Gauge}
HEAD = 'version = 1\n[room]\nname = "shop"\n'
REST = """
[sources.jobs]
kind = "gauge"
url = "x"
[sources.mail-provider]
kind = "gauge"
url = "x"
[[rules]]
name = "deep"
signal = "jobs.depth"
levels = { SEV2 = "> 10" }
[[contacts]]
name = "Ada"
role = "team lead"
[[contacts]]
name = "Mailer"
vendor = true
[checks.worker-logs]
kind = "command"
argv = ["true"]
[actions.scale]
kind = "command"
title = "Scale"
argv = ["scale", "{n}", "{zone}"]
stdin = "{key}"
[actions.scale.parameters.n]
type = "integer"
minimum = 1
maximum = 10
[actions.scale.parameters.zone]
type = "choice"
choices = ["a", "b"]
[actions.scale.parameters.key]
secret = true
"""
ONLY = HEAD + "[library]\nbuilt_in = false\n"


def made(text: str) -> Config:
    return validate(parse(Path("/c.toml"), (text + REST).encode()), KINDS)


def book(lines: str, head: str = ONLY) -> Playbook:
    config = made(head + "[playbooks.slow]\n" + lines)
    return next(one for one in config.playbooks if one.name == "slow")


def told(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        made(text)
    return "\n".join(str(one) for one in caught.value.problems)


def wrong(lines: str) -> str:
    return told(ONLY + "[playbooks.slow]\ntitle = 'T'\n" + lines)


GOOD = """
title = "Slow jobs"
symptoms = [
  { need = "all", signal = "jobs.depth", is = "> 10", for = "2min" },
  { signal = "*.depth", kinds = ["gauge"], level = "SEV2" },
  { source = "mail*", state = "down" },
  { need = "unless", change = "deployment" },
]
look = [
  "Is it slow?",
  { text = "The panel", panel = "health:jobs" },
  { text = "The log", check = "worker-logs" },
  { text = "Ask now", probe = "jobs" },
]
mitigations = [{ text = "More", action = "scale", values = { n = 5, zone = "b" } }, "Wait"]
escalation = [{ tell = ["team LEAD", "ada"], after = "10min", when = "no better" }]
vendors = ["mailer"]
checklist = ["Fast", { text = "Still fast", watch = "5min" }]
prevention = ["Watch the depth"]
links = { guide = "https://wiki.example/slow" }
"""


def test_one_that_is_written_is_as_it_is_written() -> None:
    found = book(GOOD)
    assert (found.title, found.origin, found.needs) == ("Slow jobs", "c.toml", ())
    assert [one.need for one in found.symptoms] == ["all", "any", "any", "unless"]
    assert found.symptoms[0].sources == ("jobs",)
    assert (found.symptoms[0].figure, found.symptoms[0].hold.seconds) == ("depth", 120)
    assert found.symptoms[2].sources == ("mail*",)
    assert [step.part for step in found.steps] == [
        *("look",) * 4,
        *("mitigate",) * 2,
        "escalate",
        *("checklist",) * 2,
        "prevent",
    ]
    assert not any(step.needs for step in found.steps)
    assert found.steps[1].panel == "health:jobs"
    assert found.steps[4].values == {"n": "5", "zone": "b"}
    assert found.steps[6].text == "Tell team LEAD, ada: no better"
    assert found.steps[6].after == 600
    assert found.steps[8].watch == 300
    assert found.vendors == ("mailer",)
    assert found.links[0].address == "https://wiki.example/slow"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("titl = 'x'", "/c.toml:8: playbooks.slow.titl: is not a known key (did you mean title?)"),
        ("symptoms = [{ signal = 'job.depth', is = '> 1' }]",
         "playbooks.slow.symptoms[0].signal: there is no source job (did you mean jobs?)"),
        ("symptoms = [{ signal = 'jobs.deph', is = '> 1' }]",
         "symptoms[0].signal: no figure of jobs fits deph (did you mean depth?)"),
        ("symptoms = [{ signal = '*.deph*', is = '> 1' }]",
         "symptoms[0].signal: no figure of jobs, mail-provider fits deph* (did you mean depth?)"),
        ("symptoms = [{ signal = 'jobs.latency', level = 'any' }]",
         "symptoms[0].signal: no rule is about jobs.latency: it never has a level (write [[rul"),
        ("symptoms = [{ source = 'mial*', state = 'down' }]",
         "symptoms[0].source: no source fits mial*"),
        ("symptoms = [{ source = ['jobs', 'mail-provder'], state = 'down' }]",
         "symptoms[0].source[1]: there is no source mail-provder (did you mean mail-provider?)"),
        ("symptoms = [{ source = '{mial}', state = 'down' }]",
         "symptoms[0].source: no source is meant by {mial} (did you mean {mail}?)"),
        ("symptoms = [{ source = '{payments}', state = 'down' }]",
         "symptoms[0].source: no source is meant by {payments} (write payments = "),
        ("look = [{ text = 'x', panel = 'health', probe = 'jobs' }]",
         "look[0]: give one of panel, check and probe; a step does one thing"),
        ("mitigations = [{ text = 'x', values = { n = 1 } }]",
         "mitigations[0]: values go with action"),
        ("symptoms = [{ kinds = ['gage'], state = 'down' }]",
         "symptoms[0].kinds[0]: there is no source kind gage (did you mean gauge?)"),
        ("symptoms = [{ source = 'jobs', kinds = ['http'], state = 'down' }]",
         "symptoms[0].kinds: no source that is meant is of kind http"),
        ("symptoms = [{ source = 'jobs', level = 'SEV9' }]",
         "symptoms[0].level: SEV9 is no step of the scale (did you mean SEV"),
        ("symptoms = [{ source = 'jobs', state = 'donw' }]",
         "symptoms[0].state: must be one of up, down, can't see, failing, maintenance (did you me"),
        ("symptoms = [{ source = 'jobs', change = 'deploy' }]",
         "answers, certificate (did you mean deployment?)"),
        ("symptoms = [{ source = 'jobs' }]", "give one of is, level, state and change"),
        ("symptoms = [{ need = 'unless', source = 'jobs', state = 'up' }]",
         "/c.toml:8: playbooks.slow.symptoms: none of them is all or any: it would never be"),
        ("symptoms = [{ source = 'jobs', state = 'down', reason = '(' }]", "not a regular expr"),
        ("symptoms = [{ source = 'jobs', state = 'down', says = '{vlue} low' }]",
         "symptoms[0].says: {vlue} is nothing that is filled in: did you mean value?"),
        ("look = [{ text = 'x', panel = 'helth' }]",
         "look[0].panel: there is no panel helth (did you mean health?)"),
        ("look = [{ text = 'x', panel = 'health:job' }]",
         "look[0].panel: there is no source job (did you mean jobs?)"),
        ("look = [{ text = 'x', panel = 'health:' }]", "look[0].panel: names no source"),
        ("look = [{ text = 'x', check = 'worker_logs' }]",
         "look[0].check: there is no check worker_logs (did you mean worker-logs?)"),
        ("look = [{ text = 'x', probe = 'job' }]",
         "look[0].probe: there is no source job (did you mean jobs?)"),
        ("mitigations = ['y', { text = 'x', action = 'scael' }]",
         "mitigations[1].action: there is no action scael (did you mean scale?)"),
        ("mitigations = [{ text = 'x', action = 'scale', values = { m = 1 } }]",
         "mitigations[0].values.m: scale has no parameter m"),
        ("mitigations = [{ text = 'x', action = 'scale', values = { n = 11 } }]",
         "mitigations[0].values.n: is 11; the most is 10"),
        ("mitigations = [{ text = 'x', action = 'scale', values = { n = 'many' } }]",
         "mitigations[0].values.n: must be a whole number"),
        ("mitigations = [{ text = 'x', action = 'scale', values = { zone = 'c' } }]",
         "mitigations[0].values.zone: is none of its choices: a, b"),
        ("mitigations = [{ text = 'x', action = 'scale', values = { key = 'abcd' } }]",
         "mitigations[0].values.key: is secret"),
        ("escalation = [{ tell = ['Ada', 'team leed'] }]",
         "escalation[0].tell[1]: no contact has the name or the role team leed (did you mean tea"),
        ("vendors = ['Mailr']", "vendors[0]: no contact has the name or the role Mailr (did you"),
        ("vendors = ['Ada']", "vendors[0]: Ada is no vendor's support (write vendor = true there)"),
        ("look = ['x']\nprevention = ['y', 'x']",
         "/c.toml:9: playbooks.slow.prevention[1]: another step says the same: x"),
        ("links = { guide = '' }", "links.guide: must have at least 1 character"),
        ("links = { guide = 'a\\u0007b' }", "links.guide: has a character that cannot stand there"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_the_nearest(lines: str, words: str) -> None:
    assert words in wrong(lines.replace("'", '"'))


def test_one_mistake_in_its_shape_does_not_hide_an_unknown_name() -> None:
    said = wrong('abot = 1\nlook = [{ text = 3 }, { text = "x", check = "worker" }]\n')
    assert "playbooks.slow.abot: is not a known key" in said
    assert "/c.toml:9: playbooks.slow.look[0].text: must be text" in said
    assert "playbooks.slow.look[1].check: there is no check worker" in said


def test_what_is_wrong_in_itself_is_there_all_the_same() -> None:
    said = wrong(
        'mitigations = [{ text = "x", action = "scale", values = { n = 3 } }]\n'
        'symptoms = [{ signal = "more.depth", level = "any" }]\n'
        '[sources.more]\nkind = "gauge"\nulr = "x"\n'
        '[[rules]]\nsignal = "more.depth"\nlevels = {}\n'
    )
    assert "playbooks" not in said
    assert "sources.more.ulr" in said


def test_a_figure_that_is_wrong_in_itself_is_there_all_the_same() -> None:
    said = wrong(
        'symptoms = [{ signal = "page.odd", is = "> 1" }, { signal = "page.od", is = "> 1" }]\n'
        '[sources.page]\nkind = "prometheus"\nurl = "http://h/metrics"\n'
        'figures = { good = { gauge = "a" }, odd = { gage = "b" } }\n'
    )
    assert "symptoms[0]" not in said
    assert "symptoms[1].signal: no figure of page fits od (did you mean odd?)" in said


def test_one_that_says_what_it_needs_is_no_problem() -> None:
    found = book(
        'title = "T"\nlook = [{ text = "x", check = "smoke", needs = "the smoke tests" }]\n'
        'symptoms = [{ signal = "cache.hits", is = "< 1", needs = "the cache" }]\n'
    )
    assert found.needs == ("the cache", "the smoke tests")
    assert (found.steps[0].check, found.steps[0].needs) == ("", "the smoke tests")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("playbooks = 3\n" + ONLY, "playbooks: must be a table (write [playbooks.NAME] above each"),
        (ONLY + "[playbooks]\nslow = 3\n", "/c.toml:7: playbooks.slow: must be a table"),
        (ONLY + "[playbooks.Slow]\ntitle = 'T'\n", "playbooks.Slow: Slow is no name for a playboo"),
        (ONLY + f"[playbooks.{'s' * 41}]\ntitle = 'T'\n", "is no name for a playbook"),
        (ONLY + "[[playbooks]]\ntitle = 'T'\n", "playbooks: must be a table"),
        (ONLY + "".join(f"[playbooks.p{n}]\ntitle = 'T'\n" for n in range(101)), "101 are too ma"),
        (HEAD + "[playbooks.queue-backlg]\nabout = 'x'\n",
         "is no built-in playbook, and has no title of its own: did you mean queue-backlog?"),
        (HEAD + "[library]\nbuilt_in = ['queue-backlg']\n",
         "/c.toml:5: library.built_in[0]: there is no built-in playbook queue-backlg (did you"),
        (HEAD + "[library.actions]\nscale_workrs = 'scale'\n",
         "library.actions.scale_workrs: is no word of a playbook of the library (did you mean sca"),
        (HEAD + "[library.actions]\nscale_workers = 'scael'\n",
         "library.actions.scale_workers: there is no action scael (did you mean scale?)"),
        (HEAD + "[library.contacts]\nleadersip = 'Ada'\n",
         "library.contacts.leadersip: is no word of a playbook of the library (did you mean lea"),
        (HEAD + "[library.contacts]\nleadership = ['Ada', 'Adda']\n",
         "library.contacts.leadership[1]: no contact has the name or the role Adda (did you"),
        (HEAD + "[library]\nfolder = 'none'\n", "library.folder: the folder /none cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_around_them(text: str, words: str) -> None:
    assert words in told(text)


# --- the built-in ones --------------------------------------------------------------------


def theirs(text: str, name: str = "queue-backlog") -> Playbook:
    return next(one for one in made(HEAD + text).playbooks if one.name == name)


def test_what_a_built_in_one_lacks_is_a_need_and_no_problem() -> None:
    found = theirs("")
    assert found.origin == LIBRARY
    step = next(step for step in found.steps if step.part == "mitigate")
    assert step.action == ""
    assert step.needs.startswith("[actions.")
    assert step.needs in found.needs
    assert any("redis" in need for need in found.needs)  # no such source tells its symptoms
    assert "[[contacts]]: team lead" not in found.needs  # Ada is


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("scale_workers", ""),
        ("scale-workers", ""),
        ("more", '[library.actions]\nscale_workers = "more"\n'),
    ],
)
def test_an_action_goes_by_the_librarys_word_or_as_it_is_translated(name: str, more: str) -> None:
    action = f'[actions.{name}]\nkind = "manual"\ntitle = "T"\ntext = "t"\n'
    steps = theirs(action + more).of("mitigate")
    assert [step.needs for step in steps if step.action == name] == [""]


def test_a_written_one_takes_the_place_of_a_built_in_one_part_by_part() -> None:
    ours = theirs("[playbooks.queue-backlog]\nlook = ['Just look']\n".replace("'", '"'))
    before = theirs("")
    assert ours.origin == "c.toml"
    assert ours.title == before.title
    assert ours.symptoms == before.symptoms
    assert [step.text for step in ours.of("look")] == ["Just look"]
    assert ours.of("mitigate") == before.of("mitigate")  # what these lack is still a need
    assert len([one for one in made(HEAD).playbooks if one.name == ours.name]) == 1


def test_only_what_is_written_of_it_can_be_wrong() -> None:
    said = told(HEAD + '[playbooks.queue-backlog]\nlook = [{ text = "x", check = "none" }]\n')
    assert said.splitlines()[0].startswith("/c.toml:5: playbooks.queue-backlog.look[0].check: ")
    assert len(said.splitlines()) == 1


def test_people_go_by_the_librarys_word_or_as_it_is_translated() -> None:
    more = HEAD + '[library.contacts]\nleadership = ["Ada", "team lead"]\non-call = "Ada"\n'
    books = {one.name: one for one in made(more).playbooks}
    tells = [step.tell for step in books["outage"].of("escalate")]
    assert tells == [("Ada",), ("team lead",), ("Ada", "team lead")]
    assert not any("leadership" in need for need in books["outage"].needs)
    plain = {one.name: one for one in made(HEAD).playbooks}["outage"]
    assert "[[contacts]]: leadership" in plain.needs


def test_a_library_that_is_not_wanted_gives_nothing_to_one_of_its_names() -> None:
    text = ONLY + '[playbooks.queue-backlog]\ntitle = "Ours"\n'
    assert [(one.name, one.steps) for one in made(text).playbooks] == [("queue-backlog", ())]
    some = made(HEAD + '[library]\nbuilt_in = ["queue-backlog"]\n').playbooks
    assert [one.name for one in some] == ["queue-backlog"]


@pytest.mark.parametrize("name", built_in())
def test_every_built_in_one_is_sound(name: str) -> None:
    found = theirs("", name)
    texts = [step.text for step in found.steps]
    assert len(set(texts)) == len(texts)
    assert {one.level for one in found.symptoms} <= {"", "any"}  # a scale of one's own has others
    assert any(one.need in ("all", "any") for one in found.symptoms)
    # A room's own names for people may be the same for two steps: their texts tell them apart.
    assert all(step.get("text") for step in built_in()[name].get("escalation", ()))


# --- the folder ---------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "books").mkdir(mode=0o700)
    path = tmp_path / "warroom.toml"
    path.write_text(HEAD + '[library]\nbuilt_in = false\nfolder = "books"\n' + REST)
    path.chmod(0o600)
    return path


def put(room: Path, name: str, text: str, mode: int = 0o644) -> Path:
    path = room.parent / "books" / name
    path.write_text(text)
    path.chmod(mode)
    return path


def said_of(room: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(room, KINDS)
    return "\n".join(str(one) for one in caught.value.problems)


def test_a_folder_has_one_in_each_file_and_the_digest_covers_them(room: Path) -> None:
    empty = load(room, KINDS).digest
    put(room, "slow.toml", GOOD)
    put(room, "other.toml", 'title = "Other"\n')
    put(room, ".hidden.toml", "no TOML")
    put(room, "notes.txt", "no TOML")
    config = load(room, KINDS)
    found = [(one.name, one.origin) for one in config.playbooks]
    assert found == [("other", "other.toml"), ("slow", "slow.toml")]
    put(room, "other.toml", 'title = "Others"\n')
    assert len({empty, config.digest, load(room, KINDS).digest}) == 3


def test_a_problem_names_the_file_it_is_in_and_its_line(room: Path) -> None:
    file = put(room, "slow.toml", 'title = "T"\n\n[[look]]\ntext = "x"\ncheck = "worker"\n')
    assert f"{file}:5: look[0].check: there is no check worker" in said_of(room)


def test_problems_of_several_files_keep_to_their_files(room: Path) -> None:
    room.write_text(room.read_text().replace("maximum = 10", "maxmum = 10"))
    one = put(room, "a.toml", 'titl = "T"\n')
    put(room, "b.toml", "title =")
    files = [line.partition(":")[0] for line in said_of(room).splitlines()]
    assert files == [str(room), str(one), str(one), str(one.with_name("b.toml"))]


def test_a_name_is_in_the_file_or_in_the_folder(room: Path) -> None:
    file = put(room, "slow.toml", 'title = "T"\n')
    room.write_text(room.read_text() + '[playbooks.slow]\ntitle = "T"\n')
    assert f"{file}:1: there is a playbook slow in warroom.toml already" in said_of(room)


def test_one_that_was_pasted_into_the_folder_with_its_name_above_is_told_so(room: Path) -> None:
    put(room, "slow.toml", '# as it is shown\n[playbooks.slow]\ntitle = "T"\n')
    said = said_of(room)
    assert "slow.toml:2: playbooks: does not stand in a file of the folder" in said
    assert "write title = … without [playbooks.slow] above" in said
    assert "missing" not in said


def test_a_file_of_a_wrong_name_or_that_is_none_is_a_problem(room: Path) -> None:
    put(room, "Bad name.toml", 'title = "T"\n')
    (room.parent / "books" / "sub.toml").mkdir()
    said = said_of(room)
    assert "Bad name.toml:1: Bad name is no name for a playbook" in said
    assert "sub.toml: cannot be read: Is a directory" in said


def test_a_link_that_leads_out_is_not_followed(room: Path, tmp_path: Path) -> None:
    outside = tmp_path / "planted.toml"
    outside.write_text('title = "T"\n')
    (room.parent / "books" / "slow.toml").symlink_to(outside)
    assert "slow.toml is a link that leads out of the folder" in said_of(room)
    (room.parent / "books" / "slow.toml").unlink()
    put(room, "..data", 'title = "T"\n')  # as a mounted folder has it
    (room.parent / "books" / "slow.toml").symlink_to("..data")
    assert [one.name for one in load(room, KINDS).playbooks] == ["slow"]


def test_what_anybody_can_write_is_not_believed(room: Path) -> None:
    file = put(room, "slow.toml", 'title = "T"\n', 0o666)
    assert f"{file}:1: anybody can write this file, and it says what to do" in said_of(room)
    file.chmod(0o644)
    (room.parent / "books").chmod(0o777)
    assert "library.folder: anybody can put files into the folder" in said_of(room)


def test_a_secret_in_clear_that_others_can_read_is_a_problem_there_too(room: Path) -> None:
    text = 'title = "T"\nlinks = { guide = "https://wiki.example/x?token=hunter2hunter2" }\n'
    file = put(room, "slow.toml", text)
    assert f"{file}:2: links.guide: holds a secret in clear" in said_of(room)
    file.chmod(0o600)
    assert [one.reveal() for one in load(room, KINDS).clear] == ["hunter2hunter2"]
