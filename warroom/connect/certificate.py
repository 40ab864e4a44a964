"""The certificate a server showed: read it, and say in words why it was refused."""

import ssl
from datetime import UTC, datetime
from typing import Any

from warroom.errors import ProbeError
from warroom.measure.snapshot import Certificate
from warroom.text import safe, short_duration

# Verification results of OpenSSL's x509_vfy.h that people can do something about.
NOT_YET_VALID, EXPIRED = 9, 10
SELF_SIGNED = (18, 19)
UNKNOWN_ISSUER = (20, 21)
_UNKNOWN = {
    18: " (self-signed)",
    19: " (its authority signed itself)",
    20: ", or the server leaves out one between",
    21: ", or the server leaves out one between",
}
"""OpenSSL stops where it finds no issuer: it cannot tell a chain that is incomplete from one
that leads to a stranger."""
REVOKED = 23
WRONG_NAME, WRONG_ADDRESS = 62, 64
_NAMES_SHOWN = 3


class CertificateError(ProbeError):
    """The server answered, with a certificate that does not verify: evidence about the server.

    ``certificate`` is the one refused, as far as it could be read.
    """

    def __init__(self, message: str, hint: str = "", certificate: Certificate | None = None):
        super().__init__("tls", message, hint)
        self.certificate = certificate


class RefusedError(Exception):
    """OpenSSL's verdict, not yet in words; ``code`` is its X509_V_ERR number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def read(verified: dict[str, Any] | None) -> Certificate | None:
    """From what ``SSLObject.getpeercert`` gives; None when it gives nothing to read."""
    if not verified or "notAfter" not in verified:
        return None
    expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(verified["notAfter"]), UTC)
    issuer = parts(verified.get("issuer", ()))
    name = issuer.get("organizationName") or issuer.get("commonName") or ""
    names = (value for kind, value in verified.get("subjectAltName", ()) if kind != "URI")
    shown = tuple(safe(str(value), 255) for value in names)
    return Certificate(expires=expires, issuer=safe(str(name), 100), names=shown[:100])


def parts(name: tuple[tuple[tuple[str, str], ...], ...]) -> dict[str, str]:
    """A distinguished name as ``getpeercert`` gives it, the last value of each kind."""
    return {key: value for part in name for key, value in part}


def explain(
    refused: RefusedError, host: str, certificate: Certificate | None, now: datetime
) -> CertificateError:
    """``certificate expired 3 days ago``, and what to do about it."""
    code = refused.code
    hint = ""
    if code == EXPIRED:
        left = None if certificate is None else (now - certificate.expires).total_seconds()
        # An authority between may have expired while the server's own has not.
        ago = "" if left is None else f" {_span(left)} ago"
        own = left is None or left >= 0
        words = f"certificate expired{ago}" if own else "an authority's certificate expired"
        hint = "renew it"
    elif code == NOT_YET_VALID:
        words, hint = "certificate is not valid yet", "check this machine's clock"
    elif code in (WRONG_NAME, WRONG_ADDRESS):
        words = f"certificate is {_belongs(certificate)}not for {safe(host, 255)}"
    elif code in SELF_SIGNED + UNKNOWN_ISSUER:
        words = f"certificate is from an issuer that is not known here{_UNKNOWN[code]}"
        hint = 'ca_file = "…" names the authorities to trust'
    elif code == REVOKED:
        words = "certificate was revoked"
    else:
        words = f"certificate refused: {safe(str(refused), 120)}"
    return CertificateError(words, hint, certificate)


def _belongs(certificate: Certificate | None) -> str:
    if certificate is None or not certificate.names:
        return ""
    more = len(certificate.names) - _NAMES_SHOWN
    names = " and ".join(certificate.names[:_NAMES_SHOWN])
    return f"for {names}{f' and {more} more' if more > 0 else ''}, "


def _span(seconds: float) -> str:
    days = int(seconds // 86400)
    if days < 1:
        return short_duration(seconds)
    return "1 day" if days == 1 else f"{days} days"
