"""Receivers, messages and dues in the file: what they come to, and what is said of mistakes."""

from pathlib import Path

import pytest

from tests.unit.config_kinds import KINDS
from warroom.config.document import parse
from warroom.config.load import Config, validate
from warroom.config.receivers_settings import MailSettings
from warroom.errors import ConfigError
from warroom.incident.built_in import built_in
from warroom.severity import SEV

ROOM = 'version = 1\n[room]\nname = "shop"\n'
SOURCE = '[sources.smoke]\nkind = "gauge"\nurl = "https://shop.example"\n'
CHAT = '[receivers.chat]\nkind = "slack"\nurl = { env = "HOOK" }\n'
MAIL = '[receivers.team]\nkind = "mail"\nhost = "m.example"\nsender = "a@b.c"\nto = ["d@e.f"]\n'
HTTP = '[receivers.page]\nkind = "http"\nurl = "https://api.example/v1?x=1"\n'
DUE = "[[incident.due]]\nname = 'a'\nwithin = '2h'\n"
PAGER = '[receivers.pager]\nkind = "pager"\nkey = { file = "key" }\n'


def made(text: str, mode: int = 0o600) -> Config:
    return validate(parse(Path("/c.toml"), (ROOM + text).encode(), mode=mode), KINDS)


def told(text: str, mode: int = 0o600) -> str:
    """What is wrong with it, each with its line and key."""
    with pytest.raises(ConfigError) as caught:
        made(text, mode)
    return "\n".join(str(one).removeprefix("/c.toml:") for one in caught.value.problems)


def test_everybody_may_know_to_whom_it_goes_and_nobody_by_what_secret():
    config = made(CHAT + MAIL + HTTP + PAGER)
    found = {one.name: one for one in config.procedures.receivers}
    assert list(found) == ["chat", "team", "page", "pager"]
    assert [one.where for one in found.values()] == [
        "chat webhook",
        "mail to d@e.f",
        "POST api.example",
        "pager at events.pagerduty.com",
    ]
    assert found["pager"].purposes == ("first", "acknowledge", "resolution")
    assert found["page"].purposes == ("status",)
    assert "HOOK" not in repr(found["chat"])


def test_what_is_given_counts():
    more = 'title = "x"\npublic = true\npurposes = ["status"]\nlevels = ["SEV1"]\n'
    (one,) = made(f"{SOURCE}{CHAT}{more}sources = ['smoke']\n").procedures.receivers
    assert (one.title, one.public, one.purposes) == ("x", True, ("status",))
    assert (one.levels, one.sources) == (("SEV1",), ("smoke",))
    (one,) = made(f"{CHAT}purposes = []\n").procedures.receivers
    assert one.purposes == (), "none named is any"


@pytest.mark.parametrize(
    ("tls", "port", "reached"),
    [("starttls", "", 587), ("tls", "", 465), ("none", "port = 2525", 2525)],
)
def test_where_mail_goes(tls, port, reached):
    found = made(f'{MAIL}tls = "{tls}"\n{port}\n').receivers["team"]
    assert isinstance(found, MailSettings)
    assert found.reached_at == reached


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[receivers.x]\nkind = "slak"\n', "slak is no kind of receiver (did you mean slack"),
        ("[receivers.x]\ntitle = 'a'\n", "receivers.x: has no kind"),
        ('[receivers.X]\nkind = "slack"\nurl = { env = "H" }\n', "is no name for a receiver"),
        ('[receivers.clipboard]\nkind = "slack"\nurl = { env = "H" }\n', "what is copied by hand"),
        ('[receivers.x]\nkind = "slack"\nurl = "https://x.example/T"\n', "a secret is not written"),
        (f"{CHAT}levels = ['SEV9']\n", "SEV9 is no step of the scale"),
        (f"{SOURCE}{CHAT}sources = ['smok']\n", "there is no source smok (did you mean smoke"),
        (f"{CHAT}purposes = ['frist']\n", "receivers.chat.purposes"),
        (f"{CHAT}colour = 'red'\n", "receivers.chat.colour"),
        (f"{MAIL}tls='none'\nusername='u'\npassword={{ env = 'P' }}\n", "would go in clear"),
        (f"{MAIL}username = 'u'\n", "username and password go together"),
        (MAIL.replace('"d@e.f"', '"nobody"'), "not a mail address"),
        (MAIL.replace('"a@b.c"', '"a@b.c\\nBcc: x@y.z"'), "not a mail address"),
        (MAIL.replace('"d@e.f"', '"jürg@e.f"'), "not a mail address"),
        (MAIL.replace('"d@e.f"', "'\"x y\"@e.f'"), "not a mail address"),
        (MAIL.replace('"d@e.f"', '"all:d@e.f"'), "not a mail address"),
        (MAIL.replace('"a@b.c"', '"a@b.c\\u007f"'), "not a mail address"),
        (f'{HTTP}headers = {{ X-Team = "Zürich" }}\n', "X-Team is to be of plain ASCII"),
        (f'{HTTP}headers = {{ X-Team = "a " }}\n', "no blank at its ends"),
        (f'{HTTP}content_type = "text/plain; ü"\n', "receivers.page.content_type"),
        (f"{HTTP}bearer = {{ env = 'B' }}\n[receivers.page.headers]\n"
         "authorization = { env = 'B' }\n", "bearer is the header Authorization"),
        (HTTP.replace("https://", "ftp://"), "not a web address"),
        (HTTP.replace("https://", "https://u:p@"), "no user or password in the address"),
        (f'{HTTP}headers = {{ Authorization = "x" }}\n', "Authorization is a secret"),
        (f'{HTTP}headers = {{ Host = "x" }}\n', "Host is set by warroom itself"),
        (f'{HTTP}headers = {{ "a b" = "x" }}\n', "is not the name of a header"),
        (f"{PAGER}severity = {{ SEV1 = 'bad' }}\n", "receivers.pager.severity"),
        (f"{PAGER}severity = {{ SEV7 = 'info' }}\n", "SEV7 is no step of the scale"),
        ("[messages]\ntemplate = 'x'\n", "messages.template"),
        (f"{DUE}levels = ['P0']\n", "P0 is no step of the scale"),
        ("[[incident.due]]\nname = 'a'\nwithin = '2'\n", "incident.due[0].within"),
        (f"{DUE}{DUE}", "another thing that is due"),
    ],
)  # fmt: skip
def test_mistakes_are_named(text, words):
    assert words in told(text)


def test_all_mistakes_at_once():
    found = told(
        CHAT.replace("{ env", "{ evn") + MAIL.replace('"a@b.c"', '"x"') + "levels = ['S']\n"
    )
    assert found.count("\n") == 2


def test_a_secret_in_clear_is_for_nobody_else_to_read():
    text = f'{HTTP}headers = {{ X-Api-Key = "canary" }}\n'
    assert [secret.reveal() for secret in made(text).clear] == ["canary"]
    assert "holds a secret in clear" in told(text, mode=0o644)


def test_what_is_due_replaces_what_is_built_in_soonest_first():
    text = "[[incident.due]]\nname = 'b'\nwithin = '48h'\nlevels = ['SEV1']\n"
    text += "[[incident.due]]\nname = 'a'\nwithin = '2h'\n"
    found = made(text).procedures.dues
    assert [(one.name, one.within, one.levels) for one in found] == [
        ("a", 7200.0, ()),
        ("b", 172_800.0, ("SEV1",)),
    ]
    assert made("").procedures.dues == built_in(SEV).dues
    assert made("[incident]\ndue = []\n").procedures.dues == ()


def test_messages():
    found = made(
        "[messages]\ninternal = ['*.corp']\npeople = ['Robin']\ntemplates = 'words'\n"
    ).messages
    assert (found.internal, found.people) == (("*.corp",), ("Robin",))
    assert found.templates == "/words"
