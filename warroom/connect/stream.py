"""One TCP connection, plain or TLS, on a raw non-blocking socket.

A transport of asyncio reads ahead; here nothing is read that was not asked for, so an idle
connection that became readable is known to be closed, a flood stays in the kernel, and
closing needs no loop. Phases and bytes are written into the exchange's ``Progress``.
"""

import asyncio
import contextlib
import errno
import os
import select
import socket
import ssl
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import httpcore

from warroom.clock import Clock
from warroom.connect import certificate
from warroom.connect.progress import Progress
from warroom.errors import ProbeError
from warroom.measure.snapshot import Certificate
from warroom.text import safe

CHUNK = 16 * 1024
"""Bytes of one read: all that is parsed before the loop turns again. 64 KiB of one-byte
chunks keep h11 busy for 46 ms, 16 KiB for 12 ms (measured)."""

T = TypeVar("T")


class Line(Protocol):
    """Where a stream finds the exchange that is under way on it."""

    progress: Progress
    clock: Clock
    tunnelled: bool


class Stream(httpcore.AsyncNetworkStream):
    """The connection; httpcore drives it, with every deadline kept outside."""

    def __init__(self, sock: socket.socket, line: Line, peer: str) -> None:
        self._sock = sock
        self._line = line
        self._tls: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.peer = peer
        self.opened_at = line.clock.monotonic()
        self.certificate: Certificate | None = None

    @property
    def closed(self) -> bool:
        return self._sock.fileno() < 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes of the answer, empty at its end. Raises ProbeError."""
        progress = self._line.progress
        if progress.phase != "body":
            progress.phase = self._phase("first byte")
        wanted = min(max_bytes, CHUNK)
        if self._tls is None:
            data = await self._receive(wanted)
        else:
            data = await self._read_tls(self._tls, wanted)
        if data and not progress.received and progress.sent_at is not None:
            progress.first_byte = self._line.clock.monotonic() - progress.sent_at
        progress.received += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it all. Raises httpcore.WriteError: an answer may have come all the same."""
        progress = self._line.progress
        progress.phase = self._phase("send")
        if not buffer:
            return
        try:
            if self._tls is None:
                await asyncio.get_running_loop().sock_sendall(self._sock, buffer)
            else:
                self._tls.write(buffer)
                await self._flush()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error
        progress.sent_at = self._line.clock.monotonic()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "Stream":
        """Shake hands. Raises ``certificate.RefusedError`` or ProbeError ``tls``, and closes."""
        progress, begun = self._line.progress, self._line.clock.monotonic()
        progress.phase = "tls"
        self._tls = ssl_context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )
        try:
            await self._drive(self._tls.do_handshake)
        except BaseException as error:
            self.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise certificate.RefusedError(error.verify_code, error.verify_message) from error
            if isinstance(error, OSError):
                raise _broken("tls", error, self.peer) from error
            raise
        progress.tls = self._line.clock.monotonic() - begun
        progress.received, progress.first_byte = 0, None
        self.certificate = certificate.read(self._tls.getpeercert())
        return self

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        """Let go at once; a TLS peer is told if the socket takes it without waiting."""
        if self.closed:
            return
        if self._tls is not None:
            # Unwrapping wants the peer's own farewell, which we do not wait for.
            with contextlib.suppress(OSError, ValueError):
                self._tls.unwrap()
            # The peer may be gone; closing is all that is left then.
            with contextlib.suppress(OSError):
                self._sock.send(self._outgoing.read())
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self.closed or _readable(self._sock)
        return self._tls if info == "ssl_object" else None

    def _phase(self, phase: str) -> str:
        return "proxy" if self._line.tunnelled and self._tls is None else phase

    async def _receive(self, wanted: int) -> bytes:
        # A peer that always has more ready would never let the loop turn.
        await asyncio.sleep(0)
        try:
            return await asyncio.get_running_loop().sock_recv(self._sock, wanted)
        except OSError as error:
            raise _broken(self._line.progress.phase, error, self.peer) from error

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await asyncio.get_running_loop().sock_sendall(self._sock, data)

    async def _read_tls(self, tls: ssl.SSLObject, wanted: int) -> bytes:
        try:
            return await self._drive(lambda: tls.read(wanted))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""  # many servers close without a farewell; HTTP's framing shows a cut
        except ssl.SSLError as error:
            raise _broken("tls", error, self.peer) from error

    async def _drive(self, step: Callable[[], T]) -> T:
        """Carry bytes between OpenSSL and the socket until ``step`` has what it needs."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush()
                if data := await self._receive(CHUNK):
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            except ssl.SSLError:
                await self._flush()  # the alert that says why
                raise
            else:
                await self._flush()
                return result


def _readable(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _broken(phase: str, error: OSError, peer: str) -> ProbeError:
    if isinstance(error, ssl.SSLError):
        return _tls_failed(error, peer)
    by = f"the proxy {peer}" if phase == "proxy" else peer
    return ProbeError(phase, f"{os_words(error)} by {by}")


def _tls_failed(error: ssl.SSLError, peer: str) -> ProbeError:
    reason = (error.reason or "").replace("_", " ").lower()
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return ProbeError("tls", f"connection closed by {peer} during the TLS handshake")
    if any(sign in reason for sign in ("wrong version", "record layer failure", "http request")):
        return ProbeError("tls", f"{peer} does not speak TLS", "is it http:// and not https://?")
    if "certificate required" in reason or "alert handshake failure" in reason:
        hint = 'client_cert = "…" and client_key = "…" give it one'
        return ProbeError("tls", f"TLS refused by {peer}: {reason}", hint)
    return ProbeError("tls", f"TLS failed with {peer}: {safe(reason or str(error), 120)}")


_WORDS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection closed",
    errno.ETIMEDOUT: "connection given up",
}


def os_words(error: OSError) -> str:
    """``connection refused``: an errno for people."""
    known = _WORDS.get(error.errno or 0)
    text = os.strerror(error.errno).lower() if error.errno else safe(str(error), 120)
    return known or text
