"""Where redirects may lead, and what stays behind."""

import httpx
import pytest

from warroom.config.secrets import Secret
from warroom.connect.redirect import (
    RedirectError,
    follow,
    is_redirect,
    same_origin,
    without_credentials,
)

HERE = httpx.URL("https://shop.example/a/b")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("c", "https://shop.example/a/c"),
        ("//other.example/x", "https://other.example/x"),
        ("https://u:p@other.example/#part", "https://other.example/"),
        ("?q=1", "https://shop.example/a/b?q=1"),
    ],
)
def test_locations_are_relative_and_carry_no_password(location: str, target: str) -> None:
    assert str(follow(HERE, location, "GET", (HERE,))) == target


@pytest.mark.parametrize(
    "location", ["http://shop.example/a", "ftp://shop.example", "javascript:1", "https://", "//"]
)
def test_nothing_leads_away_from_https(location: str) -> None:
    with pytest.raises(RedirectError):
        follow(HERE, location, "GET", (HERE,))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://a.example:443/y", True),
        ("http://a.example", "http://A.example:80", True),
        ("http://a.example", "https://a.example", False),
        ("https://a.example", "https://a.example:8443", False),
        ("https://a.example", "https://b.a.example", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, same: bool) -> None:
    assert same_origin(httpx.URL(one), httpx.URL(other)) is same


def test_what_is_secret_stays_behind() -> None:
    headers = (
        ("Accept", "application/json"),
        ("aUTHORIZATION", "plain"),
        ("Cookie", "plain"),
        ("X-Key", Secret("hunter2")),
        ("Host", "inner.example"),
    )
    assert without_credentials(headers) == (("Accept", "application/json"),)


def test_what_counts_as_a_redirect() -> None:
    assert is_redirect(302, "/x")
    assert not is_redirect(302, None)
    assert not is_redirect(304, "/x")
    assert not is_redirect(200, "/x")
