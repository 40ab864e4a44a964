"""Name servers on loopback: they answer by UDP and TCP what a test wrote down, or nothing."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.ending import ended

TTL = 300


@dataclass
class NameServer:
    """``says`` are the next answers, the last of them for ever: records as text, an rcode
    (``NXDOMAIN``), or None for silence. ``ttl`` is the records'. ``truncated`` has UDP say only
    that it does not fit. ``before`` is sent first, as it stands; ``forged`` the same answer with
    another number and this address in it. ``asked`` counts by transport."""

    says: list[Sequence[str] | str | None]
    record: str = "A"
    ttl: int = TTL
    truncated: bool = False
    before: bytes = b""
    forged: str = ""
    loses: int = 0
    by_tcp: bool = True
    asked: dict[str, int] = field(default_factory=lambda: {"udp": 0, "tcp": 0})
    heard: list[dns.message.Message] = field(default_factory=list)
    port: int = 0
    _made: dict[str, bytes] = field(default_factory=dict)
    """Messages by what they say; large ones take longer to make than a loop may be held up."""

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.port}"

    def replies(self, wire: bytes, transport: str) -> list[bytes]:
        query = dns.message.from_wire(wire)
        self.asked[transport] += 1
        self.heard.append(query)
        if self.asked["udp"] <= self.loses:
            return []
        if transport == "udp" and self.truncated:
            cut = dns.message.make_response(query)
            cut.flags |= dns.flags.TC
            return [cut.to_wire()]
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        found = [self.before] if self.before else []
        if self.forged:
            other = self._message(query, [self.forged])
            other.id = query.id ^ 1
            found.append(other.to_wire())
        if said is None:
            return found
        known = self._made.get(str(said))
        if known is None:
            known = self._made[str(said)] = self._message(query, said).to_wire(max_size=65_535)
        return [*found, wire[:2] + known[2:]]

    def _message(
        self, query: dns.message.Message, said: Sequence[str] | str
    ) -> dns.message.Message:
        answer = dns.message.make_response(query)
        if isinstance(said, str):
            answer.set_rcode(dns.rcode.from_text(said))
        elif said:
            name = query.question[0].name
            answer.answer.append(dns.rrset.from_text(name, self.ttl, "IN", self.record, *said))
        return answer


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for wire in self._server.replies(data, "udp"):
            self._transport.sendto(wire, addr)


@contextlib.asynccontextmanager
async def name_server(
    *says: Sequence[str] | str | None, **more: object
) -> AsyncIterator[NameServer]:
    """One that runs during the block."""
    server = NameServer(list(says), **more)  # type: ignore[arg-type]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            for reply in server.replies(wire, "tcp"):
                writer.write(len(reply).to_bytes(2) + reply)
        writer.close()

    loop = asyncio.get_running_loop()
    streams = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = streams.sockets[0].getsockname()[1]
    datagrams, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(server), ("127.0.0.1", server.port)
    )
    if not server.by_tcp:
        await ended(streams)
        await streams.wait_closed()
    try:
        yield server
    finally:
        datagrams.close()
        await ended(streams)
        await streams.wait_closed()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
