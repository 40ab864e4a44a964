"""A team's own templates: taken where they render, named with their line where they do not."""

import os
import time
from pathlib import Path

import pytest

from tests.unit.incidents import Telling
from tests.unit.recorded import telling
from tests.unit.test_comms_draft import OURS, case
from warroom.comms.draft import brief, draft
from warroom.comms.render import LONGEST, Templates


def made(folder: Path, name: str, text: str | bytes, purpose: str = "update"):
    content = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(content)
    return draft(case(telling(resolved=False)), purpose, Templates(folder))


def test_the_team_s_own_is_taken(tmp_path):
    found = made(tmp_path, "update.j2", "Subject: {{ id }} now\n{{ level }} {{ title }}\n")
    assert (found.subject, found.text) == ("INC-1 now", "SEV1 Checkout fails for most customers")
    assert (found.template, found.problem) == ("update.j2", "")
    assert draft(case(telling()), "first", Templates(tmp_path)).template == "built in"


def test_one_for_a_status_or_a_level_goes_before(tmp_path):
    (tmp_path / "update.j2").write_text("any")
    (tmp_path / "update.sev1.j2").write_text("by level")
    assert made(tmp_path, "x.j2", "").text == "by level"
    assert made(tmp_path, "update.Monitoring.j2", "by status").text == "by status"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n{{ titel }}", 2, "'titel' is undefined"),
        ("a\n\n{% if %}", 3, "Expected an expression"),
        ("a\n{{ title.__class__.__mro__ }}", 2, "unsafe"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ("{{ 'x' * 1000000000 }}", 1, "small numbers"),
        ("{{ 2 ** 100000 }}", 1, "small numbers"),
        ("{% for n in range(10**9) %}x{% endfor %}", 1, "undefined"),
        ("{% include 'first.j2' %}", 1, ""),
        ("{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 1, "round without end"),
        ("{{ id | nosuch }}", 1, "No filter named 'nosuch'"),
        ("{{ found.pop() }}", 1, ""),
        ("{{ links.clear() }}", 1, ""),
        (b"\xff\xfe", 0, "not UTF-8"),
        ("x" * (LONGEST + 1), 0, "more than 16,000 characters"),
        ("{% if true %}" + "x" * 70_000 + "{% endif %}", 0, "64 KiB"),
    ],
)
def test_one_that_does_not_render_is_named_and_the_built_in_text_comes(tmp_path, text, line, words):
    found = made(tmp_path, "update.j2", text)
    expected = draft(case(telling(resolved=False)), "update", OURS)
    assert found.text == expected.text
    assert found.template == "built in"
    assert found.problem.startswith(f"{tmp_path / 'update.j2'}:{line}: ")
    assert words in found.problem


def test_a_folder_that_is_not_there_is_named(tmp_path):
    found = draft(case(telling()), "update", Templates(tmp_path / "nowhere"))
    assert "nowhere: No such file" in found.problem
    assert found.text


def test_one_that_may_not_be_read_is_named(tmp_path):
    (tmp_path / "update.j2").mkdir()
    found = draft(case(telling()), "update", Templates(tmp_path))
    assert "update.j2: Is a directory" in found.problem


def test_a_brief_of_the_team_s_has_two_lines_too(tmp_path):
    (tmp_path / "brief.j2").write_text("a\nb\n\nc\nd")
    assert brief(case(telling()), Templates(tmp_path)).text == "a\nb"


def test_a_template_gets_at_no_file_and_no_environment(tmp_path):
    os.environ["CANARY"] = "canary-1"
    try:
        found = made(tmp_path, "update.j2", "{{ self.__init__.__globals__ }}")
    finally:
        del os.environ["CANARY"]
    assert found.problem
    assert "canary-1" not in found.text + found.problem


@pytest.mark.parametrize(
    ("text", "words"),
    [("{% for a in title %}" * 25 + "{% endfor %}" * 25, "too many"), ("{{ -" + "(" * 900, "")],
    ids=["loops", "parentheses"],
)
def test_one_that_is_too_deep_for_python_is_named_too(tmp_path, text, words):
    found = made(tmp_path, "update.j2", text)
    assert found.template == "built in"
    assert words in found.problem


def test_a_link_out_of_the_folder_is_not_followed_and_one_within_is(tmp_path):
    folder = tmp_path / "templates"
    (folder / "..data").mkdir(parents=True)
    (tmp_path / "secret").write_text("canary-2")
    (folder / "update.j2").symlink_to(tmp_path / "secret")
    found = draft(case(telling()), "update", Templates(folder))
    assert "canary-2" not in found.text
    assert "update.j2: a link that leads out of the folder" in found.problem
    (folder / "update.j2").unlink()
    (folder / "..data" / "update.j2").write_text("mounted")
    (folder / "update.j2").symlink_to("..data/update.j2")
    assert draft(case(telling()), "update", Templates(folder)).text == "mounted"


def test_nobody_waits_for_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "update.j2")
    found = draft(case(telling()), "update", Templates(tmp_path))
    assert "update.j2: it is no file" in found.problem


def test_an_incident_that_is_called_subject_loses_no_line(tmp_path):
    told = case(Telling(title="Subject: mail is late"))
    assert brief(told, OURS).text.startswith("Subject: mail is late, impact not known")
    (tmp_path / "update.j2").write_text("{{ title }}\nmore")
    assert draft(told, "update", Templates(tmp_path)).text == "Subject: mail is late\nmore"


def test_a_byte_order_mark_and_large_letters_in_the_name_do_no_harm(tmp_path):
    found = made(tmp_path, "UPDATE.J2", "\ufeffSubject: x\n{{ id }}")
    assert (found.subject, found.text) == ("x", "INC-1")
    assert made(tmp_path, "UPDATE.J2", "\n{{ titel }}").problem.endswith(
        "UPDATE.J2:2: 'titel' is undefined"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 60,
        "{% set x = 'ab' %}" + "{% set x = x + x %}" * 60,
        "{% set x = ['ab'] %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}",
        "{% set x = 'ab' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
        "{% set x = 2 %}" + "{% set x = x * x %}" * 60,
        "{% for a in title %}" * 12 + "{% endfor %}" * 12,
        "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% macro m(n) %}{{ n }}{{ n }}{% endmacro %}{% set x='ab' %}" + "{% set x = m(x) %}" * 60,
        "{{ ((((10**64)**64)**60)**60)**60 > 1 }}",
        "{{ '{:>1000000000}'.format('x') }}",
        "{{ '{:>{w}}'.format('x', w=10**9) }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ [1] | batch(1000000000, 'x') | list }}",
        "{{ 'x'.zfill(1000000000) }}",
    ],
    ids=range(17),
)
def test_one_that_goes_on_and_on_is_stopped_at_once(tmp_path, text):
    begun = time.process_time()
    found = made(tmp_path, "update.j2", text)
    assert time.process_time() - begun < 1.5
    assert found.template == "built in"
    assert "update.j2:1: " in found.problem


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("{% for x in 'abc' %}{{ loop.index }}/{{ loop.length }}{{ x }} {% endfor %}",
         "1/3a 2/3b 3/3c"),
        ("{% for k, v in links.items() if v %}{{ k ~ ': ' ~ v ~ 1 }}{% else %}no{% endfor %}",
         "bridge: https://meet.shop.example/inc-11"),
        ("{{ id + '!' }} {{ count + 1 }} {{ '%s?' % id }} {{ '{}.'.format(id) }}",
         "INC-1! 2 INC-1? INC-1."),
        ("{{ title | replace('Checkout', 'It') | upper | truncate(9, true) }}", "IT FAI..."),
        ("{% set x | upper %}a{{ id }}{% endset %}{{ x }}{{ nothing | default('d') }}", "AINC-1d"),
        ("{% macro m(a) %}<{{ caller() }}{{ a }}>{% endmacro %}{% call m('x') %}in{% endcall %}",
         "<inx>"),
        ("{{ roles.get('scribe', 'none') }} {{ roles.values() | sort | join('+') }}",
         "none ana+bob"),
        ("{{ '%s %05.1f' | format(id, 2) }} {{ [1, [2]] | tojson }}", "INC-1 002.0 [1, [2]]"),
        ("{% for x in 'a' recursive %}{{ loop.depth }}{% if loop.depth < 3 %}{{ loop('b') }}"
         "{% endif %}{% endfor %}", "123"),
    ],
)  # fmt: skip
def test_what_a_message_needs_is_there(tmp_path, text, gives):
    found = made(tmp_path, "update.j2", text)
    assert (found.text, found.problem) == (gives, "")
