"""What an error tracker is asked, and whether it answered.

Sentry's public API (docs.sentry.io/api), which GlitchTip speaks in part. The project's own list
of issues is asked and not the organization's, although Sentry would have one use that: it takes
a project by its slug in every version, and its counts only rise, where the organization's are
those of a moving period. Neither is told how to sort, for the two trackers call that differently;
by themselves both begin with the issue seen last.
"""

import re
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from warroom.connect.http import Answer, Request
from warroom.connect.retry import LONGEST_WAIT, retry_after
from warroom.connect.wording import OUTSIDE, outside
from warroom.errors import ProbeError
from warroom.sources.sentry.settings import SentrySettings
from warroom.text import mask_url, short_duration

MOST_BYTES = 2 << 20
"""Decoded bytes of one answer: a hundred issues are about 300 KB."""
COUNTS_BYTES = 64 << 10
"""Of an answer to ``counts``, which has ten."""
PAGE = 100
"""Issues of one page, as many as Sentry gives."""
STEP = 10
"""Seconds of one of the tracker's finest steps of time (``resolution``)."""
SETTLED = 10
"""Seconds until a step is believed to be counted: events are counted a little after they came."""
_STEPS = 6
_ACCEPT = (("Accept", "application/json"),)
_LINK = re.compile(r"<[^<>]{0,2000}>([^<>]{0,500})")
_CURSOR = re.compile(r'\bcursor="([0-9A-Za-z:_=.%+/-]{1,300})"')


def issues(settings: SentrySettings, cursor: str = "") -> Request:
    """A page of the unresolved issues ("List a Project's Issues", event:read). Their hourly
    statistics are not wanted (``statsPeriod``): they would be most of the answer."""
    query = {"query": "is:unresolved", "statsPeriod": "", "limit": str(PAGE)}
    if settings.environment:
        query["environment"] = settings.environment
    if cursor:
        query["cursor"] = cursor
    return Request(f"{_project(settings)}/issues/?{urlencode(query)}", headers=_ACCEPT)


def counts(settings: SentrySettings, now: datetime) -> Request:
    """How many events came in each of the last steps before ``now``, by the tracker's own clock
    ("Retrieve Event Counts for a Project", project:read)."""
    until = int(now.timestamp())
    since = until - STEP * (_STEPS + 2) - SETTLED
    query = {"stat": "received", "resolution": f"{STEP}s", "since": since, "until": until}
    return Request(f"{_project(settings)}/stats/?{urlencode(query)}", headers=_ACCEPT)


def latest_event(settings: SentrySettings, issue: str) -> Request:
    """The newest event of an issue, by its id ("Retrieve an Issue Event", event:read)."""
    place = f"organizations/{settings.organization}/issues/{issue}/events/latest/"
    return Request(f"{settings.url}/api/0/{place}", headers=_ACCEPT)


def following(answer: Answer) -> tuple[bool, str]:
    """Whether there is a further page, and its cursor ("Paginating Results"). Only the cursor is
    taken: our token does not follow an address that somebody hands us."""
    for found in _LINK.finditer(answer.header("link") or ""):
        if 'rel="next"' in found[1] and 'results="true"' in found[1]:
            cursor = _CURSOR.search(found[1])
            return True, cursor[1] if cursor else ""
    return False, ""


def check(answer: Answer, settings: SentrySettings, now: datetime) -> None:
    """Raises ProbeError for an answer that is not a whole one with status 200."""
    if answer.status == HTTPStatus.OK:
        if answer.flaws:
            raise ProbeError("body", "; ".join(answer.flaws))
        return
    words = f"status {_status(answer.status)}, not 200"
    hint = _hint(answer.status, settings)
    location = answer.header("location")
    if location is not None and 300 <= answer.status < 400:
        words += f" (a redirect to {outside(mask_url(location[:OUTSIDE]))})"
        hint = "redirects are not followed; write that tracker's address as url"
    pause = _pause(answer, now)
    if pause is not None:
        words += f", to be left alone for {short_duration(pause)}"
    raise ProbeError("answer", words, hint, retry_after=pause)


def _hint(status: int, settings: SentrySettings) -> str:
    where = f"{settings.organization}/{settings.project}"
    return {
        401: "the token is not taken: bearer must name an auth token of this tracker",
        403: f"grant the token event:read and project:read, and access to {where}",
        404: f"organization {settings.organization} with project {settings.project} is not there, "
        "or not for this token",
    }.get(status, "")


def _pause(answer: Answer, now: datetime) -> float | None:
    """Seconds to be left alone: Retry-After, or with 429 the start of Sentry's next window
    ("Rate Limits": ``X-Sentry-Rate-Limit-Reset``, seconds since 1970)."""
    asked = retry_after(answer, now)
    reset = (answer.header("x-sentry-rate-limit-reset") or "").strip()[:12]
    if asked is not None or answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return asked
    if not (reset.isascii() and reset.isdecimal()):
        return None
    return min(max(float(reset) - now.timestamp(), 1.0), LONGEST_WAIT)


def _project(settings: SentrySettings) -> str:
    return f"{settings.url}/api/0/projects/{settings.organization}/{settings.project}"


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
