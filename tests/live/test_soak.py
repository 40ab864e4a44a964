"""A soak of seconds: that it does what it says. Half an hour of it is ``make soak``."""

import json

import pytest

from tests.soak.__main__ import document, faster, soak

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("demo")]


def test_a_short_soak_fills_its_table():
    rows, done = soak(4.0, 1.0, faults=("error-rate",))
    assert len(rows) == 9
    assert all(row.samples for row in rows), json.dumps([r.name for r in rows])
    assert done["keys"] > 5
    page = "\n".join(document(rows, done, 4 / 60))
    assert page.count("\n| ") == 11
    assert "/tmp" not in page


def test_ten_times_as_often():
    assert (faster("2s"), faster("500ms"), faster("5s", 1000)) == ("200ms", "50ms", "1000ms")
    assert faster("on request") == "on request"
