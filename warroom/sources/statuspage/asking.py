"""One address of a status page, asked only for what is new since.

ETag and Last-Modified go back as If-None-Match and If-Modified-Since; 304 says that what came
last still stands (RFC 9110, sections 13.1 and 15.4.5).
"""

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Generic, TypeVar

from warroom.connect.caller import Caller
from warroom.connect.http import Answer, Request
from warroom.connect.redirect import Headers
from warroom.connect.reply import Asking
from warroom.connect.retry import retry_after
from warroom.errors import ProbeError
from warroom.text import short_duration

T = TypeVar("T")

MOST_BYTES = 1 << 20
"""Decoded bytes of one answer; the largest page known, with 115 components, has a tenth."""
_ABSENT = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_VISIBLE = re.compile(r"[ -~]{1,500}\Z")


class Remembered(Generic[T]):
    """What stands at ``url``, as ``read`` makes it of the body, from the last full answer."""

    def __init__(self, caller: Caller, url: str, read: Callable[[bytes], T]) -> None:
        self._caller = caller
        self._url = url
        self._read = read
        self._last: T | None = None
        self._validators: Headers = ()

    async def ask(self, now: datetime, spent: float) -> T | None:
        """What stands there now; None where there is nothing, or more than is taken.

        Raises ProbeError for every other answer, and for none. ``spent`` is in seconds.
        """
        request = Request(self._url, headers=(("Accept", "application/json"), *self._validators))
        answer = await self._caller.ask(request, Asking(MOST_BYTES, follow=True), spent=spent)
        if answer.status == HTTPStatus.NOT_MODIFIED and self._validators:
            return self._last
        if answer.status in _ABSENT or answer.over:
            self._last, self._validators = None, ()
            return None
        _check(answer, now)
        self._last = self._read(answer.body)
        self._validators = _validators(answer)
        return self._last


def _validators(answer: Answer) -> Headers:
    found = ((name, answer.header(header) or "") for header, name in _VALIDATORS.items())
    return tuple((name, value) for name, value in found if _VISIBLE.match(value))


def _check(answer: Answer, now: datetime) -> None:
    """Raises ProbeError for what is no whole answer with JSON in it."""
    if answer.status != HTTPStatus.OK:
        pause = retry_after(answer, now)
        words = f"status {_status_words(answer.status)}, not 200"
        if pause is not None:
            words += f", to be left alone for {short_duration(pause)}"
        if answer.flaws:
            words += f" ({'; '.join(answer.flaws)})"
        hint = "bearer, basic or headers say who we are" if answer.status in _REFUSED else ""
        raise ProbeError("answer", words, hint, retry_after=pause)
    if answer.flaws:
        raise ProbeError("body", "; ".join(answer.flaws))
    kind = (answer.header("content-type") or "").lower()
    if "html" in kind or answer.body.lstrip()[:1] == b"<":
        words = "the answer is a web page, not JSON"
        raise ProbeError("answer", words, "a sign-in page of the network? else check the address")


def _status_words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
