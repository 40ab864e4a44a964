"""TLS contexts: loaded once for the same settings, off the loop, and shared.

Loading the system's 144 authorities takes 18 ms and 860 KiB (measured), too much for every
source to have its own.
"""

import asyncio
import os
import ssl
from dataclasses import dataclass, field

import certifi

from warroom.connect import threads
from warroom.errors import ProbeError
from warroom.text import safe

_NO_CHECK_TIME = 0x200000
"""``X509_V_FLAG_NO_CHECK_TIME`` of OpenSSL's ``x509_vfy.h``; the ssl module has no name for it."""
_ANY = "DEFAULT:@SECLEVEL=0"


@dataclass(frozen=True)
class TlsOptions:
    """Whom to trust and who we are: paths of PEM files, absolute; None for the default.

    ``protocols`` are what we offer to speak inside (ALPN, RFC 7301); a server may refuse us for
    offering none that it speaks, so that who speaks none offers none."""

    ca_file: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    protocols: tuple[str, ...] = field(default=("http/1.1",), kw_only=True)

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The settings given, each with its path."""
        pairs = (
            ("ca_file", self.ca_file),
            ("client_cert", self.client_cert),
            ("client_key", self.client_key),
        )
        return tuple((name, path) for name, path in pairs if path is not None)


_Key = tuple[TlsOptions, bool, tuple[float, ...]]


class Trust:
    """The contexts in use. A file that was replaced is loaded anew with the next connection."""

    def __init__(self) -> None:
        self._loading: dict[_Key, asyncio.Future[ssl.SSLContext]] = {}

    async def context(self, options: TlsOptions, *, lenient: bool = False) -> ssl.SSLContext:
        """The context for ``options``. Raises ProbeError ``set-up`` naming the file at fault.

        A ``lenient`` one trusts the same authorities but minds neither dates nor names: it
        serves to read a certificate that was refused, never to send anything.
        """
        key = (options, lenient, _changes(options))
        future = self._loading.get(key)
        if future is None or (future.done() and future.exception() is not None):
            for old in [known for known in self._loading if known[:2] == key[:2]]:
                del self._loading[old]
            future = threads.start(lambda: _load(options, lenient), "load authorities")
            self._loading[key] = future
        return await asyncio.shield(future)


def reading() -> ssl.SSLContext:
    """A context that believes nobody: it serves to see which certificate is shown, and never to
    send anything. Weak keys and signatures are read, too (OpenSSL's security level 0)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(_ANY)
    return context


def believing(certificate: bytes) -> ssl.SSLContext:
    """A context that believes this one certificate (DER), whoever issued it, whatever its dates
    and names: OpenSSL tells what stands in a certificate only of one it believes. Raises
    ssl.SSLError for what is no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    context.set_ciphers(_ANY)
    context.load_verify_locations(cadata=certificate)
    return context


def _changes(options: TlsOptions) -> tuple[float, ...]:
    times = []
    for name, path in options.files:
        try:
            times.append(os.stat(path).st_mtime)
        except OSError as error:
            raise _unreadable(name, path, error) from error
    return tuple(times)


def _load(options: TlsOptions, lenient: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if options.protocols:
        context.set_alpn_protocols(list(options.protocols))
    if lenient:
        context.check_hostname = False
        context.verify_flags |= _NO_CHECK_TIME
    try:
        _load_authorities(context, options.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise _unreadable("ca_file", options.ca_file or "the system's", error) from error
    if options.client_cert is not None:
        try:
            # A password is handed in so that OpenSSL does not ask for one on the terminal.
            context.load_cert_chain(options.client_cert, options.client_key, password=lambda: "")
        except (OSError, ssl.SSLError) as error:
            raise _unreadable("client_cert", options.client_cert, error) from error
    return context


def _load_authorities(context: ssl.SSLContext, ca_file: str | None) -> None:
    paths = ssl.get_default_verify_paths()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    elif paths.cafile or paths.capath:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile=certifi.where())


def _unreadable(setting: str, path: str, error: Exception) -> ProbeError:
    if isinstance(error, ssl.SSLError) or not isinstance(error, OSError):
        mismatch = isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH"
        reason = "the key does not belong to it" if mismatch else "no usable PEM in it"
    else:
        reason = error.strerror or safe(str(error), 120)
    return ProbeError(
        "set-up", f"{setting} {safe(path, 300)}: {reason}", f"check {setting} and its permissions"
    )
