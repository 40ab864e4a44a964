"""Whether an HTTP answer is one to read figures from; if not, in words why."""

from datetime import datetime
from http import HTTPStatus

from warroom.connect.http import Answer
from warroom.connect.retry import retry_after
from warroom.connect.wording import OUTSIDE, outside
from warroom.errors import ProbeError
from warroom.sources.prometheus.samples import OPENMETRICS, TEXT
from warroom.text import mask_url, short_duration

ACCEPT = "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1"
"""The text format first: it is read most tolerantly."""
_OTHER = ("html", "json", "xml", "protobuf", "javascript", "image/", "video/", "audio/")
_HINTS = {
    401: "bearer, basic or headers say who we are",
    403: "bearer, basic or headers say who we are",
    404: "is the path right?",
}


def check_status(answer: Answer, now: datetime, asked: str) -> None:
    """Raises ProbeError ``answer`` for a status other than 200, with what it asked of us."""
    if answer.status == HTTPStatus.OK:
        return
    words = f"status {status_words(answer.status)}, not 200"
    location = answer.header("location")
    hint = _HINTS.get(answer.status, "")
    if location is not None and 300 <= answer.status < 400:
        words += f" (a redirect to {outside(mask_url(location[:OUTSIDE]))})"
        hint = f"redirects are not followed; write that address as {asked}"
    pause = retry_after(answer, now)
    if pause is not None:
        words += f", to be left alone for {short_duration(pause)}"
    raise ProbeError("answer", words, hint, retry_after=pause)


def check_whole(answer: Answer, option: str) -> None:
    """Raises ProbeError ``body`` for a body with a flaw; ``option`` makes room for more."""
    if answer.flaws:
        raise ProbeError("body", "; ".join(answer.flaws), option if answer.over else "")


def form_of(answer: Answer) -> str:
    """``text`` or ``openmetrics``. Raises ProbeError ``answer`` for what is no metrics page."""
    told = (answer.header("content-type") or "").partition(";")[0].strip()
    kind = told.lower()
    if any(other in kind for other in _OTHER):
        words = f"the answer is {outside(told)}, no metrics page"
        raise ProbeError("answer", words, "check url")
    return OPENMETRICS if kind == "application/openmetrics-text" else TEXT


def status_words(status: int) -> str:
    """``503 Service Unavailable``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
