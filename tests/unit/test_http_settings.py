"""What a ``[sources.NAME]`` of kind http may hold, and what is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from warroom.config.secrets import SecretRef
from warroom.severity import SEV, P
from warroom.sources.http import HttpSettings, HttpSource
from warroom.sources.http.values import StatusRange


def settings(**table: Any) -> HttpSettings:
    return HttpSettings.model_validate({"kind": "http", "url": "http://shop.example/h", **table})


def test_every_key_says_what_it_is_for() -> None:
    for name, field in HttpSettings.model_fields.items():
        assert field.description, name


def test_short_and_long_forms() -> None:
    found = settings(
        expect_status=[200, "3xx", "404-405"],
        max_bytes="64KiB",
        figures={"depth": "jobs.depth", "lag": {"path": "jobs.lag", "unit": "s"}},
        headers={"X-Key": {"env": "KEY"}, "X-Team": "ops"},
        window="5min",
    )
    assert found.expect_status == (
        StatusRange(200, 200),
        StatusRange(300, 399),
        StatusRange(404, 405),
    )
    assert [str(each) for each in found.expect_status] == ["200", "3xx", "404-405"]
    assert settings(expect_status=204).expect_status == (StatusRange(204, 204),)
    assert found.max_bytes == 65536
    assert (found.figures["depth"].path, found.figures["depth"].unit) == ("jobs.depth", "")
    assert found.figures["lag"].unit == "s"
    assert isinstance(found.headers["X-Key"], SecretRef)
    assert found.window == 300


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"url": "ftp://shop.example"}, "not a web address"),
        ({"url": "http:///path"}, "not a web address"),
        ({"url": "http://[::1"}, "not an address that can be read"),
        ({"url": "http://u:hunter2@shop.example"}, "no user or password in the address"),
        ({"method": "TRACE"}, "GET"),
        ({"headers": {"Authorization": "Bearer hunter2"}}, "is a secret"),
        ({"headers": {"cookie": "hunter2"}}, "is a secret"),
        ({"headers": {"Content-Length": "3"}}, "is set by warroom itself"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "control character"),
        ({"headers": {"X A": "a"}}, "not the name of a header"),
        ({"headers": {"X-A": 3}}, "neither text nor a secret"),
        ({"basic": {"user": "watch", "password": "hunter2"}}, "not written into the file"),
        ({"basic": {"user": "a:b", "password": {"env": "P"}}}, "pattern"),
        ({"bearer": {"env": "A"}, "headers": {"authorization": {"env": "B"}}}, "only one of"),
        ({"proxy": "http://u:hunter2@proxy.example"}, "a password is a secret"),
        ({"proxy": "socks5://proxy.example"}, "not a proxy"),
        ({"proxy": "http://proxy.example", "address": "10.0.0.1"}, "has no effect"),
        ({"address": "shop.example"}, "not an IP address"),
        ({"client_key": "own.key"}, "without client_cert"),
        ({"max_bytes": "1GB"}, "not a size"),
        ({"max_bytes": "9MiB"}, "less than or equal"),
        ({"max_bytes": 0}, "greater than or equal"),
        ({"expect_status": []}, "no status would ever be right"),
        ({"expect_status": "20x"}, "not an HTTP status"),
        ({"expect_status": "204-200"}, "the lower one first"),
        ({"expect_status": True}, "not an HTTP status"),
        ({"expect": ["memory 90"]}, "no assertion"),
        ({"figures": {"latency": "a.b"}}, "a figure every http source has"),
        (
            {
                "figures": {f"f{i}": "a" for i in range(200)},
                "header_figures": {f"h{i}": "X-A" for i in range(201)},
            },
            "401 figures are too many for one source, which keeps 400; make two sources of it",
        ),
        ({"header_figures": {"Bad Name": "X-A"}}, "a figure's name"),
        ({"method": "HEAD", "expect": ["a == 1"]}, "has no body"),
        ({"exspect": ["a == 1"]}, "Extra inputs"),
    ],
)
def test_what_is_refused_says_why(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**table)
    messages = " ".join(error["msg"] for error in caught.value.errors())
    assert words in messages
    assert "hunter2" not in messages


def test_signals_begin_with_the_trend_and_name_every_figure() -> None:
    found = HttpSource.signals(
        "api",
        settings(
            url="https://shop.example",
            figures={"queue.depth": {"path": "a", "unit": "jobs"}},
            header_figures={"wait": "retry-after", "left": "X-Left"},
        ),
    )
    assert next(iter(found)) == "api.latency"
    assert found["api.availability"] == "%"
    assert found["api.certificate_days"] == "days"
    assert (found["api.queue.depth"], found["api.wait"], found["api.left"]) == ("jobs", "s", "")
    assert "api.certificate_days" not in HttpSource.signals("api", settings())


def test_the_rule_that_down_stands_for() -> None:
    (rule,) = HttpSource.rules("api", settings(raise_after=3, clear_after="30s"), SEV)
    assert (rule.name, rule.signal) == ("api is down", "api.up")
    assert (rule.raise_after.polls, rule.clear_after.seconds) == (3, 30)
    assert (rule.means(0), rule.means(1)) == ("SEV1", "OK")
    (rule,) = HttpSource.rules("api", settings(down="P2", title="Shop API"), P)
    assert (rule.name, rule.means(0)) == ("Shop API is down", "P2")
    assert HttpSource.rules("api", settings(down="none"), SEV) == ()
    with pytest.raises(ValueError, match="did you mean SEV2"):
        HttpSource.rules("api", settings(down="sev2 "), SEV)


class Found:
    environ: dict[str, str] = {}
    metrics: tuple[str, ...] = ()

    def __init__(self, *health: str) -> None:
        self.health = health


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://shop.example/api/health", "api"),
        ("https://shop.example/healthz", "shop"),
        ("http://127.0.0.1:8080/health", "web"),
        ("http://www.Ferry.example/v2/Check-In/ready", "check-in"),
        ("http://localhost/9to5/", "web-9to5"),
        ("http://[::1]:80/", "web"),
    ],
)
def test_the_starter_names_what_it_found(url: str, name: str) -> None:
    assert HttpSource.starter(Found(url)) == {name: {"kind": "http", "interval": "5s", "url": url}}


def test_the_starter_keeps_names_apart_and_passwords_out() -> None:
    found = HttpSource.starter(
        Found("http://a.example/api/health", "http://b.example/api", "http://w:hunter2@c.example/")
    )
    assert list(found) == ["api", "api-2", "c"]
    assert "hunter2" not in str(found)
    assert found["c"]["url"] == "http://c.example/"
    for table in found.values():
        HttpSettings.model_validate(table)


@pytest.mark.parametrize(
    ("table", "most"),
    [
        ({"timeout": "16s"}, "15s"),
        ({"timeout": "31s", "interval": "10s"}, "30s"),
        ({"timeout": "121s", "on_request": True}, "2min"),
        ({"timeout": "121s", "on_request": True, "interval": "1h"}, "2min"),
    ],
)
def test_a_timeout_that_would_blind_the_watch_is_refused(
    table: dict[str, object], most: str
) -> None:
    with pytest.raises(ValidationError, match=f"timeout\n.*may be at most {most}"):
        settings(**table)


def test_a_long_timeout_that_fits() -> None:
    assert settings(timeout="10s", interval="1s").deadline == 10
    assert settings(timeout="30s", interval="10s").deadline == 30
    assert settings(timeout="2min", on_request=True).deadline == 120
