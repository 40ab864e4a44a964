"""What a certificate says, in the words of the panel. Pure."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from warroom.connect import certificate
from warroom.connect.handshake import Shown
from warroom.connect.wording import outside
from warroom.measure.names import TlsSeen
from warroom.measure.snapshot import Certificate

NAMES = 100
"""Names of one certificate that are kept."""


def seen(shown: Shown, address: str, name: str, now: datetime) -> TlsSeen:
    """The certificate, and the verdict on it."""
    details = shown.details
    begins, ends = _time(details.get("notBefore")), _time(details.get("notAfter"))
    named = [str(v) for kind, v in details.get("subjectAltName", ()) if kind != "URI"]
    names = tuple(map(outside, named[:NAMES]))
    issuer = person(certificate.parts(details.get("issuer", ())))
    told: list[str] = []
    if shown.refused is not None:
        known = None if ends is None else Certificate(expires=ends, issuer=issuer, names=names)
        told.append(str(certificate.explain(shown.refused, name, known, now)))
        if ends is not None and ends <= now and shown.refused.code != certificate.EXPIRED:
            # OpenSSL stops at the first reason, and dates come last.
            late = certificate.RefusedError(certificate.EXPIRED, "")
            told.append(str(certificate.explain(late, name, known, now)))
    return TlsSeen(
        address=address,
        server_name=name,
        subject=person(certificate.parts(details.get("subject", ()))),
        issuer=issuer,
        names=names,
        not_before=begins,
        not_after=ends,
        fingerprint=shown.fingerprint,
        protocol=shown.protocol,
        verdict="; ".join(told),
        faults=tuple(told),
    )


def person(parts: Mapping[str, str]) -> str:
    """``Let's Encrypt R11``: the organisation, and which of its names if that says more."""
    whose, which = parts.get("organizationName", ""), parts.get("commonName", "")
    if whose and which and whose.casefold() not in which.casefold():
        return outside(f"{whose} {which}")
    return outside(which or whose)


def replaced(before: TlsSeen, after: TlsSeen) -> str:
    """That the certificate is another one, in words."""
    new = f"certificate of {after.server_name} issued by {after.issuer or '(not told)'}"
    return f"{new}, until {_day(after)}, replaces the one until {_day(before)}"


def _day(one: TlsSeen) -> str:
    return "(not told)" if one.not_after is None else f"{one.not_after:%Y-%m-%d}"


def _time(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None  # a date of no calendar: not known
