"""What an HTTP answer says: as expected or not, in maintenance, its figures. Pure."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import msgspec

from warroom.connect.http import Answer
from warroom.connect.retry import wait_seconds
from warroom.connect.wording import OUTSIDE, outside
from warroom.measure.comparison import MISSING, lookup
from warroom.sources.http.settings import HttpSettings
from warroom.text import mask_url

_NUMBER = re.compile(r"\s*([-+]?\d{1,18}(?:\.\d{1,9})?)\s*(?:[,;].*)?\Z", re.DOTALL)
_VALUES = 300_000
"""Values in one JSON body: that many empty lists take 40 ms to build (measured)."""


@dataclass(frozen=True)
class Reading:
    """``body`` is the decoded JSON, or ``MISSING`` where there is none."""

    faults: tuple[str, ...]
    maintenance: bool
    body: object


def read(answer: Answer, settings: HttpSettings) -> Reading:
    """Whether the answer is as ``settings`` expect it; every fault in words."""
    body, not_json = _decoded(answer, settings)
    planned = settings.maintenance
    if planned is not None and body is not MISSING and not planned.broken(body):
        return Reading((), True, body)
    as_expected = any(answer.status in allowed for allowed in settings.expect_status)
    faults = [] if as_expected else [_status_fault(answer, settings)]
    faults += answer.flaws
    if body is not MISSING:
        faults += filter(None, (assertion.broken(body) for assertion in settings.expect))
    elif (settings.expect or settings.figures) and as_expected and not answer.flaws:
        faults.append(not_json)
    if as_expected and not answer.flaws:
        faults += _figure_faults(answer, body, settings)
    told = dict.fromkeys(outside(fault) for fault in faults)
    return Reading(tuple(told), False, body)


def _figure_faults(answer: Answer, body: object, settings: HttpSettings) -> Iterator[str]:
    """Configured figures that a good answer does not give: a rule on one would stay silent.

    A null in the body says itself that the figure is not known. Retry-After is no part of
    a good answer.
    """
    if body is not MISSING:
        told = {assertion.path for assertion in settings.expect if assertion.broken(body)}
        for path in {where.path: None for where in settings.figures.values()}:
            found = lookup(body, path)
            if path in told or found is None or number_at(body, path) is not None:
                continue
            yield f"{path} is {_no_number(found)}"
    for name in settings.header_figures.values():
        value = answer.header(name)
        if name.lower() == "retry-after":
            continue
        if value is None:
            yield f"the header {name} is missing"
        elif not _NUMBER.match(value[:200]):
            yield f"the header {name} is text, not a number"


def _no_number(found: object) -> str:
    if found is MISSING:
        return "missing in the answer"
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return "too large a number"
    nouns = {str: "text", dict: "an object", list: "a list", bool: str(found).lower()}
    return f"{nouns[type(found)]}, not a number"


def text_at(body: object, *paths: str) -> str:
    """The first text or whole number at one of the paths, safe; empty if none."""
    for path in paths:
        found = lookup(body, path) if path else MISSING
        if isinstance(found, str) and found:
            return outside(found)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
    return ""


def number_at(body: object, path: str) -> float | None:
    """The number at ``path``; None for anything else: text, true, NaN, nothing."""
    found = lookup(body, path)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    try:
        value = float(found)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def header_number(answer: Answer, name: str, now: datetime) -> float | None:
    """The number a header begins with; for Retry-After the seconds to wait.

    A list of limits (``100, 100;w=60``) gives its first one.
    """
    value = answer.header(name)
    if value is None:
        return None
    if name.lower() == "retry-after":
        return wait_seconds(value, now)
    match = _NUMBER.match(value[:200])
    return float(match[1]) if match else None


def _decoded(answer: Answer, settings: HttpSettings) -> tuple[object, str]:
    """The JSON body, or ``MISSING`` and why there is none."""
    wanted = settings.expect or settings.figures or settings.maintenance or settings.environment
    if not wanted and "json" not in (answer.header("content-type") or "").lower():
        return MISSING, ""
    if not answer.body:
        return MISSING, "body is empty, JSON is needed"
    if sum(map(answer.body.count, (b",", b"[", b"{"))) > _VALUES:
        return MISSING, f"body is JSON of more than {_VALUES:,} values"
    try:
        return msgspec.json.decode(answer.body), ""
    except RecursionError:
        return MISSING, "body is not JSON to be read: nested too deeply"
    except (msgspec.DecodeError, ValueError) as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        return MISSING, f"body is not JSON: {reason}"


def _status_fault(answer: Answer, settings: HttpSettings) -> str:
    expected = " or ".join(str(allowed) for allowed in settings.expect_status)
    fault = f"status {_status_words(answer.status)}, not {expected}"
    location = answer.header("location")
    if location is not None and 300 <= answer.status < 400 and not settings.follow_redirects:
        fault += f" (a redirect to {mask_url(location[:OUTSIDE])})"
    return fault


def _status_words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
