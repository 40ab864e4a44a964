"""What libpq and PgBouncer complain about when a connection is made, as errors of ours.

libpq gives one text for all of it. The pooler's own words stand in it behind their severity;
they are told by fragments, as PgBouncer 1.18 has them in ``client.c`` and ``admin.c``.
"""

import re

from warroom.connect.refused import RefusedError
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.text import safe, short_duration

_SAID = re.compile(r"(?:FATAL|ERROR|PANIC): +([^\n]+)")
_PREFIX = re.compile(r"connection to server (?:at|on socket) .*? failed: ")
_FULL = ("no more connections allowed", "too many clients", "too many connections")
_CREDENTIALS = ("authentication failed", "no such user", "login rejected", "no pg_hba.conf entry")
_ELSEWHERE = ("no such database", "does not exist")
_UNVERIFIED = ("certificate verify failed", "does not match host name")
_RUNNING = "is it running, on that port?"
_OURS = ("no password supplied", "certificate file", "private key file")


def failed(text: str, phase: str, peer: str, user: str) -> RefusedError | ProbeError:
    """The error for libpq's ``text``, when a connection failed in ``phase``. What the pooler
    said by itself is a RefusedError, unless the cause of it is on our side."""
    if said := _SAID.search(text):
        return _of_pooler(said[1].strip(), user)
    bare, tried = _PREFIX.subn("", text.strip())
    reason = bare.partition("\n")[0]
    if tried and reason[1:2].islower():  # "Connection refused", but "SSL error"
        reason = reason[:1].lower() + reason[1:]
    reason = outside(reason)
    if any(words in text for words in _UNVERIFIED):
        return RefusedError(f"tls: {reason}")
    if any(words in text for words in _OURS):
        return ProbeError("set-up", reason, "check dsn, its options and password")
    if "SSL" in text:
        return ProbeError("tls", f"TLS with {peer}: {reason}", "check sslmode of dsn")
    if phase == "connect" or (phase == "set-up" and tried):  # a Unix socket fails at once
        missing = any(sign in reason for sign in ("refused", "no such file"))
        return ProbeError("connect", f"{reason} by {peer}", _RUNNING if missing else "")
    if phase == "set-up":
        return ProbeError("set-up", f"dsn cannot be used: {reason}", "check dsn and its options")
    return ProbeError("first byte", f"connection lost to {peer}: {reason}")


def late(phase: str, peer: str, seconds: float) -> ProbeError:
    """The error for an attempt that was still in ``phase`` after ``seconds``."""
    within = f"within {short_duration(seconds)}"
    if phase == "connect":
        hint = "packets are dropped on the way, or the host is gone"
        return ProbeError("connect", f"no connection to {peer} {within}", hint)
    words = f"no answer {within}: connected to {peer}, not signed in"
    return ProbeError("first byte", words, "is the pooler stopped?")


def _of_pooler(text: str, user: str) -> RefusedError | ProbeError:
    said = outside(text)
    if any(words in said for words in _FULL):
        return RefusedError(f"too many connections: {said}", full=True)
    if said == "not allowed":
        who = safe(user, 63)
        words = f"{who} may not use the admin console: {said}"
        return ProbeError("set-up", words, f"add {who} to stats_users in pgbouncer.ini")
    if any(words in said for words in _CREDENTIALS):
        return ProbeError("set-up", said, "check user and password of dsn, and auth_file")
    if any(words in said for words in _ELSEWHERE):
        return ProbeError("set-up", said, "is this PgBouncer's own port, and not PostgreSQL's?")
    if "startup parameter" in said:
        return ProbeError("set-up", said, "take that option out of dsn")
    if any(words in said for words in ("SSL required", "TLS connection required")):
        return ProbeError("set-up", said, "sslmode=require in dsn")
    return RefusedError(said)
