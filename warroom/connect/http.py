"""The one HTTP client of the house: sources, actions and messages all ask through it.

httpcore and h11 speak the protocol (HTTP/1.1, RFC 9112); names, sockets, deadlines, caps,
redirects and words are ours. What the environment says of proxies is not heeded.

One client for each source: a client is one connection, and nobody waits for another's.
"""

import asyncio
import base64
from dataclasses import dataclass, replace

import httpcore
import httpx

from warroom import __version__
from warroom.clock import Clock
from warroom.config.secrets import Secret
from warroom.connect import redirect
from warroom.connect.body import ADVERTISED, RawBody
from warroom.connect.channel import Channel, Route
from warroom.connect.network import Network
from warroom.connect.progress import Progress
from warroom.connect.redirect import Headers, RedirectError
from warroom.connect.reply import Asking, Reply
from warroom.errors import ProbeError
from warroom.measure.snapshot import Certificate, Phases
from warroom.text import mask_url, safe


@dataclass(frozen=True)
class Request:
    """What to ask. A header whose value is a ``Secret`` never leaves the URL's origin."""

    url: str
    method: str = "GET"
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; whether it is a good one is for the caller to say.

    ``headers`` have lower-case names and unsafe text, as it came. ``flaws`` say in words
    why the body is not all there or a redirect was not followed, ``over`` that the body is
    larger than was wanted; ``body`` is decoded, and empty when it has a flaw. Where it was
    wanted undecoded it is ``raw``, None when it has a flaw. ``size`` is its length in bytes
    as it travelled. ``phases`` are those of the last hop, but ``total`` is of all. ``url``,
    masked, is where it ended.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    url: str
    phases: Phases
    address: str
    size: int = 0
    flaws: tuple[str, ...] = ()
    certificate: Certificate | None = None
    raw: RawBody | None = None
    over: bool = False

    def header(self, name: str) -> str | None:
        """The first header of that name, in whatever case."""
        return next((value for key, value in self.headers if key == name.lower()), None)


class HttpClient:
    """Asks one system over one connection, one request at a time."""

    def __init__(self, network: Network, clock: Clock, route: Route) -> None:
        self._network = network
        self._clock = clock
        self._route = route
        self._home: tuple[httpx.URL, Channel] | None = None
        self._turn = asyncio.Lock()

    async def exchange(
        self,
        request: Request,
        asking: Asking,
        *,
        deadline: float,
        spent: float = 0.0,
    ) -> Answer:
        """Ask, and have the whole answer within ``deadline`` seconds in all, of which the
        caller has ``spent`` some already.

        Raises ProbeError naming the phase it failed in; CertificateError when the server's
        certificate does not verify.
        """
        left = max(deadline - spent, 0.0)
        progress = Progress(ends=asyncio.get_running_loop().time() + left)
        begun = self._clock.monotonic()
        try:
            async with asyncio.timeout(left), self._turn:
                answer = await self._ask(request, progress, asking)
        except TimeoutError:
            raise progress.late(deadline) from None
        total = self._clock.monotonic() - begun
        return replace(answer, phases=progress.phases(total))

    def close(self) -> None:
        """Close the connection; an exchange under way fails."""
        if self._home is not None:
            self._home[1].drop()

    async def _ask(self, request: Request, progress: Progress, asking: Asking) -> Answer:
        url = httpx.URL(request.url)
        seen: tuple[httpx.URL, ...] = ()
        strangers: dict[httpx.URL, Channel] = {}
        channel = self._channel(url)
        try:
            while True:
                reply = await channel.ask(_encoded(request, url), progress, asking)
                location = reply.header("location")
                if not asking.follow or not redirect.is_redirect(reply.status, location):
                    return _answer(url, reply, channel)
                seen += (url,)
                try:
                    target = redirect.follow(url, location or "", request.method, seen)
                except RedirectError as reason:
                    return _answer(url, replace(reply, flaws=(str(reason),)), channel)
                if not redirect.same_origin(url, target):
                    request = replace(
                        request, headers=redirect.without_credentials(request.headers), body=b""
                    )
                    channel = self._stranger(url, target)
                    strangers[target] = channel
                url = target
                progress.restart()
        finally:
            for stranger in strangers.values():
                stranger.drop()

    def _channel(self, url: httpx.URL) -> Channel:
        if self._home is None or not redirect.same_origin(self._home[0], url):
            self.close()
            self._home = (url, Channel(self._network, self._clock, url, self._route))
        return self._home[1]

    def _stranger(self, url: httpx.URL, target: httpx.URL) -> Channel:
        """A way to another origin: who we are stays behind; an address only for its host."""
        tls = replace(self._route.tls, client_cert=None, client_key=None)
        home = self._home[0].host if self._home is not None else url.host
        address = self._route.address if target.host == home else None
        return Channel(
            self._network, self._clock, target, replace(self._route, tls=tls, address=address)
        )


def basic(user: str, password: Secret) -> Secret:
    """The value of an Authorization header (RFC 7617, in UTF-8)."""
    pair = f"{user}:{password.reveal()}".encode()
    return Secret("Basic " + base64.b64encode(pair).decode("ascii"))


def bearer(token: Secret) -> Secret:
    """The value of an Authorization header (RFC 6750)."""
    return Secret("Bearer " + token.reveal())


def _answer(url: httpx.URL, reply: Reply, channel: Channel) -> Answer:
    return Answer(
        status=reply.status,
        headers=reply.headers,
        body=reply.body,
        url=safe(mask_url(str(url))),
        phases=Phases(),
        address=channel.peer,
        size=reply.size,
        flaws=reply.flaws,
        certificate=channel.certificate,
        raw=reply.raw,
        over=reply.over,
    )


def _encoded(request: Request, url: httpx.URL) -> httpcore.Request:
    headers = {
        b"host": (b"Host", url.netloc),
        b"accept": (b"Accept", b"*/*"),
        b"accept-encoding": (b"Accept-Encoding", ADVERTISED.encode()),
        b"user-agent": (b"User-Agent", f"warroom/{__version__}".encode()),
    }
    for name, value in request.headers:
        headers[name.lower().encode("ascii")] = (name.encode("ascii"), _value(name, value))
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        length = str(len(request.body)).encode()
        headers[b"content-length"] = (b"Content-Length", length)
    return httpcore.Request(
        method=request.method.encode("ascii"),
        url=httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        headers=list(headers.values()),
        content=request.body,
    )


def _value(name: str, value: str | Secret) -> bytes:
    text = value.reveal() if isinstance(value, Secret) else value
    encoded = text.strip().encode()
    if any(byte < 0x20 or byte == 0x7F for byte in encoded):
        hint = "is there a line break in the secret?" if isinstance(value, Secret) else ""
        raise ProbeError("set-up", f"header {name} holds a control character", hint)
    return encoded
