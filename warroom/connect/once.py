"""One request over HTTP, sent once: by plain httpx, on a fresh connection, with no retry.

Names are looked up in our own threads and the addresses tried one after the other, since httpx
would have a name that hangs looked up in the loop's few threads. Until the connection stands
nothing of it has left; ``begun`` is awaited then, before the first byte.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from warroom.connect.network import Network
from warroom.connect.stream import os_words
from warroom.connect.tls import TlsOptions
from warroom.connect.withheld import WithheldError
from warroom.errors import ProbeError
from warroom.text import safe, short_duration

Begun = Callable[[], Awaitable[None]]
"""Awaited once, after the connection stands and before the first byte leaves. What it raises ends
the attempt, with nothing sent."""
ADDRESSES = 4
"""How many addresses of one name are tried."""
MOST = 16 * 1024
"""Bytes of an answer that are read."""
PATIENCE = 3.0
"""Seconds for the words of an answer, once its status is there."""
AGENT = "warroom"
_CONNECTED = "connection.connect_tcp.complete"
_BEGINS = "http11.send_request_headers.started"
"""What httpcore says right before the first byte: its trace extension is awaited."""


@dataclass(frozen=True)
class Request:
    """What is sent. ``headers`` and ``url`` may hold secrets: neither is ever told."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    deadline: float
    ca_file: str | None = None


@dataclass(frozen=True)
class Exchange:
    """How far it came. ``status`` is the answer's, None where none came; ``said`` the beginning of
    its words, with whatever secrets it repeats; ``whole`` is whether these are all of them, as
    they were meant. ``sent`` is whether anything may have left, and
    ``trouble`` why there is no answer. ``retry_after`` is the header's value."""

    status: int | None = None
    said: bytes = b""
    whole: bool = False
    retry_after: str = ""
    sent: bool = False
    trouble: str = ""


class _Attempt:
    """How far it has come: whether anything may have left, and what was answered."""

    def __init__(self, begun: Begun) -> None:
        self._begun = begun
        self.sent = False
        self.answer: httpx.Response | None = None
        self.said = bytearray()
        self.whole = False
        self._stream: httpcore.AsyncNetworkStream | None = None

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        if name == _CONNECTED:
            self._stream = info["return_value"]
        if name != _BEGINS or self.sent:
            return
        try:
            await self._begun()
        except Exception as error:
            raise WithheldError(error) from error
        self.sent = True

    def answered(self) -> Exchange:
        assert self.answer is not None
        return Exchange(
            status=self.answer.status_code,
            said=bytes(self.said[:MOST]),
            whole=self.whole and len(self.said) <= MOST,
            retry_after=self.answer.headers.get("retry-after", ""),
            sent=True,
        )

    def broke(self, after: str, before: str) -> Exchange:
        """What came keeps its word, however it ended."""
        if self.answer is not None:
            return self.answered()
        return Exchange(sent=self.sent, trouble=after if self.sent else before)

    async def close(self) -> None:
        """httpcore forgets a connection that is given up in the middle of TLS's handshake."""
        if self._stream is not None:
            await self._stream.aclose()
            self._stream = None


async def send_once(request: Request, network: Network, begun: Begun) -> Exchange:
    """Send it, once. Raises what ``begun`` raises; else never but when cancelled."""
    attempt = _Attempt(begun)
    try:
        async with asyncio.timeout(request.deadline):
            return await _exchange(request, network, attempt)
    except WithheldError as withheld:
        raise withheld.error from None
    except TimeoutError:
        late = f"within {short_duration(request.deadline)}"
        return attempt.broke(f"no answer {late}", f"nothing was sent: not reached {late}")
    except ProbeError as error:
        return Exchange(trouble=safe(str(error), 300))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        # Not the error's own words: httpx puts the address, which may be a secret, into some.
        kind = _KINDS.get(type(error), type(error).__name__)
        return attempt.broke(kind, f"nothing was sent: {kind}")


_KINDS: dict[type[Exception], str] = {
    httpx.InvalidURL: "its address is none",
    httpx.ConnectError: "no connection",
    httpx.ConnectTimeout: "no connection in time",
    httpx.ReadError: "the connection broke",
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteError: "the connection broke",
    httpx.RemoteProtocolError: "the connection was closed without an answer",
}


async def _exchange(request: Request, network: Network, attempt: _Attempt) -> Exchange:
    url = httpx.URL(request.url)
    host = url.host
    context = await network.trust.context(TlsOptions(ca_file=request.ca_file))
    addresses = (await network.resolver.addresses(host))[:ADDRESSES]
    trouble: Exception | None = None
    ends = asyncio.get_running_loop().time() + request.deadline
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        # One that drops packets leaves time for the next.
        share = None if left == 1 else (ends - asyncio.get_running_loop().time()) / left
        try:
            async with _client(context) as client:
                return await _ask(client, request, url, (address, share), attempt)
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
    request: Request,
    url: httpx.URL,
    way: tuple[str, float | None],
    attempt: _Attempt,
) -> Exchange:
    address, share = way
    built = client.build_request(
        request.method,
        url.copy_with(host=address),
        headers=[
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", AGENT),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
            *request.headers,
        ],
        content=request.body,
        extensions={
            "sni_hostname": url.host,
            "trace": attempt.trace,
            "timeout": {"connect": share},
        },
    )
    response = attempt.answer = await client.send(built, stream=True)
    try:
        ended = await _read(response, attempt.said)
        # In a coding that was not asked for its words are none.
        attempt.whole = ended and "content-encoding" not in response.headers
    finally:
        await response.aclose()
    return attempt.answered()


async def _read(response: httpx.Response, said: bytearray) -> bool:
    """The beginning of the answer, and whether it is all of it. That it ends in the middle, or
    never, is no error: the status came."""
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in response.aiter_raw():
                said += part
                if len(said) > MOST:
                    return False
            return True
    except (httpx.HTTPError, TimeoutError):
        return False
