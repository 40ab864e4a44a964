"""A hostile HTTP server on loopback: it says byte for byte what a test wrote down.

It drips, floods, bombs, lies, resets and goes silent, and remembers what it was asked.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from tests.ending import ended

DRIP = 1.0
"""Seconds between two bytes of a drip."""


@dataclass(frozen=True)
class Heard:
    """One request as it arrived; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass(frozen=True)
class Script:
    """What to do once asked: send ``raw``; then ``keep``, ``close``, ``reset``, ``silence``,
    or ``abort``, which closes without TLS's farewell.

    From ``drip_from`` on, ``raw`` goes out a byte a second. ``endless`` is sent after it
    for as long as anybody takes it.
    """

    raw: bytes
    then: str = "keep"
    drip_from: int | None = None
    endless: bytes = b""


@dataclass
class BadServer:
    secure: bool = False
    port: int = 0
    scripts: dict[str, Script] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    names: list[str | None] = field(default_factory=list)
    greeting: Script | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    writers: set[asyncio.StreamWriter] = field(default_factory=set)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{path}"

    def says(
        self,
        path: str,
        raw: bytes,
        *,
        then: str = "keep",
        drip_from: int | None = None,
        endless: bytes = b"",
    ) -> str:
        """Script one path; gives its URL."""
        self.scripts[path] = Script(raw, then, drip_from, endless)
        return self.url(path)

    def targets(self) -> list[str]:
        return [heard.target for heard in self.heard]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.writers.add(writer)
        try:
            if self.greeting is not None:
                await self._perform(self.greeting, reader, writer)
            # Who was let in at the last moment is not waited for.
            while not self.closing.is_set() and await self._converse(number, reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client went away: that is what it is for
        finally:
            writer.transport.abort()
            self.writers.discard(writer)
            self.tasks.discard(task)

    async def _converse(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        heard = Heard(method, target, headers, body, number)
        self.heard.append(heard)
        return await self._perform(self.script_for(heard), reader, writer)

    def script_for(self, heard: Heard) -> Script:
        """What to do about a request."""
        return self.scripts.get(heard.target.partition("?")[0], Script(answer(b"", status=404)))

    async def _perform(
        self, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        cut = len(script.raw) if script.drip_from is None else script.drip_from
        writer.write(script.raw[:cut])
        await writer.drain()
        for byte in script.raw[cut:]:
            writer.write(bytes([byte]))
            await writer.drain()
            if await self._closing_within(DRIP):
                return False
        while script.endless and not self.closing.is_set():
            writer.write(script.endless)
            await writer.drain()
        if script.then == "silence":
            await reader.read()  # until the client leaves, or we do
        if script.then == "reset":
            reset(writer)
        elif script.then == "abort":
            writer.transport.abort()
        elif script.then == "close":
            writer.close()
            await writer.wait_closed()
        return script.then == "keep"

    async def _closing_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def finish(self) -> None:
        self.closing.set()
        for writer in list(self.writers):
            writer.transport.abort()
        while self.tasks:
            await asyncio.wait(set(self.tasks))


@contextlib.asynccontextmanager
async def bad_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[BadServer]:
    """A server until the end of the block; nothing of it is left then."""
    bad = BadServer(secure=tls is not None)
    async with serving(bad, tls):
        yield bad


@contextlib.asynccontextmanager
async def serving(bad: BadServer, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
    """Have this one serve until the end of the block."""
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: bad.names.append(name)
    server = await asyncio.start_server(bad.serve, "127.0.0.1", 0, ssl=tls)
    bad.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        await ended(server)
        await bad.finish()
        await server.wait_closed()


def answer(
    body: bytes = b"{}",
    *headers: tuple[str, str],
    status: int = 200,
    kind: str = "application/json",
) -> bytes:
    """A well-formed answer."""
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body: bytes, *headers: tuple[str, str]) -> bytes:
    """The head of a chunked answer, and whatever is claimed to be chunks."""
    lines = ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", *(f"{n}: {v}" for n, v in headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def bomb() -> bytes:
    """1 GiB of zeros in about 1 MiB of gzip: one member, its block repeated 64 times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    header = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return header + block * 64


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.contextmanager
def black_hole(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port whose packets are dropped: its backlog is full, and nobody accepts."""
    with contextlib.ExitStack() as stack:
        hole = stack.enter_context(socket.socket())
        hole.bind((host, port))
        hole.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(hole.getsockname())
        yield hole.getsockname()[1]


def refused_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
