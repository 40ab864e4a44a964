"""TLS handshakes for their own sake: which certificate a server shows, and does it verify.

OpenSSL tells what stands in a certificate only of one it believes. So one that is refused is
seen by a second handshake that believes nobody, and read by a third that believes this very one.
Nothing is ever sent inside.
"""

import asyncio
import hashlib
import ssl
from dataclasses import dataclass
from typing import Any

from warroom.clock import Clock
from warroom.connect.backend import Backend
from warroom.connect.certificate import RefusedError
from warroom.connect.network import Network
from warroom.connect.progress import Progress
from warroom.connect.stream import Stream
from warroom.connect.tls import TlsOptions, believing, reading
from warroom.errors import ProbeError

SECOND_LOOK = 0.8
"""Share of the time left that the two looks at a refused certificate may take together."""

_FIRST_BYTE = "the port must speak TLS from the first byte; STARTTLS is not spoken here"


@dataclass(frozen=True)
class Peer:
    """Where to connect, and the name to ask for and to verify (a host or an IP address)."""

    host: str
    port: int
    name: str


@dataclass(frozen=True)
class Shown:
    """What the server showed. ``details`` is as ``SSLObject.getpeercert`` has it, empty when it
    could not be read; ``fingerprint`` is SHA-256 in hexadecimal; ``protocol`` is ``TLSv1.3``.
    ``took`` is seconds from the first packet to the verdict, ``refused`` OpenSSL's verdict."""

    details: dict[str, Any]
    fingerprint: str
    protocol: str
    took: float
    address: str
    refused: RefusedError | None = None


async def look(
    peer: Peer, options: TlsOptions, network: Network, clock: Clock, seconds: float
) -> Shown:
    """Shake hands once, and again if the certificate is refused; within ``seconds``. Raises
    ProbeError when there was no handshake."""
    progress = Progress(ends=asyncio.get_running_loop().time() + seconds)
    backend = Backend(network.resolver, clock)
    backend.progress = progress
    begun = clock.monotonic()
    try:
        async with asyncio.timeout_at(progress.ends):
            trusting = await network.trust.context(options)
            begun = clock.monotonic()
            try:
                return _shown(await _shake(backend, peer, trusting), clock.monotonic() - begun)
            except RefusedError as error:
                refused = error
    except TimeoutError:
        raise progress.late(seconds) from None
    except ProbeError as error:
        if "does not speak TLS" in str(error):
            raise ProbeError(error.phase, str(error), _FIRST_BYTE) from error
        raise
    took = clock.monotonic() - begun
    details, fingerprint, protocol = await _second_look(backend, peer)
    return Shown(details, fingerprint, protocol, took, progress.peer, refused)


async def _second_look(backend: Backend, peer: Peer) -> tuple[dict[str, Any], str, str]:
    """What there is to be read of a certificate that was refused; empty what is not."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + SECOND_LOOK * (backend.progress.ends - loop.time())
    backend.progress = Progress(ends=ends)
    seen: bytes | None = None
    fingerprint = protocol = ""
    try:
        async with asyncio.timeout_at(ends):
            stream = await _shake(backend, peer, reading())
            tls = _tls(stream)
            stream.close()
            seen, protocol = tls.getpeercert(binary_form=True), tls.version() or ""
            fingerprint = _fingerprint(seen)
            stream = await _shake(backend, peer, believing(seen or b""))
            stream.close()
            return _tls(stream).getpeercert() or {}, fingerprint, protocol
    except (ProbeError, RefusedError, TimeoutError, ssl.SSLError, ValueError):
        # The verdict stands. A server with several certificates may show another one now.
        return {}, fingerprint, protocol


async def _shake(backend: Backend, peer: Peer, context: ssl.SSLContext) -> Stream:
    stream = await backend.connect_tcp(peer.host, peer.port)
    return await stream.start_tls(context, peer.name)


def _shown(stream: Stream, took: float) -> Shown:
    tls = _tls(stream)
    stream.close()
    fingerprint = _fingerprint(tls.getpeercert(binary_form=True))
    return Shown(tls.getpeercert() or {}, fingerprint, tls.version() or "", took, stream.peer)


def _tls(stream: Stream) -> ssl.SSLObject:
    tls = stream.get_extra_info("ssl_object")
    assert isinstance(tls, ssl.SSLObject), "it has shaken hands"
    return tls


def _fingerprint(certificate: bytes | None) -> str:
    return hashlib.sha256(certificate).hexdigest() if certificate else ""
