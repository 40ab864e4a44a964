"""Actions in the file: what they come to, and what is said of mistakes."""

from pathlib import Path

import pytest

from tests.unit.config_kinds import Gauge
from warroom.config.actions_facts import action_views, undo_values
from warroom.config.document import parse
from warroom.config.load import Config, validate
from warroom.config.schema import schema
from warroom.errors import ConfigError
from warroom.sources.registry import discover

ROOM = 'version = 1\n[room]\nname = "shop"\n'
KINDS = {**discover(), "gauge": Gauge}
JOBS = '[sources.jobs]\nkind = "gauge"\nurl = "x"\n'
DEPLOYS = '[sources.deploys]\nkind = "command"\nargv = ["true"]\n'
DB = '[sources.db]\nkind = "postgres"\ndsn = "postgres://h/d"\n'


def made(text: str, mode: int = 0o600) -> Config:
    return validate(parse(Path("/c.toml"), (ROOM + text).encode(), mode=mode), KINDS)


def told(text: str, mode: int = 0o600) -> str:
    """What is wrong with it, each with its line and key."""
    with pytest.raises(ConfigError) as caught:
        made(text, mode)
    return "\n".join(str(one) for one in caught.value.problems)


def command(name: str, *more: str, argv: str = '"true"') -> str:
    head = f'[actions.{name}]\nkind = "command"\ntitle = "T"\nargv = [{argv}]\n'
    return head + "".join(f"{line}\n" for line in more)


def http(*more: str, url: str = "https://h.example/a") -> str:
    head = f'[actions.x]\nkind = "http"\ntitle = "T"\nurl = "{url}"\n'
    return head + "".join(f"{line}\n" for line in more)


def takes(name: str, *more: str, action: str = "x") -> str:
    return f"[actions.{action}.parameters.{name}]\n" + "".join(f"{line}\n" for line in more)


OFF = command("off")
N = '"true", "{n}"'


def taking(*more: str) -> str:
    """An action that takes ``n``."""
    return command("x", argv=N) + takes("n", *more)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[actions.x]\ntitle = 'T'\n", "/c.toml:4: actions.x: has no kind (write kind = …; there"),
        (taking("secret = true"), "actions.x.parameters.n: is secret, and stands where others see"),
        (taking("secret = true", 'default = "abcd"'), "secret goes with type string, and has no"),
        (
            command("x", 'stdin = "{n}"', 'turns_on = "x {n}"', 'undo = "off"')
            + takes("n", "secret = true")
            + OFF,
            "actions.x.turns_on: {n} is secret: turns_on is written down",
        ),
        ("[actions.x]\nkind = 'comand'\n",
         "/c.toml:5: actions.x.kind: comand is no kind of action (did you mean command?)"),
        ("[actions.X]\nkind = 'command'\n", "/c.toml:4: actions.X: is no name for an action"),
        ("[actions]\nx = 3\n", "/c.toml:5: actions.x: must be a table"),
        (command("x", "argv2 = 1"), "/c.toml:8: actions.x.argv2: is not a known key (did you"),
        (command("x", argv=""), "/c.toml:7: actions.x.argv"),
        (command("x", "title2 = 1", "deadlin = 2"), "actions.x.deadlin: is not a known key (did"),
        (command("x", "deadline = 5"), "/c.toml:8: actions.x.deadline: not a duration"),
        (command("x", 'deadline = "0.5s"'), "/c.toml:8: actions.x.deadline"),
        (command("x", 'danger = "sever"'), "/c.toml:8: actions.x.danger"),
        (command("x", 'word = "no"'), "actions.x.word: a word to type has 3 to 20 letters"),
        (command("x", 'word = "Run it"'), "actions.x.word: a word to type has 3 to 20 letters"),
        (command("x", 'key = "kk"'), "/c.toml:8: actions.x.key: is no key"),
        (command("x", 'key = "escape"'), "/c.toml:8: actions.x.key: escape is a key of the menu"),
        (command("x", 'key = "/"'), "actions.x.key: / is a key of the menu itself"),
        (command("x", 'key = "k"') + command("y", 'key = "k"'),
         "/c.toml:13: actions.y.key: k is the key of x already"),
        (command("x", 'roles = ["comander"]'),
         "/c.toml:8: actions.x.roles[0]: there is no role comander (did you mean"),
        (command("x", 'undo = "ofx"') + OFF,
         "/c.toml:8: actions.x.undo: there is no action ofx (did you mean off?)"),
        (command("x", 'turns_on = "on"'), "turns_on needs undo"),
        (command("x", 'undo = "off"', 'ttl = "1h"') + OFF, "ttl and was go with turns_on"),
        (command("x", 'undo = "off"', 'turns_on = "to {n}"') + OFF,
         "/c.toml:9: actions.x.turns_on: {n} is no value of this action"),
        (command("x", 'turns_on = "on {was}"', 'was = "jobs.depth"', 'undo = "off"') + OFF + JOBS,
         "actions.x.turns_on: {was} is no value of this action"),
        (command("x", 'undo = { action = "off", values = { n = "{was}" } }') + OFF,
         "actions.x.undo: {was} is no value of this action"),
        (command("x", 'undo = { action = "y", values = { nn = 1 } }')
         + command("y", argv=N) + takes("n", action="y"),
         "/c.toml:8: actions.x.undo.values.nn: y has no parameter nn (did you mean n?)"),
        (command("x", 'undo = { action = "off", values = { m = 1 } }') + OFF,
         "off has no parameter m (it takes none)"),
        (command("x", "[[actions.x.expect]]", 'signal = "jbs.depth"', 'moves = "up"') + JOBS,
         "/c.toml:9: actions.x.expect[0].signal: there is no source jbs (did you mean jobs?)"),
        (command("x", "[[actions.x.expect]]", 'signal = "jobs.depht"', 'moves = "up"') + JOBS,
         "the source jobs has no figure depht (did you mean depth?)"),
        (command("x", "[[actions.x.expect]]", 'signal = "jobs.depth"', 'moves = "sideways"') + JOBS,
         "/c.toml:10: actions.x.expect[0].moves"),
        (command("x", 'turns_on = "on"', 'was = "jobs.depht"', 'undo = "off"') + OFF + JOBS,
         "actions.x.was: the source jobs has no figure depht"),
        # parameters
        (command("x", argv=N),
         "/c.toml:4: actions.x: takes {n}, which is no parameter of it (write [actions.x.param"),
        (command("x") + takes("n"), "/c.toml:8: actions.x.parameters.n: is used nowhere (write"),
        (command("x", argv='"true", "{N}"'), "actions.x.argv[1]: a lone {; write {{"),
        (command("x", argv='"true", "a}"'), "actions.x.argv[1]: a lone }; write }}"),
        (command("x", argv='"{n}", "a"') + takes("n"), "argv: the program itself is no value"),
        (command("x", argv='"/bin/{n}"') + takes("n"), "argv: the program itself is no value"),
        (taking('type = "choice"'), "a choice needs them"),
        (taking('choices = ["a"]'), "choices go with type choice"),
        (taking("minimum = 1"), "minimum and maximum go with type int"),
        (taking('type = "integer"', 'pattern = "a"'), "pattern goes with"),
        (taking('pattern = "("'), "actions.x.parameters.n.pattern: not a"),
        (taking('gives = "title"'), "gives goes with type row"),
        (taking('type = "integer"', "minimum = 2", "maximum = 1"),
         "minimum is more than maximum"),
        (taking('type = "integer"', "maximum = 4", "default = 5"),
         "/c.toml:11: actions.x.parameters.n.default: is 5; the most is 4"),
        (taking('type = "integer"', "minimum = 4", "default = 3"),
         "actions.x.parameters.n.default: is 3; the least is 4"),
        (taking('type = "integer"', 'default = "3"'),
         "actions.x.parameters.n.default: must be a whole number"),
        (taking('type = "integer"', "default = true"),
         "actions.x.parameters.n.default"),
        (taking('pattern = "a+"', 'default = "b"'),
         "/c.toml:10: actions.x.parameters.n.default: does not match a+"),
        (taking("longest = 2", 'default = "abc"'), "has more than 2 char"),
        (taking('type = "choice"', 'choices = ["a"]', 'default = "b"'),
         "actions.x.parameters.n.default: is none of its choices: a"),
        (taking('type = "row"'), "a row needs one"),
        (DEPLOYS + taking('type = "row"', 'source = "deploy"'),
         "actions.x.parameters.n.source: there is no source deploy (did you mean deploys?)"),
        (JOBS + taking('type = "row"', 'source = "jobs"'),
         "jobs is of kind gauge, which has no rows to choose (kinds: postgres, redis, command)"),
        (DEPLOYS + taking('type = "row"', 'source = "deploys"', 'default = "third"'),
         "actions.x.parameters.n.default: of rows is first or second"),
        # command
        (command("x", 'env = { "a=b" = "c" }'), "env: 'a=b' is no name of a variable"),
        (command("x", 'env = { A = { evn = "B" } }'), "actions.x.env.A"),
        (command("x", "statuses = [256]"), "actions.x.statuses[0]"),
        (command("x", 'fails_if = "("'), "actions.x.fails_if: not a regular expression"),
        (command("x", 'succeeds_if = "(?<=a)b"'), "actions.x.succeeds_if: not a regular"),
        # http
        (http('body = \'{{"a": "{n}"}}\'') + takes("n"), "body: write it as a table, so that no"),
        (http('content_type = "text/html"', 'body = "{n}"') + takes("n"), "body: write it as a"),
        (http("body = { at = 2026-11-27 }"), "body: JSON cannot say it"),
        (http("body = { a = [nan] }"), "body: JSON cannot say it"),
        (http(url="https://{n}/a") + takes("n"), "url: its host is no value"),
        (http(url="https://h{n}.example?a") + takes("n"), "url: its host is no value"),
        (http(url="https://h.example:{n}/") + takes("n"), "not a web address"),
        (http(url="{n}://h.example/") + takes("n"), "web address"),
        (http(url="ftp://h.example/"), "not a web address"),
        (http(url="https://u:p@h.example/"), "no user or password in the address"),
        (http("headers = { \"a b\" = 'c' }"), "'a b' is not the name of a header"),
        (http("headers = { Host = 'c' }"), "Host is set by warroom itself"),
        (http("headers = { Content-Length = '3' }"), "Content-Length is set by warroom itself"),
        (http("headers = { Authorization = 'Basic abc' }"), "Authorization is a secret"),
        (http("headers = { X-A = 'ü' }"), "X-A is to be of plain ASCII"),
        (http('headers = { X-A = "a\\nb: c" }'), "X-A is to be of plain ASCII"),
        (http("bearer = 'abc'"), "actions.x.bearer: a secret is not written into the file"),
        (http("bearer = { env = 'B' }", "headers = { authorization = { env = 'B' } }"),
         "bearer is the header Authorization"),
        (http("method = 'BREW'"), "actions.x.method"),
        (http("expect_status = [99]"), "actions.x.expect_status[0]"),
        # sql and redis name sources
        ("[actions.x]\nkind = 'sql'\ntitle = 'T'\nsource = 'dbs'\nsql = 'SELECT 1'\n" + DB,
         "/c.toml:7: actions.x.source: there is no source dbs (did you mean db?)"),
        ("[actions.x]\nkind = 'sql'\ntitle = 'T'\nsource = 'jobs'\nsql = 'SELECT 1'\n" + JOBS,
         "actions.x.source: jobs is of kind gauge, this needs one of kind postgres"),
        # steps and by hand
        ("[actions.x]\nkind = 'steps'\ntitle = 'T'\nsteps = ['off', 'of']\n" + OFF,
         "/c.toml:7: actions.x.steps[1]: there is no action of (did you mean off?)"),
        ("[actions.x]\nkind = 'steps'\ntitle = 'T'\nsteps = ['off', 'x']\n" + OFF,
         "actions.x.steps[1]: x has steps itself; name them here"),
        ("[actions.x]\nkind = 'steps'\ntitle = 'T'\nsteps = ['off']\n" + OFF, "actions.x.steps"),
        ("[actions.x]\nkind = 'steps'\ntitle = 'T'\nsteps = ['a', 'b']\n"
         + command("a", argv=N) + takes("n", 'type = "integer"', "maximum = 4", action="a")
         + command("b", argv=N) + takes("n", action="b"),
         "/c.toml:7: actions.x.steps[1]: b takes another n than a (write [actions.x.param"),
        ("[actions.x]\nkind = 'manual'\ntitle = 'T'\ntext = 'Call {who}'\n",
         "actions.x: takes {who}, which is no parameter of it"),
    ],
)  # fmt: skip
def test_mistakes_are_named(text, words):
    assert words in told(text)


def test_all_mistakes_at_once_each_with_its_line():
    text = command("x", 'key = "escape"', 'roles = ["boss"]', 'undo = "gone"', argv=N)
    found = told(text + command("y", "bad = 1") + http("method = 'x'").replace(".x]", ".z]"))
    assert [line.partition(": ")[0] for line in found.splitlines()] == [
        f"/c.toml:{line}" for line in (4, 8, 9, 10, 15, 20)
    ]


@pytest.mark.parametrize(
    "line",
    [
        'env = { API_TOKEN = "hunter2canary" }',
        'env = { PGPASSWORD = "hunter2canary" }',
        'env = { URL = "https://x.example/?token=hunter2canary" }',
        'env = { DSN = "postgres://u:hunter2canary@h/d" }',
    ],
)
def test_a_secret_in_clear_is_for_nobody_else_to_read(line):
    text = command("x", line)
    assert "hunter2canary" in [secret.reveal() for secret in made(text).clear]
    words = told(text, mode=0o644)
    assert "holds a secret in clear, in a file that others can read (chmod 600" in words
    assert "hunter2" not in words


@pytest.mark.parametrize(
    "line",
    [
        'headers = { X-Api-Key = "hunter2canary" }',
        'headers = { X-Thing = "Bearer hunter2canary" }',
        'body = { token = "hunter2canary" }',
        'body = { a = [{ password = "hunter2canary" }] }',
        'content_type = "text/plain"\nbody = "a=1&secret=hunter2canary"',
    ],
)
def test_a_secret_in_clear_in_a_request_is_for_nobody_else_to_read(line):
    assert "hunter2canary" in [secret.reveal() for secret in made(http(line)).clear]
    assert "holds a secret in clear" in told(http(line), mode=0o644)


@pytest.mark.parametrize("key", ["f5", "asterisk", "k"])
def test_the_key_that_is_pressed_is_no_secret(key):
    config = made(command("x", f'key = "{key}"'), mode=0o644)
    assert config.clear == ()
    assert config.actions["x"].key == key


def test_what_everybody_may_know_holds_no_secret():
    canary = "hunter2-canary"
    config = made(
        DEPLOYS
        + command("x", f'env = {{ TOKEN = "{canary}", B = {{ env = "{canary}" }} }}',
                  'undo = "y"', argv=N) + takes("n", "default = 'a'")
        + http(f"headers = {{ X-Key = '{canary}' }}", f"bearer = {{ file = '{canary}' }}",
               f"body = {{ secret = '{canary}' }}",
               url=f"https://h.example/?token={canary}").replace(".x]", ".y]")
        + "[actions.z]\nkind = 'steps'\ntitle = 'T'\nsteps = ['x', 'y']\n"
    )  # fmt: skip
    views = action_views(config.actions, {"deploys": "command"})
    assert canary not in repr(views)
    assert [(one.name, one.kind, one.undo, one.word) for one in views] == [
        ("x", "command", "y", "x"),
        ("y", "http", "", "y"),
        ("z", "steps", "", "z"),
    ]
    assert [[each.name for each in one.parameters] for one in views] == [["n"], [], ["n"]]


def test_steps_may_take_their_value_anew():
    config = made(
        "[actions.x]\nkind = 'steps'\ntitle = 'T'\nsteps = ['a', 'b']\n"
        + takes("n", 'type = "integer"', "maximum = 2")
        + command("a", argv=N) + takes("n", 'type = "integer"', action="a")
        + command("b", argv=N) + takes("n", action="b")
    )  # fmt: skip
    (one,) = action_views(config.actions, {})[0].parameters
    assert (one.type, one.maximum) == ("integer", 2)


def test_what_takes_it_back_gets_its_values():
    config = made(
        JOBS
        + command("x", 'turns_on = "{n}"', 'was = "jobs.depth"', 'ttl = "1h"',
                  "[actions.x.undo]", 'action = "y"', 'values = { m = "{was}-{n}", k = 3 }', argv=N)
        + takes("n")
        + command("y", argv='"true", "{m}", "{k}"')
        + takes("m", action="y") + takes("k", action="y")
    )  # fmt: skip
    assert undo_values(config.actions["x"], {"n": "{m}"}, "7") == {"m": "7-{m}", "k": "3"}
    assert undo_values(config.actions["y"], {}, "7") == {}


@pytest.mark.parametrize(
    "url", ["https://h.example?q={n}", "https://h.example/{n}", "http://h.example:80/a?b={n}&c={n}"]
)
def test_a_value_has_its_place_in_path_and_query(url):
    assert made(http(url=url) + takes("n")).actions["x"].takes == ("n",)


def test_the_schema_knows_them():
    whole = schema(KINDS)
    section = whole["properties"]["actions"]["additionalProperties"]
    found = section["discriminator"]["mapping"]
    assert list(found) == ["command", "sql", "redis", "http", "steps", "manual"]
    for kind, reference in found.items():
        definition = whole["$defs"][reference.rpartition("/")[2]]
        assert definition["properties"]["kind"]["const"] == kind
        assert definition["additionalProperties"] is False
        assert all(
            "description" in each
            for name, each in definition["properties"].items()
            if name != "kind"
        )
    assert "env" in whole["$defs"]["CommandAction"]["properties"]
