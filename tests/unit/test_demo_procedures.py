"""The demo's team: everybody its ladder tells can be reached, and nobody real is called."""

import json
import re
from pathlib import Path

import tomli_w

from warroom.config.document import parse
from warroom.config.load import validate
from warroom.demo.configuration.procedures import sections
from warroom.sources.registry import discover


def test_they_load_and_everybody_can_be_reached():
    source = {"kind": "http", "url": "http://127.0.0.1:1/"}
    sources = dict.fromkeys(sections()["resolve"]["checks"], source)
    table = {"version": 1, "room": {"name": "shop"}, "sources": sources, **sections()}
    text = tomli_w.dumps(table).encode()
    procedures = validate(parse(Path("/c.toml"), text), discover()).procedures
    for rung in procedures.escalation:
        for who in rung.tell:
            assert any(contact.ways for contact in procedures.reach(who)), who
    assert [one.name for one in procedures.contacts if one.vendor]


def test_nobody_real_is_named():
    written = json.dumps(sections())
    assert set(re.findall(r"\d{3}-\d{4}", written)) == set(re.findall(r"555-01\d\d", written))
    assert set(re.findall(r"[a-z]+\.[a-z]+(?=[/\"])", written)) == {"example.com"}
