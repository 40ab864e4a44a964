"""The second production's metrics page: are rates, ratios and quantiles what it did?"""

import json
import re
import urllib.error
import urllib.request

import pytest

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until

FIGURES = {
    "error_rate": {
        "ratio": 'seabird_requests_total{route="/healthz/live",code=~"5.."}',
        "of": 'seabird_requests_total{route="/healthz/live"}',
        "unit": "%",
    },
    "requests": {"rate": 'seabird_requests_total{route="/healthz/live"}', "unit": "req/s"},
    "errors_by_route": {
        "rate": 'seabird_requests_total{code=~"5.."}',
        "by": "route",
        "per": "1min",
        "unit": "errors",
    },
    "latency_p95": {"quantile": 0.95, "histogram": "seabird_seconds", "unit": "ms"},
    "heap": {"gauge": "seabird_heap_ratio", "unit": "%", "times": 100},
}


@pytest.fixture
def ferry():
    with Ferry() as running:
        yield running


def metrics(ferry, **more):
    return {
        "booking": {
            "kind": "prometheus",
            "url": f"{ferry.url('booking')}/internal/prom",
            "interval": "200ms",
            "timeout": "3s",  # one interval would be a busy machine's to break
            "window": "5s",
            "figures": FIGURES,
            **more,
        }
    }


def visit(ferry, times):
    """So many visits, one after the other; how many were answered with an error."""
    failed = 0
    for _ in range(times):
        try:
            urllib.request.urlopen(f"{ferry.url('booking')}/healthz/live", timeout=5).close()
        except urllib.error.HTTPError as error:
            failed += 1
            error.close()
    return failed


@pytest.mark.long
def test_the_error_rate_on_the_screen_is_what_the_visitors_met(ferry):
    rule = {
        "name": "bookings fail",
        "signal": "booking.error_rate",
        "levels": {"SEV2": "> 5", "SEV1": ">= 99"},
    }
    with Room(metrics(ferry), rules=[rule]) as room:
        with room.config.open("a") as file:
            file.write('\n[[pages]]\nname = "errors"\npanels = ["errors"]\n')
        with Terminal(WARROOM, env=room.env, columns=120, rows=40) as terminal:
            terminal.wait_for("Errors", "booking", "all is well")
            assert visit(ferry, 60) == 0
            until(lambda: "0 %" in terminal.text, 10, lambda: terminal.text)
            ferry.break_("booking")
            assert visit(ferry, 60) == 60
            terminal.wait_for("SEV2  bookings fail", "errors by route", "/healthz/live")

            def half_of_all_visits():
                shown = re.search(r"bookings fail: error_rate ([\d.]+) %", terminal.text)
                return shown is not None and float(shown[1]) == pytest.approx(50, abs=1)

            # A scrape in the midst of the visits has seen some of them.
            until(half_of_all_visits, 10, lambda: terminal.text)
            ferry.mend("booking")
            # Without visits there is no rate: what was red would stay so.
            well = "all is well"
            until(lambda: visit(ferry, 5) == 0 and well in terminal.text, 20, lambda: terminal.text)


def test_check_takes_two_looks_where_one_cannot_tell(ferry):
    ferry.set_heap(62.5)
    with Room(metrics(ferry)) as room:
        done = room.run("check", "--json", check=False)
        report = json.loads(done.stdout)
        (source,) = report["sources"]
        values = {s["name"].partition(".")[2]: s["value"] for s in source["signals"]}
        assert values["heap"] == pytest.approx(62.5)
        assert values["requests"] == 0
        assert source["state"] == "UP", done
        assert done.returncode == 0
