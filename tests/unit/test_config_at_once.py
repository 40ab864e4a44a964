"""One mistake does not hide the next, not in the same source either."""

from pathlib import Path

import pytest

from warroom.config.document import parse
from warroom.config.load import validate
from warroom.errors import ConfigError
from warroom.sources.registry import discover


def keys(text: str) -> list[str]:
    data = f'version = 1\n[room]\nname = "a"\n{text}'.encode()
    with pytest.raises(ConfigError) as caught:
        validate(parse(Path("/c.toml"), data), discover())
    return sorted(problem.key for problem in caught.value.problems)


WEB = '[sources.w]\nkind = "http"\n'
RULE = '[[rules]]\nname = "r"\nsignal = "w.{}"\nlevels = {{ SEV7 = "> 1" }}\n'


def test_a_bad_source_hides_neither_its_step_nor_a_rule_on_it() -> None:
    found = keys(
        WEB
        + 'url = "https://x/"\ndown = "SEV9"\ntimeout = "5min"\n'
        + 'headers = { Authorization = "clear", Cookie = "clear", "X Y" = "a" }\n'
        + RULE.format("nosuch")
    )
    assert found == [
        "rules[0].levels.SEV7",
        "rules[0].signal",
        "sources.w",
        "sources.w.headers",
        'sources.w.headers."X Y"',
        "sources.w.timeout",
    ]


def test_a_step_is_looked_up_although_the_address_is_wrong() -> None:
    found = keys(WEB + 'url = "nowhere"\ndown = "SEV9"\n' + RULE.format("nosuch"))
    assert found == ["rules[0].levels.SEV7", "sources.w", "sources.w.url"]
    assert keys(WEB + 'down = "SEV9"') == ["sources.w", "sources.w.url"]


def test_what_follows_from_a_mistake_is_not_told_as_another() -> None:
    """A figure badly written is there all the same, and so is a key or a password."""
    web = WEB + 'url = "https://x/"\n'
    rule = RULE.replace("SEV7", "SEV1")
    figures = 'figures = { a = { path = "" }, B = "b" }\n'
    assert keys(web + figures + rule.format("a") + rule.format("B")) == [
        "sources.w.figures.B",
        "sources.w.figures.a.path",
    ]
    assert keys(web + "figures = 3\n" + rule.format("a")) == ["sources.w.figures"]
    login = 'basic = { user = "u", password = "p" }\n'
    assert keys(web + login) == ["sources.w.basic.password"]
    assert keys(web + 'client_cert = 3\nclient_key = "k"') == ["sources.w.client_cert"]


def test_what_does_not_go_together_is_told_all_at_once() -> None:
    data = (
        WEB + 'url = "https://x/"\nmethod = "HEAD"\nexpect = ["a == 1"]\n'
        'address = "10.0.0.7"\nproxy = "http://p:1"\ndown = "SEV9"\n'
    )
    assert keys(data) == ["sources.w", "sources.w"]


def test_steps_of_a_scale_that_is_not_valid_are_known_by_name() -> None:
    scale = '[severity]\nscale = "own"\n[[severity.steps]]\nname = "red"\nresponse = "?"\n'
    rule = RULE.format("up").replace("SEV7", "blue")
    web = WEB + 'url = "https://x/"\n'
    assert keys(scale + web + rule) == ["rules[0].levels.blue", "severity.steps[0].response"]
    assert keys(scale + web + rule.replace("blue", "red")) == ["severity.steps[0].response"]
