"""A production written by someone who has never seen the panels: is every figure right?

Its paths, names and ports are its own (tests/second). ``init`` writes the configuration,
and what the program then says is compared with what that production knows of itself.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest
import tomli_w

from tests.rooms import WARROOM, Room
from tests.second.ferry import Ferry
from tests.terminal import Terminal, until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ferry():
    with Ferry() as running:
        yield running


def starter(room, ferry):
    """What ``init`` writes for this production, as the room's configuration."""
    room.config.unlink()
    urls = (
        f"{ferry.url('booking')}/healthz/live",
        f"{ferry.url('printer')}/ping",
        f"{ferry.url('quay')}/status.txt",
    )
    health = [part for url in urls for part in ("--health", url)]
    room.run("init", "--out", str(room.config), "--name", "seabird", *health)
    document = tomllib.loads(room.config.read_text())
    assert [table["url"] for table in document["sources"].values()] == list(urls)
    return document


def checked(room, code):
    done = room.run("check", "--json", check=False)
    assert done.returncode == code, done
    report = json.loads(done.stdout)
    return report, {source["name"]: source for source in report["sources"]}


def values(source):
    return {s["name"].partition(".")[2]: s["value"] for s in source["signals"]}


def test_what_init_writes_sees_every_service_as_it_is(ferry):
    with Room({}) as room:
        booking, printer, quay = starter(room, ferry)["sources"]
        report, sources = checked(room, 0)
        assert report["level"] == "OK"
        assert values(sources[booking])["status"] == 200
        assert values(sources[printer])["status"] == 204
        assert all(values(sources[name])["up"] == 1 for name in (booking, printer, quay))
        assert {ferry.served(service) for service in ("booking", "printer", "quay")} == {1}

        ferry.break_("printer")
        _, sources = checked(room, 2)
        assert sources[printer]["state"] == "DOWN"
        assert values(sources[printer])["status"] == 502
        assert values(sources[booking])["up"] == 1

        ferry.mend("printer")
        ferry.stop_answering("quay")
        _, sources = checked(room, 3)
        assert sources[quay]["state"] == "CAN'T SEE"
        assert "refused" in sources[quay]["error"]


@pytest.mark.long
def test_figures_of_body_and_headers_are_the_productions_own(ferry):
    with Room({}) as room:
        document = starter(room, ferry)
        booking, _, quay = document["sources"]
        document["sources"][booking] |= {
            "expect": ["state == serving", "dependencies.ledger.ok == true", "heap.used_pct < 90"],
            "maintenance": "state == planned-work",
            "figures": {
                "heap": {"path": "heap.used_pct", "unit": "%"},
                "lag": {"path": "dependencies.ledger.lag_ms", "unit": "ms"},
            },
        }
        document["sources"][quay]["header_figures"] = {
            "limit": "Ratelimit-Limit",
            "remaining": "Ratelimit-Remaining",
        }
        room.config.write_text(tomli_w.dumps(document))
        for heap in (41.5, 77.25, 0.0):
            ferry.set_heap(heap)
            _, sources = checked(room, 0)
            truth = ferry.figures()
            assert values(sources[booking])["heap"] == truth.heap_pct == heap
            assert values(sources[booking])["lag"] == truth.ledger_lag_ms
            assert values(sources[quay])["remaining"] == truth.rate_remaining
            assert values(sources[quay])["limit"] == 100

        ferry.set_heap(93.0)
        _, sources = checked(room, 2)
        assert "heap.used_pct is 93, not under 90" in json.dumps(sources[booking])

        ferry.set_heap(50.0)
        ferry.maintain("booking", True)
        report, sources = checked(room, 0)
        assert sources[booking]["state"] == "MAINTENANCE"
        assert report["level"] == "MAINTENANCE"


@pytest.mark.long
def test_the_window_of_a_running_engine_agrees_with_the_productions_own_clock(ferry):
    source = {
        "kind": "http",
        "url": f"{ferry.url('printer')}/ping",
        "interval": "200ms",
        "timeout": "2s",
        "title": "label printer",
    }
    with Room({"labels": source}) as room, Terminal(WARROOM, env=room.env) as terminal:
        terminal.wait_for("1 of 1 up", "label printer", "204")
        ferry.slow("printer", 0.12)
        until(lambda: sum(took >= 0.12 for took in ferry.durations("printer")) >= 30)
        terminal.type("z")
        terminal.wait_for("latency_p95")
        text = terminal.text
        p95 = float(re.search(r"latency_p95 +(\d+) ms", text)[1])
        ours = sorted(ferry.durations("printer"))
        truth = ours[int(len(ours) * 0.95) - 1] * 1000
        assert truth <= p95 < truth + 60
        polls = room.status()["sources"][0]["polls"]
        assert abs(ferry.served("printer") - polls) <= 1


def test_no_name_of_the_demo_occurs_outside_it():
    words = re.compile(r"\b(shop|storefront|checkout|jobs_done|queue_depth|rate_limit_remaining)\b")
    allowed = {ROOT / "warroom/cli/demo.py"}
    for folder in ("warroom", "panels"):
        for path in (ROOT / folder).rglob("*.py"):
            if "demo" not in path.relative_to(ROOT).parts and path not in allowed:
                found = words.search(path.read_text())
                assert not found, f"{path}: {found}"
