"""What looks like a secret, in a text that may hold one nobody told us of. Pure.

Known secrets are taken out by ``warroom.config.masker``; this is for the rest: an exception's
message quotes an address, a header or a token that came from outside.
"""

import re

from warroom.text import mask_urls

MASK = "***"
SECRET = (
    r"(?i)(?:password|passwd|pwd|secret|secret[_-]?(?:access[_-]?)?key|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|token)[\"']?[ \t]*(?:=[ \t]*\S{4,}|:\S{4,}"
    # In ``Password: reset mails are late`` it is a word of the sentence.
    r"|:[ \t]+[a-z.,;!?)'-]*[^a-z\s.,;!?)'-]\S*)|\bauthorization[\"']?[ \t]*[=:][ \t]*\S{4,}"
    r"|--(?:password|token|secret|api-key)[ \t]+\S{4,}|\bbearer[ \t]+[a-z0-9._~+/-]{20,}"
    r"|://[^/\s:@]*:[^/\s@]+@|\bsk-[a-z0-9_-]{16,}|\b[srp]k_(?:live|test)_[a-z0-9]{8,}"
    r"|\bwhsec_[a-z0-9]{8,}|\bgh[pousr]_[a-z0-9]{20,}|\bgithub_pat_[a-z0-9_]{20,}"
    r"|\bglpat-[a-z0-9_-]{16,}|\bxox[abeprs]-[a-z0-9-]{10,}|\b(?-i:A[KS]IA[0-9A-Z]{16})\b"
    r"|\b(?-i:AIza)[a-z0-9_-]{30,}|\bhooks\.slack\.com/services/\S+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|\b(?-i:eyJ)[a-z0-9_-]{10,}\.[a-z0-9_-]{10,}\."
)
"""Where one begins that can be told by its looks."""

_TO_ITS_END = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    # What follows the name is the secret, however it reads.
    r"|((?i:password|passwd|passphrase|secret|token|api[_-]?key)[\"']?[ \t]*[=:][ \t]*)"
    r"(?:[\"'][^\"'\n]*[\"']|[^\s,;)}\]]+)"
    r"|((?i:\b(?:authorization|(?:set-)?cookie))[\"']?[ \t]*[=:][ \t]*)[^\r\n]+"
    r"|((?i:\b(?:bearer|basic))[ \t]+)[A-Za-z0-9._~+/=-]{8,}",
    re.DOTALL,
)
_BEGINS = re.compile(SECRET + r"[^\s\"',;)}\]]*")


def scrubbed(text: str) -> str:
    """``text`` with ``***`` for passwords in addresses, and for what looks like a secret."""
    # An address in the middle of a text ends at a blank; see ``mask_urls``.
    return _BEGINS.sub(_looks, _TO_ITS_END.sub(_masked, mask_urls(f"\n{text}")[1:]))


def _masked(found: re.Match[str]) -> str:
    return f"{found[1] or found[2] or found[3] or ''}{MASK}"


def _looks(found: re.Match[str]) -> str:
    return found[0] if MASK in found[0] else MASK
