"""A status page's JSON as it is read, and what ``[sources.NAME]`` of this kind may hold."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.live.vendor_pages import incident, summary
from warroom.engine.clean import clean
from warroom.errors import ProbeError
from warroom.measure.rule import Rule
from warroom.severity import SEV, Scale
from warroom.sources.statuspage import StatuspageSettings, StatuspageSource
from warroom.sources.statuspage.page import Page, read
from warroom.sources.statuspage.pieces import time_of
from warroom.sources.statuspage.vendors import OTHERS, PAGES
from warroom.sources.statuspage.verdict import INDICATORS, STATUSES, judge


def settings(**table: Any) -> StatuspageSettings:
    return StatuspageSettings.model_validate({"kind": "statuspage", **table})


def rules(scale: Scale = SEV, **table: Any) -> tuple[Rule, ...]:
    return StatuspageSource.rules("pay", settings(vendor="github", **table), scale)


def levels(scale: Scale = SEV, **table: Any) -> list[str]:
    """What none, minor, major and critical mean."""
    (rule,) = rules(scale, **table)
    return [rule.means(impact) for impact in range(4)]


# the settings -----------------------------------------------------------------------------


def test_every_key_says_what_it_is_for() -> None:
    for name, field in StatuspageSettings.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize("vendor", PAGES)
def test_a_vendor_s_page_is_known(vendor: str) -> None:
    known = settings(vendor=vendor)
    assert known.page.startswith("https://")
    assert settings(url=known.page).page == known.page
    assert known.interval == 60


@pytest.mark.parametrize("vendor", OTHERS)
def test_of_a_page_of_another_make_it_is_said_what_to_do(vendor: str) -> None:
    with pytest.raises(ValidationError, match=r"has not Statuspage's API: .*https://"):
        settings(vendor=vendor)


@pytest.mark.parametrize("end", ["", "/", "/api/v2", "/api/v2/", "/api/v2/status.json"])
def test_an_address_as_it_stands_in_a_runbook(end: str) -> None:
    assert settings(url=f"https://status.acme.example/eu{end}").page == (
        "https://status.acme.example/eu"
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "one of them is needed"),
        ({"vendor": "github", "url": "https://x.example"}, "not both"),
        ({"vendor": "Vercell"}, "no vendor Vercell is known; did you mean vercel?"),
        ({"vendor": "vercel", "interval": "14s"}, "asked every 15s at most"),
        ({"url": "status.acme.example"}, 'write it as "https://status.example.com"'),
        ({"url": "https://x.example/?a=b"}, "nothing may follow the path"),
        ({"url": "https://u:hunter2@x.example"}, "no user or password in the address"),
        ({"url": "https://x.example", "components": [""]}, "at least 1 character"),
        ({"vendor": "github", "critical": "none"}, 'critical = "none" write major = "none"'),
        ({"vendor": "github", "major": "none", "minor": "SEV4"}, "what is major is minor, too"),
    ],
)
def test_what_is_refused_says_why(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**table)
    messages = " ".join(error["msg"] for error in caught.value.errors())
    assert words in messages
    assert "hunter2" not in messages


def test_which_step_the_page_s_words_mean() -> None:
    assert levels() == ["OK", "OK", "SEV3", "SEV2"]
    assert levels(minor="SEV4", critical="SEV1") == ["OK", "SEV4", "SEV3", "SEV1"]
    assert levels(minor="SEV3") == ["OK", "SEV3", "SEV3", "SEV2"]
    assert levels(major="none") == ["OK", "OK", "OK", "SEV2"]
    assert rules(major="none", critical="none") == ()
    (rule,) = rules()
    assert (rule.raise_after.polls, rule.clear_after.polls) == (1, 2)
    one = Scale(SEV.steps[:1])
    assert levels(one) == ["OK", "OK", "SEV1", "SEV1"]
    with pytest.raises(ValueError, match="major: SEV9 is no step of the scale"):
        rules(major="SEV9")


# the page ---------------------------------------------------------------------------------


def test_groups_are_told_in_front_and_only_kept_where_they_are_wanted() -> None:
    parts = [
        {"id": "g", "name": "Redis", "status": "partial_outage", "group": True},
        {"id": "a", "name": "eu-west-1", "status": "partial_outage", "group_id": "g"},
        {"id": "b", "name": "eu-west-1", "status": "operational"},
    ]
    page = read(msgspec.json.encode({**summary("minor"), "components": parts}))
    whole = judge(page, (), lambda _: True)
    assert [c.name for c in whole.components] == ["Redis / eu-west-1", "eu-west-1"]
    assert whole.down == 1
    # A name stands for all that are called so; with its group, for that one.
    assert judge(page, ["EU-West-1"], lambda _: True).impact == 2
    assert judge(page, ["redis"], lambda _: True).faults == ("Redis: partial outage",)
    blanks = read(
        msgspec.json.encode(summary(components={" Edge \u00a0 Network ": "major_outage"}))
    )
    assert judge(blanks, ["edge  network"], lambda _: True).impact == 3
    exact = judge(page, ["Redis / eu-west-1"], lambda _: True)
    assert [c.name for c in exact.components if c.wanted] == ["Redis / eu-west-1"]


@pytest.mark.parametrize("status", [*STATUSES, "full_outage"])
def test_a_component_s_status_weighs_as_the_page_s_indicator(status: str) -> None:
    page = read(msgspec.json.encode(summary(components={"A": status})))
    verdict = judge(page, ["a"], lambda _: True)
    known = {"degraded_performance": "minor", "partial_outage": "major"}
    known |= dict.fromkeys(("major_outage", "full_outage"), "critical")
    assert verdict.impact == INDICATORS[known.get(status, "none")]
    assert verdict.maintenance is (status == "under_maintenance")


def test_an_indicator_nobody_knows_is_not_well() -> None:
    verdict = judge(read(msgspec.json.encode(summary("purple", "Purple"))), (), lambda _: True)
    assert verdict.impact is None
    assert verdict.blind == ("its indicator is Purple, which is no word of Statuspage's",)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-03-01T12:40:00+01:00", "2026-03-01T11:40:00+00:00"),
        ("2026-03-01T11:40:00", "2026-03-01T11:40:00+00:00"),
        ("0001-01-01T00:00:00+23:59", None),
        ("yesterday", None),
        (17, None),
    ],
)
def test_a_time_is_in_utc_or_not_known(written: object, read_as: str | None) -> None:
    found = time_of(written)
    assert (found and found.isoformat()) == read_as


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = sorted({*summary(), *incident(), "indicator", "group", "group_id", "body"})
PAGES_OF_AN_ENEMY = st.recursive(
    JSON | st.sampled_from(["2026-03-01T11:40:00Z", "0001-01-01T00:00:00+23:59", *STATUSES]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=30,
)


def page_or_words(body: bytes) -> Page | None:
    """The page, or None for an error that a person can read."""
    try:
        return read(body)
    except ProbeError as error:
        if error.phase != "answer":
            raise
        return None


@given(PAGES_OF_AN_ENEMY | st.dictionaries(st.sampled_from(list(summary())), PAGES_OF_AN_ENEMY))
def test_whatever_json_comes_is_a_page_or_an_error_in_words(value: Any) -> None:
    page = page_or_words(msgspec.json.encode(value))
    for wanted in ((), ("API",)) if page is not None else ():
        verdict = judge(page, wanted, lambda _: True)
        assert verdict.impact in (None, 0, 1, 2, 3)
        assert wanted == () or verdict.impact is not None or verdict.blind
    for each in (*(page.incidents or ()), *page.maintenances) if page is not None else ():
        assert clean(each, str) == clean(clean(each, str), str)


@given(st.binary(max_size=60))
def test_whatever_bytes_come_are_a_page_or_an_error_in_words(body: bytes) -> None:
    page_or_words(body)
