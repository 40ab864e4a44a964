"""Stand-ins for a team's metrics: a Prometheus server that is asked, and a page that is read."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.live.bad_server import Heard
from tests.live.examples.standing import Reply


@dataclass
class Queries:
    """``/api/v1/query`` of a Prometheus server. ``figures`` are those of the source, whose queries
    it knows by their text; ``values`` by the figure's name, in the figure's own unit: a number, or
    one for each value of the label it is taken apart by; without one the answer is empty."""

    figures: Mapping[str, dict[str, Any]]
    values: dict[str, float | dict[str, float]] = field(default_factory=dict)

    def __call__(self, heard: Heard) -> Reply:
        text = heard.body.decode() if heard.method == "POST" else heard.target.partition("?")[2]
        query = parse_qs(text)["query"][0]
        name = next((n for n, one in self.figures.items() if one["query"] == query), "")
        if not name:
            return Reply({"status": "error", "errorType": "bad_data", "error": query}, 400)
        result = [
            {"metric": labels, "value": [time.time(), str(value)]}
            for labels, value in self._series(name)
        ]
        return Reply({"status": "success", "data": {"resultType": "vector", "result": result}})

    def _series(self, name: str) -> list[tuple[dict[str, str], float]]:
        known, figure = self.values.get(name, {}), self.figures[name]
        times = figure.get("times", 1)
        if isinstance(known, dict):
            return [({figure["by"]: key}, value / times) for key, value in known.items()]
        return [({}, known / times)]


@dataclass
class Metrics:
    """A page in Prometheus' text format. ``gauges`` by series; ``rates`` by series of a counter:
    how much it rises a second from now on."""

    gauges: dict[str, float] = field(default_factory=dict)
    _rates: dict[str, float] = field(default_factory=dict)
    _counts: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def rises(self, rates: Mapping[str, float]) -> None:
        """From now on these counters rise so much a second; the others as before."""
        self._count()
        self._rates |= rates

    def _count(self) -> None:
        now = time.monotonic()
        for series, rate in self._rates.items():
            self._counts[series] = self._counts.get(series, 0.0) + rate * (now - self._since)
        self._since = now

    def __call__(self, heard: Heard) -> Reply:
        self._count()
        lines = [f"{series} {value}" for series, value in (self._counts | self.gauges).items()]
        return Reply("\n".join(lines) + "\n")
