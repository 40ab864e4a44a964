"""Payment events, as the provider sends and the shop takes them: signed by Stripe's scheme.

    Payments-Signature: t=1767225600,v1=<hex HMAC-SHA256 of "t.body">

https://docs.stripe.com/webhooks#verify-manually; the time keeps an event that was
overheard from being sent again later.
"""

import hmac
import re

import msgspec

PATH = "/api/webhooks/payments"
HEADER = "Payments-Signature"
TOLERANCE_S = 300
"""How far an event's time may be from ours: Stripe's libraries take five minutes."""

_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class Payment(msgspec.Struct, frozen=True):
    """What an order costs."""

    order: int
    cents: int


class Event(msgspec.Struct, frozen=True):
    """The body of an event."""

    id: str
    type: str
    data: Payment


class SignatureError(Exception):
    """The event cannot be trusted; `outcome` is the word for it in the metrics."""

    def __init__(self, outcome: str, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


def sign(secret: bytes, body: bytes, at: int) -> str:
    """The header's value for an event sent at that Unix time."""
    return f"t={at},v1={_digest(secret, body, at)}"


def verify(secret: bytes, body: bytes, header: str | None, now: float) -> None:
    """Return if the event is the provider's and of now; SignatureError if not."""
    if not header:
        raise SignatureError("unsigned", "the event is not signed")
    found = _FORM.fullmatch(header)
    if found is None:
        raise SignatureError("bad_signature", "the signature cannot be read")
    at = int(found[1])
    if not hmac.compare_digest(_digest(secret, body, at), found[2]):
        raise SignatureError("bad_signature", "the signature is not by our secret")
    if abs(now - at) > TOLERANCE_S:
        raise SignatureError("too_old", "the event's time is too far from ours")


def _digest(secret: bytes, body: bytes, at: int) -> str:
    return hmac.new(secret, b"%d." % at + body, "sha256").hexdigest()
