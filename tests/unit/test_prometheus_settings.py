"""What a ``[sources.NAME]`` of kind prometheus may hold, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from warroom.config.document import parse
from warroom.config.load import validate
from warroom.config.starter import Found
from warroom.errors import ConfigError
from warroom.severity import SEV
from warroom.sources.prometheus import PrometheusSettings, PrometheusSource
from warroom.sources.prometheus.figures import MetricSettings
from warroom.sources.registry import discover

REQUESTS = {"rate": "requests_total"}


def settings(**table: Any) -> PrometheusSettings:
    given = {"kind": "prometheus", "figures": {"requests": REQUESTS}, **table}
    if "server" not in given:
        given.setdefault("url", "http://shop.example/metrics")
    return PrometheusSettings.model_validate(given)


def figure(**table: Any) -> MetricSettings:
    return settings(figures={"f": table}).figures["f"]


def test_every_key_says_what_it_is_for() -> None:
    for model in (PrometheusSettings, MetricSettings):
        for name, field in model.model_fields.items():
            assert field.description, name


def test_it_writes_itself_down() -> None:
    found = settings(figures={"f": {"ratio": "a{b='c'}", "of": "a", "unit": "%"}})
    assert '"ratio":"a{b=\\"c\\"}"' in found.model_dump_json()
    assert PrometheusSettings.model_json_schema()["properties"]["figures"]


@pytest.mark.parametrize(
    ("table", "factor"),
    [
        ({"rate": "a"}, 1),
        ({"rate": "a", "unit": "%"}, 100),
        ({"ratio": "a", "of": "b", "unit": "%"}, 100),
        ({"ratio": "a", "of": "b"}, 1),
        ({"ratio": "a", "of": "b", "unit": "%", "times": 1}, 1),
        ({"gauge": "a", "of": "b", "unit": "%"}, 100),
        ({"gauge": "a", "unit": "%"}, 1),
        ({"gauge": "a", "unit": "%", "times": 100}, 100),
        ({"quantile": 0.5, "histogram": "h", "unit": "ms"}, 1000),
        ({"quantile": 0.5, "histogram": "h", "unit": "s"}, 1),
        ({"quantile": 0.5, "histogram": "h", "unit": "ms", "times": 0.5}, 0.5),
    ],
)
def test_the_factor_that_a_unit_means(table: dict[str, Any], factor: float) -> None:
    assert figure(**table).factor == factor


def test_how_far_rates_look_back() -> None:
    assert settings().reach == 60
    assert settings(interval="50s").reach == 100
    assert settings(interval="50s", timeout="150s").reach == 200
    assert settings(window="5min").reach == 300


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"url": "shop.example"}, 'write it as "http://app.example:8000/metrics"'),
        ({"url": "http://u:hunter2@shop.example"}, "no user or password in the address"),
        ({"server": "http://prom/api/v1"}, "it ends before /api/v1"),
        ({"server": "http://prom/?a=b"}, "nothing may follow the path"),
        ({"url": "http://a", "server": "http://b"}, "not both"),
        ({"url": None}, "one of them is needed"),
        ({"server": "http://prom"}, "figures.requests: rate does not go with server; use query"),
        (
            {"figures": {"f": {"query": "up"}}},
            "figures.f: query does not go with url; use rate, ratio, quantile or gauge",
        ),
        ({"figures": {}}, "at least 1"),
        ({"figures": {"unanswered": REQUESTS}}, "a figure every prometheus source has"),
        ({"figures": {"scrape_time": REQUESTS}}, "a figure every prometheus source has"),
        ({"figures": {"Bad": REQUESTS}}, "a figure's name"),
        ({"window": "9s"}, "window is at least 10s: two intervals"),
        (
            {"interval": "10s", "window": "20s", "timeout": "30s", "on_request": True},
            "window is at least 40s: an interval and a timeout",
        ),
        (
            {"figures": {f"f{i}": REQUESTS for i in range(401)}},
            "401 figures are too many for one source, which keeps 400; make two sources of it",
        ),
        ({"max_bytes": "257MiB"}, "less than or equal"),
        ({"max_series": 100_001}, "less than or equal"),
        ({"max_series": True}, "valid integer"),
        ({"bearer": "hunter2"}, "not written into the file"),
        ({"proxy": "http://p", "address": "10.0.0.1"}, "has no effect"),
        (
            {"server": "http://p", "figures": {"f": {"query": "up"}}, "window": "1min"},
            "no effect on queries",
        ),
    ],
)
def test_what_is_refused_says_why(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**table)
    messages = " ".join(error["msg"] for error in caught.value.errors())
    assert words in messages
    assert "hunter2" not in messages


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "exactly one of rate, ratio, quantile, gauge, query is needed; none is given"),
        ({"rate": "a", "gauge": "b"}, "rate and gauge stand together"),
        ({"ratio": "a"}, "ratio needs of"),
        ({"quantile": 0.95}, "quantile needs histogram"),
        ({"quantile": 95, "histogram": "h"}, "less than or equal to 1"),
        ({"quantile": "0.95", "histogram": "h"}, "valid number"),
        ({"quantile": 0.9, "histogram": "h_bucket"}, "without _bucket: h"),
        ({"quantile": 0.9, "histogram": "h{le='1'}"}, "le is the histogram's own label"),
        ({"quantile": 0.9, "histogram": "h", "by": "le"}, "le is the histogram's own label"),
        ({"rate": "a", "of": "b"}, "of goes with ratio and gauge, not with rate"),
        ({"gauge": "a", "per": "1min"}, "per goes with rate, not with gauge"),
        ({"rate": "a", "aggregate": "max"}, "aggregate goes with gauge"),
        ({"rate": "a", "complement": True}, "complement goes with ratio and gauge"),
        ({"gauge": "a", "complement": True}, "complement needs of"),
        ({"gauge": "a", "complement": "yes"}, "valid boolean"),
        ({"gauge": "a", "of": "b", "aggregate": "max"}, "by with worst finds the worst share"),
        ({"gauge": "a", "worst": "lowest"}, "worst needs by"),
        ({"gauge": "a", "by": "a b"}, "not the name of a label"),
        ({"gauge": "a", "times": 0}, "greater than 0"),
        ({"gauge": "a", "absent": float("nan")}, "finite number"),
        ({"gauge": "a{"}, "at character 3: } is missing"),
        ({"gauge": 3}, "a selector is text"),
        ({"gauge": "a", "agregate": "max"}, "Extra inputs"),
    ],
)
def test_a_figure_that_is_refused_says_why(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        figure(**table)
    assert words in " ".join(error["msg"] for error in caught.value.errors())


def test_the_file_names_the_place() -> None:
    text = """version = 1
[room]
name = "shop"
[sources.shop]
kind = "prometheus"
url = "http://shop.example/metrics"
[sources.shop.figures]
errors = { rate = 'errors_total{status=~"5.."' }
queue = { guage = "queue" }
"""
    with pytest.raises(ConfigError) as caught:
        validate(parse(Path("/c.toml"), text.encode()), discover())
    said = str(caught.value)
    assert "/c.toml:8: sources.shop.figures.errors.rate: at character 27: a comma or }" in said
    assert "/c.toml:9: sources.shop.figures.queue.guage: is not a known key" in said
    assert "did you mean gauge?" in said


def test_signals_begin_with_the_first_figure() -> None:
    found = settings(figures={"b": {"rate": "x", "unit": "req/s"}, "a": {"gauge": "y"}})
    assert PrometheusSource.signals("api", found) == {
        "api.b": "req/s",
        "api.a": "",
        "api.unanswered": "polls",
        "api.scrape_time": "ms",
    }
    assert PrometheusSource.rules("api", found, SEV) == ()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://shop.example:8000/metrics", "shop-metrics"),
        ("http://127.0.0.1:9100/metrics", "metrics"),
        ("http://10.0.0.7/booking/internal/prom", "booking-metrics"),
    ],
)
def test_the_starter_names_what_it_found(url: str, name: str) -> None:
    (written,) = PrometheusSource.starter(Found({}, metrics=(url,))).items()
    assert written[0] == name
    assert written[1]["url"] == url
    PrometheusSettings.model_validate(written[1])


def test_the_starter_keeps_names_apart_and_passwords_out() -> None:
    urls = ("http://w:hunter2@a.example/metrics", "http://a.example/metrics")
    found = PrometheusSource.starter(Found({}, metrics=urls))
    assert list(found) == ["a-metrics", "a-metrics-2"]
    assert "hunter2" not in str(found)
    for table in found.values():
        PrometheusSettings.model_validate(table)


def test_a_wrong_figure_is_not_told_as_none_at_all(tmp_path: Path) -> None:
    """What was left out because it is wrong does not make the table look empty."""
    text = """version = 1
[room]
name = "x"
[sources.m]
kind = "prometheus"
url = "http://m.example/metrics"
[sources.m.figures]
errors = { rat = "errors_total" }
"""
    with pytest.raises(ConfigError) as caught:
        validate(parse(tmp_path / "warroom.toml", text.encode()), discover())
    told = [problem.message for problem in caught.value.problems]
    assert any("rat" in str(problem) for problem in caught.value.problems)
    assert not any("at least 1" in message for message in told), told
