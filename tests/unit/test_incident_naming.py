"""What an incident is called, by the patterns of the five teams."""

import msgspec
import pytest

from tests.unit.incidents import NOON, PROCEDURES
from warroom.incident.entries import Link
from warroom.incident.naming import channel, incident_id, links, slug
from warroom.incident.procedures import LinkPattern


def team(**values):
    return msgspec.structs.replace(PROCEDURES, **values)


def test_ids_count_within_their_day():
    assert incident_id(PROCEDURES, NOON, ()) == "INC-20261127-001"
    assert incident_id(PROCEDURES, NOON, {"INC-20261127-001"}) == "INC-20261127-002"
    assert incident_id(PROCEDURES, NOON, {"INC-20261126-001"}) == "INC-20261127-001"


def test_an_id_is_never_given_twice_even_without_a_counter():
    daily = team(id="I-{day}")
    assert incident_id(daily, NOON, ()) == "I-20261127"
    assert incident_id(daily, NOON, {"I-20261127"}) == "I-20261127-002"
    assert (
        channel(team(id="I-{day}", channel="#x-{counter}"), "I-20261127-002", NOON, "") == "#x-002"
    )
    named = team(id="{slug}")
    assert incident_id(named, NOON, {"a-b"}, "A b") == "a-b-002"


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        ("#incident-{date}-{slug}", "#incident-2026-11-27-checkout-is-down"),
        ("#incident-{day}-{slug}", "#incident-20261127-checkout-is-down"),
        ("#incident-{date}-{counter}", "#incident-2026-11-27-007"),
        ("#{id}", "#INC-20261127-007"),
        ("#{nobody knows}-{what}", "#{nobody knows}-{what}"),
    ],
)
def test_channels_by_pattern(pattern, made):
    found = channel(team(channel=pattern), "INC-20261127-007", NOON, "Checkout is down!")
    assert found == made


def test_links_by_pattern():
    ticket = LinkPattern(name="ticket", address="https://t.example/new?title={slug}&id={id}")
    found = links(team(links=(ticket,)), "INC-20261127-001", NOON, "Down")
    assert found == (Link("ticket", "https://t.example/new?title=down&id=INC-20261127-001"),)


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ("Größe: 100% der Kässen", "grosse-100-der-kassen"),
        ("  ", "incident"),
        ("結帳", "incident"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 90, "a" * 40),
        (
            "one two three four five six seven eight nine ten",
            "one-two-three-four-five-six-seven-eight",
        ),
    ],
)
def test_slugs_are_fit_for_a_channel(title, made):
    assert slug(title) == made
