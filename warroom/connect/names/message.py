"""DNS messages by dnspython (RFC 1035, EDNS of RFC 6891): the question, and what a reply says.

The only module that knows dnspython; ``talk.py`` has it loaded in a thread when it is needed.
"""

from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

# dnspython loads these when the first such record comes, which would be on the loop.
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.NS
import dns.rdtypes.ANY.OPT
import dns.rdtypes.ANY.SOA
import dns.rdtypes.ANY.TXT
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA

from warroom.connect.names.reply import Reply
from warroom.connect.wording import outside

PAYLOAD = 1232
"""Bytes of a reply by UDP that pass everywhere unbroken (DNS Flag Day 2020)."""
MOST = 500
"""Answers of one reply that are looked at, the first in order; a message has room for 4,000."""
_RCODES = {
    "REFUSED": "it refuses to answer us (REFUSED)",
    "FORMERR": "it does not understand the question (FORMERR)",
    "NOTIMP": "it does not answer such questions (NOTIMP)",
}


class FlawError(Exception):
    """What came is no answer to what was asked; in words."""


class TruncatedError(Exception):
    """The reply did not fit: it is to be asked for by TCP (RFC 1035, section 4.2.1)."""


class Question:
    """One question with its number; the number is another one each time."""

    def __init__(self, name: str, record: str) -> None:
        self._record = dns.rdatatype.from_text(record)
        absolute = dns.name.from_text(name)
        self._query = dns.message.make_query(absolute, self._record, use_edns=0, payload=PAYLOAD)
        self.wire = self._query.to_wire()

    def read(self, wire: bytes, resolver: str) -> Reply:
        """What the reply says. Raises FlawError for one that is not to our question, whoever
        sent it, and TruncatedError."""
        try:
            found = dns.message.from_wire(wire, ignore_trailing=True)
            ours = self._query.is_response(found)
        except (dns.exception.DNSException, ValueError) as error:
            words = outside(str(error)) or type(error).__name__
            raise FlawError(f"its answer cannot be read: {words}") from error
        if not ours or not isinstance(found, dns.message.QueryMessage):
            raise FlawError("what came is no answer to our question")
        if found.flags & dns.flags.TC:
            raise TruncatedError
        return self._said(found, resolver)

    def _said(self, found: dns.message.QueryMessage, resolver: str) -> Reply:
        rcode = dns.rcode.to_text(found.rcode())
        if rcode == "NXDOMAIN":
            return Reply(resolver, "none", trouble="no such name (NXDOMAIN)")
        if rcode == "SERVFAIL":
            return Reply(resolver, "failed", trouble="it failed to find out (SERVFAIL)")
        if rcode != "NOERROR":
            words = _RCODES.get(rcode, f"it answers {outside(rcode)}")
            return Reply(resolver, "silent", trouble=words)
        try:
            chain = found.resolve_chaining()
        except dns.exception.DNSException as error:
            words = outside(str(error)) or type(error).__name__
            raise FlawError(f"its answer makes no sense: {words}") from error
        if chain.answer is None:
            return Reply(resolver, "none", trouble="the name has no such record")
        answers = sorted(_text(each) for each in chain.answer)[:MOST]
        return Reply(resolver, "answers", frozenset(answers), ttl=chain.minimum_ttl)


def _text(data: Any) -> str:
    """One record as people write it: names in lower case and without the last dot."""
    if data.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
        return str(data.address)
    if data.rdtype == dns.rdatatype.TXT:
        return outside(b"".join(data.strings).decode("utf-8", "backslashreplace"))
    if data.rdtype == dns.rdatatype.MX:
        return f"{data.preference} {_name(data.exchange)}"
    return _name(data.target)


def _name(name: dns.name.Name) -> str:
    return outside(name.to_text(omit_final_dot=True).lower())
