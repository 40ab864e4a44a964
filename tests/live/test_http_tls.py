"""Certificates: what they say, and the words for one that does not verify."""

import contextlib
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.bad_server import Script, answer, bad_server
from tests.live.certificates import Authority
from tests.live.probing import failure, once, probing, seen, value
from warroom.measure.snapshot import HttpSeen


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def test_a_good_certificate_is_read(authority: Authority) -> None:
    pair = authority.issue("shop.example", "127.0.0.1", days=30.5)
    async with bad_server(pair.server()) as server:
        sample = await once(server.says("/", answer()), ca_file=authority.file)
    assert isinstance(sample.seen, HttpSeen)
    assert sample.seen.faults == ()
    assert sample.seen.certificate is not None
    assert sample.seen.certificate.issuer == "Harbour Test Authority"
    assert sample.seen.certificate.names == ("shop.example", "127.0.0.1")
    assert value(sample, "certificate_days") == pytest.approx(30.5, abs=0.01)
    assert sample.seen.phases.tls is not None


@pytest.mark.trap(15, "certificates that have expired or bear another name", "down, and why")
@pytest.mark.parametrize(
    ("names", "days", "words"),
    [
        (("127.0.0.1",), -3.2, "tls: certificate expired 3 days ago"),
        (("127.0.0.1",), -1.5, "tls: certificate expired 1 day ago"),
        (("127.0.0.1",), -0.1, "tls: certificate expired 2 h 24 ago"),
        (("other.example",), 30.0, "tls: certificate is for other.example, not for 127.0.0.1"),
        (
            ("a.example", "b.example", "c.example", "d.example", "e.example"),
            30.0,
            "tls: certificate is for a.example and b.example and c.example and 2 more,"
            " not for 127.0.0.1",
        ),
    ],
)
async def test_a_certificate_that_does_not_verify_is_down(
    authority: Authority, names: tuple[str, ...], days: float, words: str
) -> None:
    pair = authority.issue(*names, days=days)
    async with bad_server(pair.server()) as server:
        sample = await once(server.says("/", answer()), ca_file=authority.file)
        assert server.heard == []
    assert isinstance(sample.seen, HttpSeen)
    assert sample.seen.faults == (words,)
    assert sample.seen.status is None
    assert sample.seen.certificate is not None
    assert value(sample, "certificate_days") == pytest.approx(days, abs=0.01)
    assert (value(sample, "up"), value(sample, "availability")) == (0, 0)
    assert (value(sample, "latency"), value(sample, "status")) == (None, None)


async def test_an_unknown_issuer_is_down(authority: Authority, tmp_path: Path) -> None:
    pair = authority.issue("127.0.0.1")
    other = Authority(tmp_path, "Another Authority")
    async with bad_server(pair.server()) as server:
        url = server.says("/", answer())
        for settings in ({}, {"ca_file": other.file}):
            found = await seen(url, **settings)
            words = "tls: certificate is from an issuer that is not known here"
            assert found.faults[0].startswith(words)
        assert server.heard == []


@pytest.mark.trap(17, "hostile text in a certificate", "shown")
async def test_hostile_text_in_a_certificate_is_visible(authority: Authority) -> None:
    shouting = Authority(Path(authority.file).parent, "[/]\x1b[2J\u202eEvil")
    pair = shouting.issue("127.0.0.1")
    async with bad_server(pair.server()) as server:
        found = await seen(server.says("/", answer()), ca_file=shouting.file)
    assert found.certificate is not None
    assert found.certificate.issuer == "[/]␛[2J\\u202eEvil"


async def test_a_client_certificate_is_shown_when_asked_for(authority: Authority) -> None:
    pair = authority.issue("127.0.0.1")
    own = authority.issue("warroom.example", stem="own")
    async with bad_server(pair.server(client_ca=authority.file)) as server:
        url = server.says("/", answer())
        with_it = {"client_cert": own.cert, "client_key": own.key}
        assert (await seen(url, ca_file=authority.file, **with_it)).faults == ()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_client_certificate_that_is_missed_is_asked_for(
    authority: Authority, version: ssl.TLSVersion
) -> None:
    context = authority.issue("127.0.0.1").server(client_ca=authority.file)
    context.minimum_version = context.maximum_version = version
    with refusing_handshakes(context) as port:
        error = await failure(f"https://127.0.0.1:{port}/", ca_file=authority.file)
    assert error.phase == "tls"
    assert str(error).startswith(f"TLS refused by 127.0.0.1:{port}: ")
    assert "client_cert" in error.hint


@contextlib.contextmanager
def refusing_handshakes(context: ssl.SSLContext) -> Iterator[int]:
    """A blocking server for one handshake: asyncio's never sends the alert that says why."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with contextlib.suppress(OSError), connection:
                context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


async def test_files_that_are_no_use_are_named(authority: Authority, tmp_path: Path) -> None:
    own = authority.issue("one.example", stem="one")
    other = authority.issue("two.example", stem="two")
    (tmp_path / "junk.pem").write_text("junk")
    cases: list[tuple[dict[str, str], str]] = [
        ({"ca_file": "missing.pem"}, f"ca_file {tmp_path}/missing.pem: No such file or directory"),
        ({"ca_file": "junk.pem"}, f"ca_file {tmp_path}/junk.pem: no usable PEM in it"),
        (
            {"client_cert": own.cert, "client_key": other.key},
            f"client_cert {own.cert}: the key does not belong to it",
        ),
    ]
    for settings, words in cases:
        error = await failure("https://127.0.0.1:1/", folder=tmp_path, **settings)
        assert (error.phase, str(error)) == ("set-up", words)


async def test_a_replaced_authority_file_is_loaded_anew(
    authority: Authority, tmp_path: Path
) -> None:
    pair = authority.issue("127.0.0.1")
    wrong = Authority(tmp_path, "Wrong").file
    async with (
        bad_server(pair.server()) as server,
        probing(server.says("/", answer()), ca_file=wrong) as source,
    ):
        refused = (await source.sample()).seen
        assert isinstance(refused, HttpSeen)
        assert refused.status is None
        shutil.copy(authority.file, wrong)
        found = (await source.sample()).seen
        assert isinstance(found, HttpSeen)
        assert found.status == 200


async def test_a_server_that_does_not_speak_tls_says_so() -> None:
    async with bad_server() as server:
        server.greeting = Script(b"HTTP/1.1 400 Bad Request\r\n\r\n", "silence")
        error = await failure(server.url("/").replace("http:", "https:"))
    assert error.phase == "tls"
    assert str(error) == f"127.0.0.1:{server.port} does not speak TLS"


async def test_silence_in_the_handshake_ends_at_the_deadline() -> None:
    async with bad_server() as server:
        server.greeting = Script(b"", "silence")
        error = await failure(server.url("/").replace("http:", "https:"), timeout="300ms")
    assert error.phase == "tls"
    assert str(error) == "no answer within 300 ms: connected, no TLS handshake"


async def test_closing_in_the_handshake_is_no_answer() -> None:
    async with bad_server() as server:
        server.greeting = Script(b"", "close")
        error = await failure(server.url("/").replace("http:", "https:"))
    assert error.phase == "tls"
    assert "closed by" in str(error) or "reset by" in str(error)


async def test_a_pinned_address_keeps_host_and_sni(authority: Authority) -> None:
    pair = authority.issue("shop.example")
    async with bad_server(pair.server()) as server:
        server.says("/health", answer())
        url = server.url("/health", host="shop.example")
        found = await seen(url, ca_file=authority.file, address="127.0.0.1")
        assert found.faults == ()
        assert found.phases.dns is None
        assert found.address == f"127.0.0.1:{server.port}"
        assert server.names == ["shop.example"]
        assert server.heard[0].headers["host"] == f"shop.example:{server.port}"


async def test_a_tls_peer_that_leaves_without_farewell_has_still_answered(
    authority: Authority,
) -> None:
    pair = authority.issue("127.0.0.1")
    raw = b'HTTP/1.1 200 OK\r\n\r\n{"a": 1}'
    async with bad_server(pair.server()) as server:
        url = server.says("/", raw, then="abort")
        async with probing(url, ca_file=authority.file, expect=["a == 1"]) as source:
            for _ in range(3):
                found = (await source.sample()).seen
                assert isinstance(found, HttpSeen)
                assert found.faults == ()


async def test_contexts_of_the_same_settings_are_one(authority: Authority) -> None:
    from warroom.connect.tls import TlsOptions, Trust

    trust = Trust()
    one = await trust.context(TlsOptions(ca_file=authority.file))
    assert await trust.context(TlsOptions(ca_file=authority.file)) is one
    assert await trust.context(TlsOptions()) is not one
    assert one.verify_mode is ssl.CERT_REQUIRED
    assert one.check_hostname
