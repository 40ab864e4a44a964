"""A message over HTTP, sent once, and what its answer means."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from warroom.comms.sender import Begun, Outcome
from warroom.connect.network import Network
from warroom.connect.once import MOST, Exchange, Request, send_once
from warroom.text import safe

LONGEST_WAIT = 3600.0
"""Seconds a receiver may ask to be left alone."""
SHOWN = 160
"""Characters of an answer that are told."""
_BUSY = (429, 503)
"""Answers that say that it was not taken, and may be later (RFC 6585, RFC 9110)."""


@dataclass(frozen=True)
class Posting(Request):
    """A request. ``masked`` takes the secrets out of an answer that repeats them."""

    masked: Callable[[str], str] = str


async def post(
    posting: Posting, network: Network, begun: Begun, expect: Collection[int] = ()
) -> Outcome:
    """Send it, once. ``expect`` are the statuses that say that it was taken; 200 to 299 if none.
    Raises what ``begun`` raises."""
    exchange = await send_once(posting, network, begun)
    if exchange.status is not None:
        return _outcome(posting, exchange, exchange.status, expect)
    if exchange.sent:
        words = f"it was sent; {exchange.trouble}: whether it came, nobody knows"
        return Outcome(state="unknown", text=words)
    return Outcome(state="waiting", text=exchange.trouble)


def _outcome(posting: Posting, exchange: Exchange, status: int, expect: Collection[int]) -> Outcome:
    # Masked before it is cut: half a secret is not found any more.
    text = posting.masked(" ".join(exchange.said[:MOST].decode("utf-8", "replace").split()))
    said = f"{status} {safe(text, SHOWN)}".strip()
    if status in expect or (not expect and 200 <= status < 300):
        return Outcome(state="sent", text=said)
    if status in _BUSY:
        again = _retry_after(exchange.retry_after)
        return Outcome(state="waiting", text=f"it cannot take it now: {said}", again=again)
    if status >= 500 or 200 <= status < 300:
        return Outcome(state="unknown", text=f"it answered {said}: whether it came, nobody knows")
    return Outcome(state="failed", text=f"it answered {said}")


def _retry_after(value: str) -> float:
    """Seconds (RFC 9110, section 10.2.3); a date is waited for a minute at a time."""
    return min(float(value), LONGEST_WAIT) if value.isascii() and value.isdigit() else 60.0
