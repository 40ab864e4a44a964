"""Instant queries to a Prometheus server, and its answers (its HTTP API, v1).

https://prometheus.io/docs/prometheus/latest/querying/api/, "Instant queries" and "Expression
query result formats". No ``time`` is sent: the server's own time of evaluation counts.
"""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from warroom.connect.http import Answer, Request
from warroom.connect.wording import outside
from warroom.errors import ProbeError
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.prometheus.increases import MOST_GROUPS
from warroom.sources.prometheus.reckon import Parts, Reckoned

MOST_BYTES = 1 << 20
"""Decoded bytes of one answer: about 8,000 series, decoded in 10 ms."""
_LONGEST_URL = 4_000
REFUSED = (400, 422)
"""A query that is wrong, or that cannot be carried out; any other status is the server's."""
_NOT_OURS = "is it the address of a Prometheus server?"

_Point = tuple[float, str]


class _Series(msgspec.Struct):
    metric: dict[str, str] = {}
    value: _Point | None = None


class _Data(msgspec.Struct, rename="camel"):
    result_type: str
    result: msgspec.Raw


class _Reply(msgspec.Struct, rename="camel"):
    status: str
    data: _Data | None = None
    error: str | None = None
    warnings: list[str] | None = None
    infos: list[str] | None = None


@dataclass(frozen=True)
class Asked:
    """One query's answer as a figure. ``evaluated`` is the server's time; None if it told
    none. ``series`` is how many it gave."""

    reckoned: Reckoned
    evaluated: datetime | None = None
    series: int = 0


def request(server: str, query: str, seconds: float) -> Request:
    """The request for ``query``; the server may give up after ``seconds``, as we do.

    A GET, which can go over a kept connection; a POST where that would be too long.
    """
    address = f"{server}/api/v1/query"
    form = urlencode({"query": query, "timeout": f"{max(seconds, 0.001) * 1000:.0f}ms"})
    headers = (("Accept", "application/json"),)
    if len(form) <= _LONGEST_URL:
        return Request(f"{address}?{form}", headers=headers)
    posted = (*headers, ("Content-Type", "application/x-www-form-urlencoded"))
    return Request(address, "POST", headers=posted, body=form.encode())


def read(name: str, figure: MetricSettings, answer: Answer) -> Asked:
    """The figure ``name`` from the answer to its query.

    Raises ProbeError ``answer`` for what no Prometheus server says: then nothing of this
    poll can be believed. A query that the server refuses costs its own figure only.
    """
    if answer.flaws:
        return _blind(name, f"{'; '.join(answer.flaws)}; aggregate the query")
    try:
        reply = msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.DecodeError, RecursionError) as error:
        if answer.status in REFUSED:
            raise ProbeError(
                "answer", f"status {answer.status} without a reason", _NOT_OURS
            ) from error
        raise ProbeError("answer", "the answer is not Prometheus' JSON", _NOT_OURS) from error
    if reply.status != "success" or reply.data is None:
        return _blind(name, f"the server says: {outside(reply.error or reply.status)}")
    try:
        asked = _result(name, figure, reply.data)
    except (msgspec.DecodeError, ValueError, OverflowError, OSError, RecursionError) as error:
        raise ProbeError("answer", "a result is not as Prometheus gives it", _NOT_OURS) from error
    told = (*(reply.warnings or ()), *(reply.infos or ()))
    notes = tuple(f"{name}: {outside(text)}" for text in told)
    reckoned = replace(asked.reckoned, notes=asked.reckoned.notes + notes)
    return replace(asked, reckoned=reckoned)


def _result(name: str, figure: MetricSettings, data: _Data) -> Asked:
    if data.result_type == "scalar":
        point = msgspec.json.decode(data.result, type=_Point)
        found = [_Series(value=point)]
    elif data.result_type == "vector":
        found = msgspec.json.decode(data.result, type=list[_Series])
    else:
        return _blind(name, f"the query gives a {outside(data.result_type)}, not one value")
    points = [series.value for series in found if series.value is not None]
    evaluated = datetime.fromtimestamp(points[0][0], UTC) if points else None
    return Asked(_figure(name, figure, found), evaluated, len(found))


def _figure(name: str, figure: MetricSettings, found: list[_Series]) -> Reckoned:
    if not found:
        if figure.absent is not None:
            return Reckoned({}, flat=figure.absent)
        return Reckoned({}, blind=(f"{name}: the query gives nothing; absent = … is for that",))
    if not figure.by and len(found) > 1:
        count = f"the query gives {len(found):,} series"
        return Reckoned({}, blind=(f"{name}: {count}; aggregate it, or name by",))
    if len(found) > MOST_GROUPS:
        return Reckoned({}, blind=(f"{name}: {len(found):,} parts are too many; narrow the query",))
    parts: Parts = {}
    blind: list[str] = []
    notes: list[str] = []
    for series in found:
        label = series.metric.get(figure.by, "") if figure.by else ""
        if label in parts:
            words = f"several series have the same {figure.by}; aggregate by ({figure.by})"
            return Reckoned({}, blind=(f"{name}: {words}",))
        parts[label] = _value(f"{name} of {label}" if label else name, series, figure, blind, notes)
    return Reckoned(parts, tuple(blind), tuple(notes))


def _value(
    called: str, series: _Series, figure: MetricSettings, blind: list[str], notes: list[str]
) -> float | None:
    if series.value is None:
        blind.append(f"{called}: it is a native histogram, not one value")
        return None
    number = float(series.value[1])
    if math.isnan(number):
        # A share or a quantile of nothing: there was no traffic, and nothing is wrong.
        notes.append(f"{called} is NaN: nothing to measure")
    elif math.isinf(number):
        blind.append(f"{called} is {series.value[1]}")
    scaled = number * figure.factor
    return scaled if math.isfinite(scaled) else None


def _blind(name: str, words: str) -> Asked:
    return Asked(Reckoned({}, blind=(f"{name}: {words}",)))
