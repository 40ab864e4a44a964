"""Mail to real servers: encrypted, signed in, once, and what nobody knows is said."""

import pytest

from tests.live.certificates import Authority
from tests.live.comms.receiving import CANARY, Begun, mail_server, outgoing, sender
from tests.unit.test_shell_lines import EVIL as HOSTILE

TABLE = """kind = "mail"
host = "{host}"
port = {port}
tls = "{tls}"
sender = "incidents@shop.example"
to = ["team@shop.example", "boss@shop.example"]
{more}"""


def made(folder, box, *, tls="none", host="127.0.0.1", more="", **secrets):
    table = TABLE.format(host=host, port=box.port, tls=tls, more=more)
    return sender(folder, table, **secrets)[0]


async def test_it_is_sent_once_with_headers_that_hold(tmp_path):
    async with mail_server() as box:
        begun = Begun()
        text = "first\n.\n..dots\nlängst"
        outcome = await made(tmp_path, box).send(outgoing(text=text), begun)
        assert (outcome.state, outcome.text) == ("sent", "250 OK queued")
        assert (begun.count, len(box.mails)) == (1, 1)
        (mail,) = box.mails
        assert box.to == [["team@shop.example", "boss@shop.example"]]
        assert mail["Subject"] == "SEV1: Checkout fails"
        assert mail["From"] == "incidents@shop.example"
        assert mail["Message-ID"] == f"<{'ab' * 16}@shop.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == text


async def test_no_subject_becomes_a_header(tmp_path):
    async with mail_server() as box:
        evil = f"a\r\nBcc: all@x.example\r\n\r\nbody{HOSTILE}"
        assert (await made(tmp_path, box).send(outgoing(subject=evil), Begun())).state == "sent"
        (mail,) = box.mails
        assert mail["Bcc"] is None
        assert "Bcc: all@x.example" in mail["Subject"]
        assert "\x1b" not in mail["Subject"]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_encrypted_and_signed_in(tmp_path, tls):
    authority = Authority(tmp_path)
    context = authority.issue("localhost").server()
    async with mail_server(tls=context, implicit=tls == "tls", password=CANARY) as box:
        more = f'username = "war"\npassword = {{ file = "word" }}\nca_file = "{authority.file}"'
        one = made(tmp_path, box, tls=tls, host="localhost", more=more, word=CANARY)
        outcome = await one.send(outgoing(), Begun())
        assert (outcome.state, box.logins) == ("sent", [b"war"])
        assert CANARY not in outcome.text + one.preview(outgoing())


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_server_that_cannot_prove_itself_gets_nothing(tmp_path, tls):
    context = Authority(tmp_path).issue("localhost").server()
    async with mail_server(tls=context, implicit=tls == "tls") as box:
        begun = Begun()
        one = made(tmp_path, box, tls=tls, host="localhost")
        outcome = await one.send(outgoing(), begun)
        assert (outcome.state, begun.count, box.mails) == ("waiting", 0, [])
        assert "certificate" in outcome.text


async def test_no_encryption_where_it_was_asked_for_gets_nothing(tmp_path):
    async with mail_server() as box:
        outcome = await made(tmp_path, box, tls="starttls").send(outgoing(), Begun())
        assert (outcome.state, box.mails) == ("waiting", [])


async def test_signing_in_refused(tmp_path):
    async with mail_server(password="right") as box:
        more = 'username = "war"\npassword = { file = "word" }'
        one = made(tmp_path, box, more=more, word=CANARY)
        outcome = await one.send(outgoing(), Begun())
        assert (outcome.state, box.mails) == ("failed", [])
        assert "535; look at username and password" in outcome.text
        assert CANARY not in outcome.text


@pytest.mark.parametrize(
    ("answers", "state", "said"),
    [
        ({"MAIL": "550 no such sender"}, "failed", "550 no such sender"),
        ({"MAIL": "451 later"}, "waiting", "451 later"),
        ({"RCPT": "550 unknown"}, "failed", "550 unknown"),
        ({"RCPT": "450 greylisted"}, "waiting", "450 greylisted"),
        ({"boss@shop.example": "550 gone"}, "sent", "NOT taken for boss@shop.example (550)"),
        ({"DATA": "554 spam"}, "failed", "554 spam"),
        ({"DATA": "452 full"}, "waiting", "452 full"),
    ],
)
async def test_what_the_server_says(tmp_path, answers, state, said):
    async with mail_server(answers=answers) as box:
        outcome = await made(tmp_path, box).send(outgoing(), Begun())
        assert outcome.state == state
        assert said in outcome.text


async def test_cut_off_after_all_of_it_came_nobody_knows_and_it_came_once(tmp_path):
    async with mail_server(cut=True) as box:
        outcome = await made(tmp_path, box).send(outgoing(), Begun())
        assert (outcome.state, len(box.mails)) == ("unknown", 1)
        assert "nobody knows" in outcome.text


async def test_out_of_reach(tmp_path):
    async with mail_server() as box:
        pass
    begun = Begun()
    outcome = await made(tmp_path, box).send(outgoing(), begun)
    assert (outcome.state, begun.count) == ("waiting", 0)
    assert "refused" in outcome.text


async def test_a_preview_has_headers_and_text(tmp_path):
    async with mail_server() as box:
        shown = made(tmp_path, box, more='reply_to = "oncall@shop.example"').preview(outgoing())
    assert shown.startswith("From: incidents@shop.example\nTo: team@shop.example, boss@")
    assert "Reply-To: oncall@shop.example\nSubject: SEV1: Checkout fails\n\nSEV1:" in shown
