"""What goes wrong between us and a Redis server, as errors of ours."""

import ssl

from warroom.connect.lost import LostError
from warroom.connect.queues.talk import ErrorReply
from warroom.connect.redis.talk import ForeignError
from warroom.connect.refused import RefusedError
from warroom.connect.wording import outside
from warroom.errors import ProbeError

_FULL = "max number of clients reached"
"""``networking.c`` of Redis: it says so to everybody above ``maxclients``, and hangs up."""
_CREDENTIALS = ("WRONGPASS", "NOAUTH", "invalid password", "AUTH")
STOPPED = "is the server stopped, or at work on one slow command?"


def not_signed_in(reply: ErrorReply) -> RefusedError | ProbeError:
    """The error for what the server said while we signed in."""
    said = outside(reply.words)
    if _FULL in said:
        return full(said)
    if any(words in said for words in _CREDENTIALS):
        return ProbeError("set-up", said, "check user and password of dsn")
    if "DB index" in said:
        return ProbeError("set-up", said, "check the database in dsn; a cluster has only 0")
    if reply.code == "DENIED":
        words, _, _ = said.partition(".")
        return ProbeError("set-up", words, "give it a password, or bind it to one address")
    return RefusedError(said)


def full(said: str) -> RefusedError:
    return RefusedError(f"too many clients: {said}", full=True)


def lost(error: LostError, peer: str) -> RefusedError | ProbeError:
    """The error for a connection that broke while we signed in."""
    said = str(error)
    if isinstance(error, ForeignError):
        return ProbeError("answer", f"{peer} is no Redis server: {said}", "check host and port")
    if _FULL in said:
        return full(said)
    return ProbeError("first byte", f"connection lost to {peer}: {said}")


def tls(error: ssl.SSLError, peer: str) -> RefusedError | ProbeError:
    """A certificate that does not verify is the server's own fault: it answered."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return RefusedError(f"tls: {outside(error.verify_message)}")
    words = f"TLS with {peer}: {outside(error.reason or str(error))}"
    return ProbeError("tls", words, "does it speak TLS on that port? redis:// is without")
