"""Secrets that stand in clear in a file that others can read."""

from pathlib import Path

import pytest

from warroom.config.document import parse
from warroom.config.load import validate
from warroom.errors import ConfigError
from warroom.sources.registry import discover

FILE = 'version = 1\n[room]\nname = "a"\n[sources.w]\nkind = "http"\n'
URL = 'url = "https://x/"\n'


def told(line: str, mode: int) -> list[str]:
    text = FILE + (line if line.startswith("url") else URL + line)
    try:
        validate(parse(Path("/c.toml"), text.encode(), mode), discover())
    except ConfigError as error:
        return [problem.message for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "line",
    [
        'headers = { X-Auth = "hunter2hunter2" }',
        'headers = { X-Thing = "Bearer hunter2hunter2" }',
        'headers = { X-Thing = "basic aHVudGVyMg==" }',
        'headers = { X-Signature = "zzz" }',
        'headers = { X-Credential = "zzz" }',
        'headers = { X-Key = "zzz" }',
        'headers = { Ocp-Apim-Subscription-Key = "zzz" }',
        'url = "https://x/?key=AKIA1"',
        'url = "https://x/?a=1&sig=AKIA1"',
        'url = "https://x/?a=1&X-Amz-Credential=AKIA1#f"',
        """body = '{"password":"pw"}'""",
        """body = '{"a": {"client_secret" : "pw"}}'""",
        'body = "user=me&passwd=pw"',
        'body = "token=pw"',
    ],
)
def test_a_clear_secret_is_refused_in_a_file_others_can_read(line: str) -> None:
    assert told(line, 0o644) == ["holds a secret in clear, in a file that others can read"]
    assert told(line, 0o600) == []


@pytest.mark.parametrize(
    "line",
    [
        'headers = { Accept = "a", X-Design = "flat", X-Author = "me", Keyboard = "qwerty" }',
        'headers = { X-Auth = { env = "NAME" } }',
        'url = "https://x/keys?monkey=1&page=2&assign=3"',
        """body = '{"query": "password"}'""",
        'body = "q=a sign"',
        'figures = { api_key = "sig.token" }',
        'header_figures = { token = "X-Token-Left" }',
        'client_cert = "c.pem"\nclient_key = "key.pem"',
        'expect = ["auth.state == ok"]\ntitle = "Basic checks"',
    ],
)
def test_what_is_none_is_let_be(line: str) -> None:
    assert told(line, 0o644) == []
