"""One request over HTTP, sent once: by plain httpx, on a fresh connection, with no retry.

Names are looked up in our own threads and the addresses tried one after the other, since httpx
would have a name that hangs looked up in the loop's few threads. Until the connection stands
nothing of the message has left; ``begun`` is awaited then, before the first byte.
"""

import asyncio
import ssl
from collections.abc import Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from warroom.comms.sender import Begun, Outcome
from warroom.comms.senders.refused import RefusedError
from warroom.connect.network import Network
from warroom.connect.stream import os_words
from warroom.connect.tls import TlsOptions
from warroom.errors import ProbeError
from warroom.text import safe, short_duration

ADDRESSES = 4
"""How many addresses of one name are tried."""
MOST = 16 * 1024
"""Bytes of an answer that are read."""
LONGEST_WAIT = 3600.0
"""Seconds a receiver may ask to be left alone."""
PATIENCE = 3.0
"""Seconds for the words of an answer, once its status is there."""
SHOWN = 160
"""Characters of an answer that are told."""
AGENT = "warroom"
_CONNECTED = "connection.connect_tcp.complete"
_BEGINS = "http11.send_request_headers.started"
"""What httpcore says right before the first byte: its trace extension is awaited."""
_BUSY = (429, 503)
"""Answers that say that it was not taken, and may be later (RFC 6585, RFC 9110)."""


@dataclass(frozen=True)
class Posting:
    """What is sent. ``headers`` and ``url`` may hold secrets: neither is ever shown, and ``masked``
    takes them out of an answer that repeats them."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    deadline: float
    masked: Callable[[str], str]
    ca_file: str | None = None


class _Attempt:
    """How far it has come: whether anything may have left, and what was answered."""

    def __init__(self, begun: Begun) -> None:
        self._begun = begun
        self.sent = False
        self.answer: httpx.Response | None = None
        self.said = bytearray()
        self._stream: httpcore.AsyncNetworkStream | None = None

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        if name == _CONNECTED:
            self._stream = info["return_value"]
        if name != _BEGINS or self.sent:
            return
        try:
            await self._begun()
        except Exception as error:
            raise RefusedError(error) from error
        self.sent = True

    async def close(self) -> None:
        """httpcore forgets a connection that is given up in the middle of TLS's handshake."""
        if self._stream is not None:
            await self._stream.aclose()
            self._stream = None


async def post(
    posting: Posting, network: Network, begun: Begun, expect: Collection[int] = ()
) -> Outcome:
    """Send it, once. ``expect`` are the statuses that say that it was taken; 200 to 299 if none.
    Raises what ``begun`` raises."""
    attempt = _Attempt(begun)
    try:
        async with asyncio.timeout(posting.deadline):
            return await _exchange(posting, network, attempt, expect)
    except RefusedError as refused:
        raise refused.error from None
    except TimeoutError:
        if attempt.answer is not None:
            return _outcome(posting, attempt.answer, attempt.said, expect)
        late = f"within {short_duration(posting.deadline)}"
        return _broke(attempt, f"no answer {late}", f"not reached {late}")
    except ProbeError as error:
        return Outcome(state="waiting", text=safe(str(error), 300))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        if attempt.answer is not None:
            return _outcome(posting, attempt.answer, attempt.said, expect)
        # Not the error's own words: httpx puts the address, which may be a secret, into some.
        kind = _KINDS.get(type(error), type(error).__name__)
        return _broke(attempt, kind, kind)


def _broke(attempt: _Attempt, after: str, before: str) -> Outcome:
    if attempt.sent:
        return Outcome(state="unknown", text=f"it was sent; {after}: whether it came, nobody knows")
    return Outcome(state="waiting", text=f"nothing was sent: {before}")


_KINDS: dict[type[Exception], str] = {
    httpx.InvalidURL: "its address is none",
    httpx.ConnectError: "no connection",
    httpx.ConnectTimeout: "no connection in time",
    httpx.ReadError: "the connection broke",
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteError: "the connection broke",
    httpx.RemoteProtocolError: "the connection was closed without an answer",
}


async def _exchange(
    posting: Posting, network: Network, attempt: _Attempt, expect: Collection[int]
) -> Outcome:
    url = httpx.URL(posting.url)
    host = url.host
    context = await network.trust.context(TlsOptions(ca_file=posting.ca_file))
    addresses = (await network.resolver.addresses(host))[:ADDRESSES]
    trouble: Exception | None = None
    ends = asyncio.get_running_loop().time() + posting.deadline
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        # One that drops packets leaves time for the next.
        share = None if left == 1 else (ends - asyncio.get_running_loop().time()) / left
        try:
            async with _client(context) as client:
                return await _ask(client, posting, url, (address, share), attempt, expect)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if attempt.sent:
                raise
            trouble = error
        finally:
            await attempt.close()
    assert trouble is not None
    raise _unreachable(trouble, host)


def _unreachable(error: Exception, host: str) -> ProbeError:
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said or "certificate" in said.casefold():
        words = said.partition("] ")[2].partition(" (_ssl")[0] or "it does not verify"
        return ProbeError("tls", f"nothing was sent: the certificate of {host}: {words}")
    return ProbeError("connect", f"nothing was sent: {_reason(error)} by {host}")


def _reason(error: BaseException | None) -> str:
    """What the system itself said, from inside httpx's errors."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            # Its errno is OpenSSL's own.
            return f"no TLS ({(error.reason or 'it fails').lower().replace('_', ' ')})"
        if isinstance(error, OSError) and error.errno:
            return os_words(error)
        if isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        else:
            error = error.__cause__ or error.__context__
    return "no connection"


@asynccontextmanager
async def _client(context: Any) -> Any:
    transport = httpx.AsyncHTTPTransport(
        verify=context, http1=True, http2=False, retries=0, trust_env=False
    )
    async with httpx.AsyncClient(
        transport=transport, follow_redirects=False, timeout=None, trust_env=False
    ) as client:
        yield client


async def _ask(
    client: httpx.AsyncClient,
    posting: Posting,
    url: httpx.URL,
    way: tuple[str, float | None],
    attempt: _Attempt,
    expect: Collection[int],
) -> Outcome:
    address, share = way
    request = client.build_request(
        posting.method,
        url.copy_with(host=address),
        headers=[
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", AGENT),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
            *posting.headers,
        ],
        content=posting.body,
        extensions={
            "sni_hostname": url.host,
            "trace": attempt.trace,
            "timeout": {"connect": share},
        },
    )
    response = attempt.answer = await client.send(request, stream=True)
    try:
        await _read(response, attempt.said)
    finally:
        await response.aclose()
    return _outcome(posting, response, attempt.said, expect)


async def _read(response: httpx.Response, said: bytearray) -> None:
    """The beginning of the answer. That it ends in the middle, or never, changes nothing: the
    status came."""
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in response.aiter_raw():
                said += part
                if len(said) >= MOST:
                    break
    except (httpx.HTTPError, TimeoutError):
        pass


def _outcome(
    posting: Posting, response: httpx.Response, answer: bytearray, expect: Collection[int]
) -> Outcome:
    status = response.status_code
    # Masked before it is cut: half a secret is not found any more.
    text = posting.masked(" ".join(answer[:MOST].decode("utf-8", "replace").split()))
    said = f"{status} {safe(text, SHOWN)}".strip()
    if status in expect or (not expect and 200 <= status < 300):
        return Outcome(state="sent", text=said)
    if status in _BUSY:
        again = _retry_after(response.headers.get("retry-after", ""))
        return Outcome(state="waiting", text=f"it cannot take it now: {said}", again=again)
    if status >= 500 or 200 <= status < 300:
        return Outcome(state="unknown", text=f"it answered {said}: whether it came, nobody knows")
    return Outcome(state="failed", text=f"it answered {said}")


def _retry_after(value: str) -> float:
    """Seconds (RFC 9110, section 10.2.3); a date is waited for a minute at a time."""
    return min(float(value), LONGEST_WAIT) if value.isascii() and value.isdigit() else 60.0
