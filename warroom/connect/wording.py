"""What httpcore and h11 complain about, in words for people."""

import httpcore

from warroom.connect.progress import Progress, counted
from warroom.errors import ProbeError
from warroom.text import safe

PROXY_UNAUTHORIZED = 407
"""RFC 9110, section 15.5.8: the proxy wants other credentials."""
OUTSIDE = 4_096
"""Characters of an outside text that are handed on. A guard against floods, no more: whoever
shows it takes the secrets out first and makes it short then, for a secret cut in two is not
found."""
CUT = " (cut)"


def outside(text: str) -> str:
    """An outside text, safe and as good as whole."""
    return safe(text, OUTSIDE)


def in_short(text: str, most: int) -> str:
    """At most so many characters of an outside text, in whole words where it is cut: whoever
    takes the secrets out finds none of which half is gone."""
    if len(text) <= most:
        return text
    kept = text[: most - len(CUT) + 1]
    return kept[: max(0, *map(kept.rfind, " \t\n"))].rstrip() + CUT


def in_words(error: Exception, progress: Progress) -> ProbeError:
    """The ProbeError for a protocol, network or proxy error of httpcore."""
    peer = progress.peer or "the server"
    text = outside(str(error))
    if isinstance(error, httpcore.ProxyError):
        hint = "check user and password of proxy" if str(PROXY_UNAUTHORIZED) in text else ""
        return ProbeError("proxy", f"refused by the proxy {peer}: {text}", hint)
    if isinstance(error, httpcore.LocalProtocolError):
        return ProbeError("set-up", f"the request cannot be sent: {text}")
    if not isinstance(error, httpcore.RemoteProtocolError):
        return ProbeError(progress.phase, f"connection lost to {peer}: {text}")
    if "disconnected" in text:
        phase = "proxy" if progress.phase == "proxy" else "first byte"
        rest = "in the midst of its answer's head" if progress.received else "without an answer"
        return ProbeError(phase, f"connection closed by {peer} {rest}")
    if progress.phase == "body":
        if "closed connection" in text:
            came = counted(progress.body)
            return ProbeError("body", f"answer cut short by {peer}: {came} of its body came")
        return ProbeError("body", f"the body from {peer} is not valid HTTP: {text}")
    phase = "proxy" if progress.phase == "proxy" else "first byte"
    return ProbeError(phase, f"the answer of {peer} is not valid HTTP: {text}")
