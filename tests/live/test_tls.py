"""The tls source against servers with good, bad, replaced and no certificates."""

import asyncio
import contextlib
import shutil
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.ending import ended
from tests.live.bad_server import Script, bad_server
from tests.live.certificates import Authority, Pair
from tests.live.held import failure, figures, holding, truth
from tests.live.probing import until
from warroom.measure.names import TlsSeen
from warroom.severity import SEV, P
from warroom.sources.base import Sample
from warroom.sources.tls import TlsSettings, TlsSource

HOST = "www.harbour.example"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextlib.asynccontextmanager
async def looking(port: int, authority: Authority | None, **table: Any) -> AsyncIterator[TlsSource]:
    whole: dict[str, Any] = {"address": f"127.0.0.1:{port}", "server_name": HOST, "timeout": "2s"}
    if authority is not None:
        whole["ca_file"] = authority.file
    async with holding(TlsSource, "site", whole | table) as source:
        yield source


@contextlib.asynccontextmanager
async def serving(pair: Pair) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """A server's port, and its context, into which another certificate can be loaded."""
    context = pair.server()
    async with bad_server(context) as server:
        yield server.port, context


async def once(pair: Pair, authority: Authority | None, **table: Any) -> Sample:
    async with serving(pair) as (port, _), looking(port, authority, **table) as source:
        return await source.sample()


def seen(sample: Sample) -> TlsSeen:
    assert isinstance(sample.seen, TlsSeen)
    return sample.seen


def fingerprint(pair: Pair) -> str:
    certificate = x509.load_pem_x509_certificate(Path(pair.cert).read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex()


# good ----------------------------------------------------------------------------------------


@truth("days", "handshake", "up", "unanswered")
async def test_a_good_certificate_is_up_and_read(authority: Authority) -> None:
    pair = authority.issue(HOST, "127.0.0.1", days=43.5)
    sample = await once(pair, authority)
    found, what = figures(sample), seen(sample)
    assert found["days"] == pytest.approx(43.5, abs=0.01)
    assert (found["up"], found["unanswered"]) == (1, 0)
    assert 0 < (found["handshake"] or 0) < 2000
    assert (what.faults, what.verdict, what.changes) == ((), "", ())
    assert (what.subject, what.issuer) == (HOST, "Harbour Test Authority")
    assert what.names == (HOST, "127.0.0.1")
    assert what.fingerprint == fingerprint(pair)
    assert what.protocol == "TLSv1.3"
    assert what.not_after is not None
    assert what.not_before is not None
    assert abs(what.not_after - datetime.now(UTC) - timedelta(43.5)) < timedelta(minutes=1)
    assert what.not_after - what.not_before == timedelta(143.5)


async def test_the_host_is_the_name_if_no_other_is_given(authority: Authority) -> None:
    pair = authority.issue("127.0.0.1")
    sample = await once(pair, authority, server_name="")
    assert (seen(sample).verdict, seen(sample).server_name) == ("", "127.0.0.1")


async def test_one_handshake_is_enough_and_nothing_is_sent(authority: Authority) -> None:
    async with bad_server(authority.issue(HOST).server()) as server:
        async with looking(server.port, authority) as source:
            await source.sample()
            await until(lambda: server.connections > 0)
        assert (server.connections, server.heard) == (1, [])


# bad -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "days", "verdict"),
    [
        ((HOST,), -2.5, "certificate expired 2 days ago"),
        (("other.example",), 30, f"certificate is for other.example, not for {HOST}"),
        (
            ("other.example",),
            -1.5,
            f"certificate is for other.example, not for {HOST}; certificate expired 1 day ago",
        ),
    ],
)
async def test_one_that_does_not_verify_is_down_and_is_read_all_the_same(
    authority: Authority, names: tuple[str, ...], days: float, verdict: str
) -> None:
    pair = authority.issue(*names, days=days)
    sample = await once(pair, authority)
    what = seen(sample)
    assert what.verdict == verdict
    assert what.faults == tuple(verdict.split("; "))
    assert (what.names, what.issuer) == (names, "Harbour Test Authority")
    assert what.fingerprint == fingerprint(pair)
    assert figures(sample)["days"] == pytest.approx(days, abs=0.01)
    assert figures(sample)["up"] == 0


async def test_one_that_is_not_valid_yet_is_down(authority: Authority) -> None:
    pair = authority.issue(HOST, days=200, begins=5)
    what = seen(await once(pair, authority))
    assert what.verdict == "certificate is not valid yet"
    assert what.not_before is not None
    assert what.not_before > datetime.now(UTC)


async def test_an_issuer_that_is_not_known_or_left_out_is_down(
    authority: Authority, tmp_path: Path
) -> None:
    words = "certificate is from an issuer that is not known here"
    missing = f"{words}, or the server leaves out one between"
    between = authority.between("Harbour Between")
    pair = between.issue(HOST, days=20)
    what = seen(await once(pair, authority))
    assert (what.verdict, what.issuer, what.names) == (missing, "Harbour Between", (HOST,))
    chained = Pair(f"{pair.cert}.chain", pair.key)
    Path(chained.cert).write_text(Path(pair.cert).read_text() + Path(between.file).read_text())
    assert seen(await once(chained, authority)).verdict == ""
    stranger = Authority(tmp_path, "A Stranger")
    assert seen(await once(pair, stranger)).verdict == missing
    rooted = Pair(f"{pair.cert}.rooted", pair.key)
    chain = (chained.cert, authority.file)
    Path(rooted.cert).write_text("".join(Path(file).read_text() for file in chain))
    assert seen(await once(rooted, stranger)).verdict == f"{words} (its authority signed itself)"


async def test_one_that_signed_itself_is_down_and_read(authority: Authority) -> None:
    sample = await once(authority.itself(HOST, days=9.5), authority)
    words = "certificate is from an issuer that is not known here (self-signed)"
    assert seen(sample).verdict == words
    assert (seen(sample).names, seen(sample).issuer) == ((HOST,), HOST)
    assert figures(sample)["days"] == pytest.approx(9.5, abs=0.01)


async def test_hostile_text_in_a_certificate_is_visible(tmp_path: Path) -> None:
    shouting = Authority(tmp_path, "[/]\x1b[2J\u202eEvil")
    what = seen(await once(shouting.issue(HOST, subject="[b]\x00"), shouting))
    assert (what.issuer, what.subject) == ("[/]␛[2J\\u202eEvil", "[b]␀")


# replaced ------------------------------------------------------------------------------------


async def test_another_certificate_is_a_change(authority: Authority, tmp_path: Path) -> None:
    first = authority.issue(HOST, days=3, stem="first")
    second = Authority(tmp_path, "New Authority").issue(HOST, days=90, stem="second")
    async with serving(first) as (port, context), looking(port, authority) as source:
        await source.sample()
        context.load_cert_chain(second.cert, second.key)
        sample = await source.sample()
        for turn in (first, second) * 4:
            context.load_cert_chain(turn.cert, turn.key)
            later = await source.sample()
    days = [f"{datetime.now(UTC) + timedelta(left):%Y-%m-%d}" for left in (90, 3)]
    (change,) = seen(sample).changes
    assert change.kind == "certificate"
    assert change.what == (
        f"certificate of {HOST} issued by New Authority, until {days[0]},"
        f" replaces the one until {days[1]}"
    )
    # Two machines behind one address may each have their own, and take turns.
    known, back, forth, last = seen(later).changes
    assert (known, forth.what) == (change, change.what)
    assert back.what.endswith(f", until {days[1]}, replaces the one until {days[0]}")
    assert last.what == f"{back.what}, by turns"


# no handshake --------------------------------------------------------------------------------


async def test_a_port_that_says_nothing_cannot_be_seen(authority: Authority) -> None:
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with looking(port, authority, timeout="200ms") as source:
            error = await failure(source)
            assert source.after_failure(error)[-1].value is None
    finally:
        for writer in held:
            writer.close()
        await ended(server)
        await server.wait_closed()
    assert error.phase == "tls"
    assert str(error) == "no answer within 190 ms: connected, no TLS handshake"


async def test_a_server_that_does_not_speak_tls_cannot_be_seen(authority: Authority) -> None:
    async with bad_server() as server:
        server.greeting = Script(b"220 mail.harbour.example ESMTP\r\n")
        async with looking(server.port, authority) as source:
            error = await failure(source)
    assert str(error) == f"127.0.0.1:{server.port} does not speak TLS"
    assert error.hint.startswith("the port must speak TLS from the first byte")


async def test_polls_without_an_answer_are_counted(authority: Authority) -> None:
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(bad_server(authority.issue(HOST).server()))
        async with looking(server.port, authority) as source:
            await source.sample()
            await stack.aclose()
            error = await failure(source)
            known = {signal.name: signal.value for signal in source.after_failure(error)}
    assert error.phase == "connect"
    assert known == dict.fromkeys(known) | {"site.unanswered": 1}


async def test_a_ca_file_that_is_not_there_is_our_own_fault(
    authority: Authority, tmp_path: Path
) -> None:
    gone = str(tmp_path / "gone.pem")
    async with (
        serving(authority.issue(HOST)) as (port, _),
        looking(port, None, ca_file=gone) as source,
    ):
        error = await failure(source)
    assert (error.phase, "gone.pem" in str(error)) == ("set-up", True)


async def test_a_renewed_ca_file_is_taken_up(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Another Authority")
    trusted = tmp_path / "trusted.pem"
    shutil.copyfile(other.file, trusted)
    async with (
        serving(authority.issue(HOST)) as (port, _),
        looking(port, None, ca_file=str(trusted)) as source,
    ):
        assert figures(await source.sample())["up"] == 0
        trusted.write_bytes(Path(authority.file).read_bytes() + Path(other.file).read_bytes())
        assert figures(await source.sample())["up"] == 1


# rules and figures ---------------------------------------------------------------------------


def test_the_days_left_are_two_lower_steps_unless_said_otherwise() -> None:
    table = {"kind": "tls", "address": f"{HOST}:443"}
    down, ends = TlsSource.rules("site", TlsSettings.model_validate(table), SEV)
    assert (down.signal, ends.signal) == ("site.up", "site.days")
    assert [ends.means(days) for days in (-1.0, 2.9, 3.0, 13.9, 14.0)] == [
        *("SEV2", "SEV2", "SEV3", "SEV3", "OK"),
    ]
    _, ends = TlsSource.rules("site", TlsSettings.model_validate(table), P)
    assert ends.means(2.0) == P.names[1]
    own = TlsSettings.model_validate({**table, "days": {"SEV4": "< 30", "SEV1": "< 1"}})
    _, ends = TlsSource.rules("site", own, SEV)
    assert [level for level, _ in ends.levels] == ["SEV1", "SEV4"]
    none = TlsSettings.model_validate({**table, "days": {}, "down": "none"})
    assert TlsSource.rules("site", none, SEV) == ()
    with pytest.raises(ValueError, match="days: P1 is no step"):
        TlsSource.rules("site", TlsSettings.model_validate({**table, "days": {"P1": "< 3"}}), SEV)


def test_every_figure_has_a_ground_truth() -> None:
    shown = {name for test in globals().values() for name in getattr(test, "shows", ())}
    settings = TlsSettings.model_validate({"kind": "tls", "address": f"{HOST}:443"})
    assert {f"site.{name}" for name in shown} == set(TlsSource.signals("site", settings))
