"""The figures of five real teams' procedures, each as configuration, each judged.

One entry a row of the table "signals and the levels they mean", for the kinds of source
there are. A team's figure that could not be written down here would need code.
"""

# ruff: noqa: E501 - a row of the table stays on one line

import textwrap
from pathlib import Path

import pytest

from tests.unit.fakes import FakeClock
from warroom.config.document import parse
from warroom.config.load import Config, validate
from warroom.engine.board import Board
from warroom.engine.poll import Poll
from warroom.engine.watch import kind_of
from warroom.measure.snapshot import GenericSeen, Signal
from warroom.sources.registry import discover

SHOP = """
    [sources.shop]
    kind = "prometheus"
    url = "http://shop.example:8000/metrics"

    [sources.shop.figures]
    error_rate = { ratio = 'http_requests_total{status=~"5.."}', of = "http_requests_total", unit = "%" }
    errors_per_minute = { rate = 'http_requests_total{status=~"5.."}', per = "1min", unit = "errors" }
    errors_by_path = { rate = 'http_requests_total{status=~"5.."}', by = "path", per = "1min", unit = "errors" }
    p95_by_path = { quantile = 0.95, histogram = "http_request_seconds", by = "path", unit = "ms" }
    latency_p95 = { quantile = 0.95, histogram = "http_request_seconds", unit = "ms" }
    rate_limited = { rate = 'http_requests_total{status="429"}', per = "1min", unit = "answers" }
    memory = { gauge = "process_resident_memory_bytes", of = "memory_limit_bytes", unit = "%" }
    cpu = { ratio = 'node_cpu_seconds_total{mode="idle"}', of = "node_cpu_seconds_total", unit = "%", complement = true }
    disk_free = { gauge = "node_filesystem_avail_bytes", of = "node_filesystem_size_bytes", by = "mountpoint", unit = "%", worst = "lowest" }
    connections = { gauge = 'node_netstat_Tcp_CurrEstab', unit = "connections" }
"""
API = """
    [sources.api]
    kind = "http"
    url = "https://api.example/health"
    expect = ["status == ok"]
    maintenance = "maintenance == true"
    figures = { memory = { path = "checks.memory", unit = "%" } }
    header_figures = { limit_remaining = "X-RateLimit-Remaining" }
"""
SERVER = """
    [sources.prom]
    kind = "prometheus"
    server = "http://prometheus.example:9090"
    [sources.prom.figures]
    error_rate = { query = 'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))', unit = "%", times = 100 }
"""


def team(scale: str, sources: str, signal: str, levels: str, hold: str = "2") -> Config:
    """A team's room: its scale, what it watches, and one rule."""
    text = f"""
    version = 1
    [room]
    name = "team"
    [severity]
    scale = "{scale}"
    {sources}
    [[rules]]
    name = "the row"
    signal = "{signal}"
    levels = {{ {levels} }}
    raise_after = {hold}
    """
    document = parse(Path("warroom.toml"), textwrap.dedent(text).encode(), mode=0o600)
    return validate(document, discover())


def judged(config: Config, signal: str, value: float | None, polls: int = 2) -> str:
    """The source's level after that many polls in which the figure stood so."""
    clock, kinds = FakeClock(), discover()
    name = signal.partition(".")[0]
    declared = {
        each: kind_of(kinds, settings).signals(each, settings)
        for each, settings in config.sources.items()
    }
    board = Board(config, clock)
    board.configure(config, declared, set())
    good = {"up": 1.0}
    for _ in range(polls):
        clock.pass_(5)
        figures = {**good, signal.partition(".")[2]: value}
        signals = tuple(Signal(f"{name}.{figure}", v) for figure, v in figures.items())
        board.take(name, Poll(clock.now(), 0.1, GenericSeen(), signals=signals), 0)
    return next(view.level for view in board.views() if view.name == name)


ROWS = [
    # response time: B's target is p95 under 500 ms; A acts over 2 s; C's health check over 5 s
    ("B", "p", API, "api.latency_p95", 'P2 = "> 500", P1 = "> 1000"', {480: "OK", 700: "P2", 1200: "P1"}),
    ("A", "sev", API, "api.latency_p95", 'SEV2 = "> 2000"', {1900: "OK", 2500: "SEV2"}),
    ("C", "p", API, "api.latency", 'P1 = "> 5000"', {4900: "OK", 5100: "P1"}),
    ("B", "p", SHOP, "shop.latency_p95", 'P2 = "> 500", P1 = "> 1000"', {480: "OK", 700: "P2", 1200: "P1"}),
    # uptime: B's target is 99.9 %, P0 under 99 %
    ("B", "p", API, "api.availability", 'P2 = "< 99.9", P0 = "< 99"', {100: "OK", 99.5: "P2", 98.9: "P0"}),
    # error rate
    ("B", "p", SHOP, "shop.error_rate", 'P2 = "> 0.1", P1 = "> 0.5", P0 = "> 1"', {0.1: "OK", 0.2: "P2", 0.6: "P1", 1.5: "P0"}),
    ("C", "p", SHOP, "shop.error_rate", 'P1 = "> 5"', {5: "OK", 5.1: "P1"}),
    ("C", "p", SHOP, "shop.errors_per_minute", 'P1 = "> 10"', {10: "OK", 11: "P1"}),
    ("A", "sev", SHOP, "shop.error_rate", 'SEV2 = ">= 5", SEV1 = ">= 100"', {4: "OK", 12: "SEV2", 100: "SEV1"}),
    ("A", "sev", SERVER, "prom.error_rate", 'SEV2 = ">= 5", SEV1 = ">= 100"', {4: "OK", 12: "SEV2", 100: "SEV1"}),
    # errors by path, slow paths: of the worst path
    ("E", "sev", SHOP, "shop.errors_by_path", 'SEV3 = "> 10"', {3: "OK", 30: "SEV3"}),
    ("E", "sev", SHOP, "shop.p95_by_path", 'SEV3 = "> 2000"', {900: "OK", 2600: "SEV3"}),
    # rate limiting: 429s, and what the headers leave
    ("B", "p", SHOP, "shop.rate_limited", 'P2 = "> 0", P1 = "> 60"', {0: "OK", 3: "P2", 90: "P1"}),
    ("B", "p", API, "api.limit_remaining", 'P2 = "< 100", P1 = "< 1"', {500: "OK", 60: "P2", 0: "P1"}),
    # memory and CPU over 90 %, disk under 10 % free
    ("C", "p", API, "api.memory", 'P1 = "> 90"', {90: "OK", 91: "P1"}),
    ("C", "p", SHOP, "shop.memory", 'P1 = "> 90"', {90: "OK", 91: "P1"}),
    ("C", "p", SHOP, "shop.cpu", 'P2 = "> 90"', {50: "OK", 95: "P2"}),
    ("C", "p", SHOP, "shop.disk_free", 'P1 = "< 10"', {12: "OK", 9: "P1"}),
    ("C", "p", SHOP, "shop.connections", 'P2 = "> 5000"', {10: "OK", 6000: "P2"}),
    # certificate: its expiry; that it has expired or is for another name is DOWN by itself
    ("C", "p", API, "api.certificate_days", 'P2 = "< 14", P1 = "< 1"', {60: "OK", 7: "P2", -1: "P1"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "sources", "signal", "levels", "value", "wanted"),
    [
        pytest.param(scale, sources, signal, levels, value, wanted, id=f"{who} {signal} {value}")
        for who, scale, sources, signal, levels, table in ROWS
        for value, wanted in table.items()
    ],
)
def test_the_figure_means_the_team_s_level(
    scale: str, sources: str, signal: str, levels: str, value: float, wanted: str
) -> None:
    config = team(scale, sources, signal, levels)
    assert judged(config, signal, value) == wanted


def test_a_hold_of_one_poll_or_of_minutes_is_the_team_s_choice() -> None:
    signal, levels = "shop.error_rate", 'SEV1 = ">= 100"'
    assert judged(team("sev", SHOP, signal, levels, hold="1"), signal, 100, polls=1) == "SEV1"
    patient = team("sev", SHOP, signal, levels, hold='"1min"')
    assert judged(patient, signal, 100, polls=12) != "SEV1"
    assert judged(patient, signal, 100, polls=14) == "SEV1"


def test_a_figure_that_is_not_known_means_no_level() -> None:
    signal = "shop.error_rate"
    config = team("sev", SHOP, signal, 'SEV1 = ">= 100"')
    assert judged(config, signal, None, polls=5) == "OK"
