"""The two name servers of the shop's name: one program, which answers on two ports.

They are authoritative for the shop's name and answer it truly, and ``localhost`` as RFC 6761
has it. The second one has an old address while somebody has left it an old zone.
"""

import asyncio
import contextlib
import logging
from functools import partial
from pathlib import Path
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

from warroom.demo.certificates import NAME
from warroom.demo.outside.address import SHOP
from warroom.demo.outside.run import run
from warroom.demo.settings import Settings

TTL_S = 60
WAIT_S = 5.0
"""How long a connection may take to ask."""

log = logging.getLogger(__name__)


class Zone:
    """What one server knows; ``stale`` is the file that holds its old address, if there is one."""

    def __init__(self, stale: Path | None = None) -> None:
        self._stale = stale

    def answer(self, wire: bytes) -> bytes | None:
        """The reply; None to what is no question, which is best left without one."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException as error:
            log.info("not a message of DNS: %r", error)
            return None
        if query.flags & dns.flags.QR or query.opcode() != dns.opcode.QUERY or not query.question:
            return None
        reply = dns.message.make_response(query)
        asked = query.question[0]
        address = self._addresses().get(asked.name.to_text(omit_final_dot=True).lower())
        if address is None:
            reply.set_rcode(dns.rcode.REFUSED)  # not ours to tell
            return reply.to_wire()
        reply.flags |= dns.flags.AA
        if asked.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text(asked.name, TTL_S, "IN", "A", address))
        return reply.to_wire()

    def _addresses(self) -> dict[str, str]:
        address = SHOP
        if self._stale is not None:
            with contextlib.suppress(FileNotFoundError):
                address = self._stale.read_text()
        return {NAME: address, "localhost": SHOP}


class Datagrams(asyncio.DatagramProtocol):
    """A zone by UDP."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._zone.answer(data)
        if reply is not None:
            self._transport.sendto(reply, addr)


async def by_tcp(zone: Zone, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One question of a connection (RFC 7766)."""
    try:
        async with asyncio.timeout(WAIT_S):
            size = int.from_bytes(await reader.readexactly(2))
            reply = zone.answer(await reader.readexactly(size))
            if reply is not None:
                writer.write(len(reply).to_bytes(2) + reply)
                await writer.drain()
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        log.info("a connection asked nothing: %r", error)
    finally:
        writer.close()


async def main(settings: Settings) -> None:
    """Serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    zones = (Zone(), Zone(settings.folder.stale_zone))
    for zone, port in zip(zones, settings.name_ports, strict=True):
        await loop.create_datagram_endpoint(partial(Datagrams, zone), ("127.0.0.1", port))
        await asyncio.start_server(partial(by_tcp, zone), "127.0.0.1", port)
    await loop.create_future()


if __name__ == "__main__":
    run(main)
