"""The way to one origin: at most one open connection, reused, renewed and never trusted."""

import asyncio
from dataclasses import dataclass, field

import httpcore
import httpx

from warroom.clock import Clock
from warroom.config.secrets import Secret
from warroom.connect import certificate
from warroom.connect.backend import Backend
from warroom.connect.network import Network
from warroom.connect.progress import Progress
from warroom.connect.reply import Asking, Reply, read_reply
from warroom.connect.tls import TlsOptions
from warroom.connect.wording import PROXY_UNAUTHORIZED, in_words
from warroom.errors import ProbeError
from warroom.measure.snapshot import Certificate

RENEWED_AFTER = 60.0
"""Seconds a connection is used for: DNS changes and new certificates show by then."""
_REPEATABLE = (b"GET", b"HEAD")


@dataclass(frozen=True)
class Route:
    """How an origin is reached. ``proxy`` is ``http://user:password@host:port``;
    ``address`` an IP address to connect to instead of asking DNS."""

    tls: TlsOptions = field(default_factory=TlsOptions)
    proxy: Secret | None = None
    address: str | None = None


class Channel:
    """Serves one exchange at a time."""

    def __init__(self, network: Network, clock: Clock, url: httpx.URL, route: Route) -> None:
        self._network = network
        self._clock = clock
        self._route = route
        self._secure = url.scheme == "https"
        self._host = url.raw_host.decode("ascii")
        self._port = url.port or (443 if self._secure else 80)
        self._proxy = None if route.proxy is None else _proxy(route.proxy)
        self._backend = Backend(
            network.resolver,
            clock,
            pinned=route.address,
            proxied=self._proxy is not None,
            tunnelled=self._proxy is not None and self._secure,
        )
        self._pool: httpcore.AsyncConnectionPool | None = None
        self._looking: asyncio.Future[tuple[str, ...]] | None = None

    @property
    def certificate(self) -> Certificate | None:
        """The one the server showed on the connection last used."""
        return self._backend.stream.certificate if self._backend.stream else None

    @property
    def peer(self) -> str:
        """``10.0.0.7:443``: what the connection last used was opened to."""
        return self._backend.stream.peer if self._backend.stream else ""

    async def ask(self, request: httpcore.Request, progress: Progress, asking: Asking) -> Reply:
        """Send, and read the answer; redirects are not followed here.

        Raises ProbeError with the phase; CertificateError for a certificate refused. The
        one repetition there is: a GET or HEAD whose reused connection the server closed
        before any byte of an answer is sent again, once, on a new one. (Other methods never
        meet a reused connection.)
        """
        self._backend.progress = progress
        fresh = asking.fresh or request.method not in _REPEATABLE
        try:
            self._renew(fresh)
            reply = await self._exchange(request, progress, asking)
        except certificate.RefusedError as refused:
            self.drop()
            shown = await self._shown(progress)
            raise certificate.explain(refused, self._host, shown, self._clock.now()) from refused
        except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.ProxyError) as error:
            self.drop()
            raise in_words(error, progress) from error
        except BaseException:
            # Cancelled too: a connection in mid-answer is of no use to anybody.
            self.drop()
            raise
        if fresh:
            self.drop()
        return reply

    def drop(self) -> None:
        """Close the connection, if there is one; the next exchange opens another.

        The pool goes with it: one that lost a tunnel in its handshake has no room left.
        """
        self._pool = self._looking = None
        if self._backend.stream is not None:
            self._backend.stream.close()

    async def _exchange(
        self, request: httpcore.Request, progress: Progress, asking: Asking
    ) -> Reply:
        try:
            response = await (await self._ready()).handle_async_request(request)
        except (ProbeError, httpcore.RemoteProtocolError):
            if progress.opened or progress.received or request.method not in _REPEATABLE:
                raise
            response = None
        if response is None or not progress.received:
            # Closed while idle; or an answer made of bytes that came with the one before.
            self.drop()
            response = await (await self._ready()).handle_async_request(request)
        try:
            if response.status == PROXY_UNAUTHORIZED and self._proxy is not None:
                raise httpcore.ProxyError(str(PROXY_UNAUTHORIZED))
            return await read_reply(response, progress, asking)
        finally:
            await response.aclose()

    async def _ready(self) -> httpcore.AsyncConnectionPool:
        if self._pool is None:
            context = None
            if self._secure:
                context = await self._network.trust.context(self._route.tls)
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=context,
                proxy=self._proxy,
                max_connections=1,
                http2=False,
                retries=0,
                network_backend=self._backend,
            )
        return self._pool

    def _renew(self, fresh: bool) -> None:
        """Close what is too old, but look the name up first and wait for nothing.

        While DNS hangs or fails, an open connection goes on reporting.
        """
        stream = self._backend.stream
        if self._pool is None or stream is None or stream.closed:
            return
        host = self._host if self._proxy is None else self._proxy.url.host.decode("ascii")
        if fresh or not self._backend.needs_name(host):
            if fresh or self._clock.monotonic() - stream.opened_at >= RENEWED_AFTER:
                self.drop()
        elif self._looking is not None and self._looking.done():
            found, self._looking = self._looking, None
            if found.exception() is None:
                self.drop()
                self._backend.known = found.result()
        elif self._clock.monotonic() - stream.opened_at >= RENEWED_AFTER:
            self._looking = self._looking or self._network.resolver.begin(host)

    async def _shown(self, progress: Progress) -> Certificate | None:
        """The certificate that was refused, read over a connection that sends nothing.

        OpenSSL shows only what it verified, so this asks once more without minding dates
        and names. None behind a proxy, for an unknown issuer, or when time is short.
        """
        if self._proxy is not None:
            return None
        left = progress.ends - asyncio.get_running_loop().time()
        self._backend.progress = Progress(ends=progress.ends)
        try:
            async with asyncio.timeout(min(left * 0.8, 2.0)):
                context = await self._network.trust.context(self._route.tls, lenient=True)
                stream = await self._backend.connect_tcp(self._host, self._port)
                await stream.start_tls(context, self._host)
        except (ProbeError, certificate.RefusedError, TimeoutError):
            return None
        stream.close()
        return stream.certificate


def _proxy(secret: Secret) -> httpcore.Proxy:
    try:
        url = httpx.URL(secret.reveal().strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme != "http" or not url.host:
        # Not shown: there may be a password in it. No cause either, for the same reason.
        raise ProbeError("set-up", "proxy is not of the form http://user:password@host:port")
    auth = (url.username.encode(), url.password.encode()) if url.userinfo else None
    return httpcore.Proxy(
        httpcore.URL(scheme=b"http", host=url.raw_host, port=url.port or 80, target=b"/"),
        auth=auth,
    )
