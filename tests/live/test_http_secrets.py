"""Credentials: where they come from, where they go, and where they never do."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ending import ended
from tests.live.bad_server import Script, answer, bad_server, refused_port
from tests.live.certificates import Authority
from tests.live.probing import failure, loop_watched, probing, seen
from warroom.config.masker import Masker
from warroom.errors import ProbeError
from warroom.measure.snapshot import HttpSeen

SECRET = "hunter2-correct-horse"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", SECRET)


REFERENCE = {"env": "SHOP_TOKEN"}
BASIC = base64.b64encode(f"watch:{SECRET}".encode()).decode()


@pytest.mark.trap(15, "redirects to another origin", "no secret came there")
@pytest.mark.parametrize(
    ("settings", "header", "sent"),
    [
        ({"bearer": REFERENCE}, "authorization", f"Bearer {SECRET}"),
        ({"basic": {"user": "watch", "password": REFERENCE}}, "authorization", f"Basic {BASIC}"),
        ({"headers": {"X-Api-Key": REFERENCE, "X-Team": "ops"}}, "x-api-key", SECRET),
        ({"headers": {"Cookie": REFERENCE}}, "cookie", SECRET),
    ],
)
async def test_credentials_reach_their_origin_and_no_other(
    settings: dict[str, object], header: str, sent: str
) -> None:
    masker = Masker()
    async with bad_server() as other, bad_server() as server:
        away = other.says("/landing", answer(b"", ("Location", server.url("/home")), status=302))
        url = server.says("/leave", answer(b"", ("Location", away), status=302))
        server.says("/home", answer())
        found = await seen(url, follow_redirects=True, masker=masker, **settings)
    assert found.url == server.url("/home")
    assert server.heard[0].headers[header] == sent
    for heard in (*other.heard, server.heard[1]):
        assert SECRET not in str(heard)
        assert BASIC not in str(heard)
    assert heard.headers.get("x-team") == (
        "ops" if "headers" in settings and header == "x-api-key" else None
    )
    assert masker.mask(f"log: {sent}") != f"log: {sent}"


async def test_a_client_certificate_stays_at_its_origin(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("127.0.0.1")
    own = authority.issue("warroom.example", stem="own")
    wanting = pair.server(client_ca=authority.file)
    async with bad_server(wanting) as other, bad_server(pair.server()) as server:
        url = server.says("/", answer(b"", ("Location", other.url("/")), status=302))
        settings = {"ca_file": authority.file, "client_cert": own.cert, "client_key": own.key}
        error = await failure(url, follow_redirects=True, **settings)
        assert other.heard == []
    assert error.phase in ("tls", "first byte")
    assert "by 127.0.0.1:" in str(error)


@pytest.mark.trap(15, "redirect loops and worse", "refused in words")
async def test_redirects_that_are_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("127.0.0.1")
    async with bad_server() as plain, bad_server(pair.server()) as secure:
        down = answer(b"", ("Location", plain.says("/", answer())), status=301)
        url = secure.says("/", down)
        found = await seen(url, ca_file=authority.file, follow_redirects=True)
        assert f"redirect from https to {plain.url('/')} refused" in found.faults
        assert plain.heard == []

        url = plain.says("/a", answer(b"", ("Location", "/b"), status=302))
        plain.says("/b", answer(b"", ("Location", "/a"), status=302))
        found = await seen(url, follow_redirects=True)
        assert f"redirect loop: {url} again" in found.faults
        assert plain.targets() == ["/a", "/b"]

        for hop in range(9):
            plain.says(f"/{hop}", answer(b"", ("Location", f"/{hop + 1}"), status=307))
        found = await seen(plain.url("/0"), follow_redirects=True)
        assert "more than 5 redirects" in found.faults
        assert plain.targets()[2:] == [f"/{hop}" for hop in range(6)]

        for nowhere in ("file:///etc/passwd", "http://[::1", "http://", "\x1b[2J"):
            url = plain.says("/x", answer(b"", ("Location", "?"), status=302))
            raw = plain.scripts["/x"].raw.replace(b"Location: ?", b"Location: " + nowhere.encode())
            plain.says("/x", raw)
            with contextlib.suppress(ProbeError):
                found = await seen(url, follow_redirects=True)
                assert found.faults
                assert "\x1b" not in str(found.faults)


async def test_a_changed_secret_is_read_again_after_401(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with bad_server() as server:
        url = server.says("/", answer(status=401))
        async with probing(url, bearer=REFERENCE) as source:
            await source.sample()
            monkeypatch.setenv("SHOP_TOKEN", "rotated-token")
            server.says("/", answer())
            await source.sample()
            monkeypatch.setenv("SHOP_TOKEN", "not-asked-for")
            await source.sample()
    tokens = [heard.headers["authorization"] for heard in server.heard]
    assert tokens == [f"Bearer {SECRET}", "Bearer rotated-token", "Bearer rotated-token"]


async def test_a_missing_secret_is_a_failure_of_ours_and_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SHOP_TOKEN")
    async with (
        bad_server() as server,
        probing(server.says("/", answer()), bearer=REFERENCE) as source,
    ):
        with pytest.raises(ProbeError, match="SHOP_TOKEN is not set") as caught:
            await source.sample()
        assert caught.value.phase == "set-up"
        assert server.heard == []
        monkeypatch.setenv("SHOP_TOKEN", SECRET)
        found = (await source.sample()).seen
    assert isinstance(found, HttpSeen)
    assert found.status == 200


async def test_a_secret_with_a_line_break_is_not_sent_nor_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", f"{SECRET}\r\nX-Evil: 1")
    async with bad_server() as server:
        error = await failure(server.says("/", answer()), bearer=REFERENCE)
        assert server.heard == []
    assert error.phase == "set-up"
    assert SECRET not in error.explain()


async def test_a_slow_secret_outlives_one_poll(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    script = f"until [ -e {gate} ]; do sleep 0.02; done; echo {SECRET}"
    async with bad_server() as server:
        url = server.says("/", answer())
        settings = {"bearer": {"command": ["sh", "-c", script]}, "timeout": "200ms"}
        async with probing(url, **settings) as source:
            with pytest.raises(ProbeError, match="the secrets were not there within 200 ms"):
                await source.sample()
            gate.touch()
            async with asyncio.timeout(5):
                found = None
                while found is None:
                    with contextlib.suppress(ProbeError):
                        found = await source.sample()
    assert server.heard[0].headers["authorization"] == f"Bearer {SECRET}"


class Proxy:
    """A small HTTP proxy: absolute URLs and CONNECT, with a password if one is set."""

    def __init__(self, wanted: str | None = None) -> None:
        self.wanted = wanted
        self.lines: list[str] = []
        self.headers: list[str] = []
        self.tunnel_status = b"HTTP/1.1 200 Connected\r\n\r\n"
        self.tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                line, _, rest = head.partition("\r\n")
                self.lines.append(line)
                self.headers.append(rest)
                if self.wanted is not None and self.wanted not in rest:
                    writer.write(answer(b"", status=407))
                    continue
                await self._pass(line, rest, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            self.tasks.discard(task)

    async def _pass(
        self, line: str, rest: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        method, target, _ = line.split(" ")
        if method != "CONNECT":
            port = int(target.split("/")[2].rpartition(":")[2])
            path = "/" + target.split("/", 3)[3]
            there, back = await asyncio.open_connection("127.0.0.1", port)
            back.write(f"{method} {path} HTTP/1.1\r\n{rest}".encode())
            head = await there.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            writer.write(head + await there.readexactly(length))
            back.close()
            return
        writer.write(self.tunnel_status)
        if b" 200 " not in self.tunnel_status:
            return
        there, back = await asyncio.open_connection("127.0.0.1", int(target.rpartition(":")[2]))

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await source.read(65536):
                    sink.write(data)
            sink.close()

        await asyncio.gather(pump(reader, back), pump(there, writer))


@contextlib.asynccontextmanager
async def running(proxy: Proxy) -> AsyncIterator[str]:
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{proxy.port}"
    finally:
        await ended(server)
        if proxy.tasks:
            await asyncio.wait(set(proxy.tasks))
        await server.wait_closed()


async def test_a_proxy_with_a_password_carries_http_and_https(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    proxy = Proxy(wanted=f"Basic {BASIC}")
    async with (
        bad_server() as plain,
        bad_server(authority.issue("shop.example").server()) as secure,
        running(proxy) as place,
    ):
        monkeypatch.setenv("PROXY", f"http://watch:{SECRET}@{place}")
        settings = {"proxy": {"env": "PROXY"}, "ca_file": authority.file}
        assert (await seen(plain.says("/a", answer()), **settings)).faults == ()
        secure.says("/b", answer())
        found = await seen(secure.url("/b", host="shop.example"), **settings)
        assert found.faults == ()
        assert found.certificate is not None
        assert found.address == place
        assert "proxy-authorization" not in secure.heard[0].headers
        assert proxy.lines == [
            f"GET {plain.url('/a')} HTTP/1.1",
            f"CONNECT shop.example:{secure.port} HTTP/1.1",
        ]


async def test_what_goes_wrong_at_the_proxy_is_said_of_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(wanted="Basic other")
    async with bad_server() as plain, running(proxy) as place:
        monkeypatch.setenv("PROXY", f"http://watch:{SECRET}@{place}")
        for url in (plain.says("/", answer()), "https://shop.example/"):
            error = await failure(url, proxy={"env": "PROXY"})
            assert error.phase == "proxy"
            assert "407" in str(error)
            assert SECRET not in error.explain()
        proxy.wanted = None
        proxy.tunnel_status = b"HTTP/1.1 502 \x1b[2J\r\nContent-Length: 0\r\n\r\n"
        error = await failure("https://shop.example/", proxy=f"http://{place}")
        assert error.phase == "proxy"
        assert "\x1b" not in str(error)
        assert plain.heard == []
    port = refused_port()
    error = await failure("https://shop.example/", proxy=f"http://127.0.0.1:{port}")
    assert error.phase == "proxy"
    assert str(error) == f"the proxy: connection refused by 127.0.0.1:{port}"
    async with (
        bad_server() as silent,
        probing(
            "https://shop.example/", timeout="1s", proxy=f"http://127.0.0.1:{silent.port}"
        ) as source,
    ):
        silent.says("shop.example:443", b"", then="silence")
        async with loop_watched():
            with pytest.raises(ProbeError, match="no answer from the proxy") as caught:
                await source.sample()
        assert caught.value.phase == "proxy"


async def test_a_certificate_refused_behind_a_proxy_leaves_the_source_usable(
    tmp_path: Path,
) -> None:
    authority = Authority(tmp_path)
    expired = authority.issue("shop.example", days=-1.5).server()
    proxy = Proxy()
    async with bad_server(expired) as secure, running(proxy) as place:
        url = secure.url("/", host="shop.example")
        async with probing(url, proxy=f"http://{place}", ca_file=authority.file) as source:
            for _ in range(3):
                found = (await source.sample()).seen
                assert isinstance(found, HttpSeen)
                assert found.faults == ("tls: certificate expired",)


async def test_a_handshake_that_fails_behind_a_proxy_leaves_the_source_usable() -> None:
    async with bad_server() as target, running(Proxy()) as place:
        target.greeting = Script(b"", "close")
        url = f"https://shop.example:{target.port}/"
        async with probing(url, proxy=f"http://{place}", timeout="500ms") as source:
            for _ in range(3):
                with pytest.raises(ProbeError, match="during the TLS handshake"):
                    await source.sample()


async def test_what_the_environment_says_of_proxies_is_not_heeded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{refused_port()}")
    async with bad_server() as server:
        assert (await seen(server.says("/", answer()))).faults == ()
