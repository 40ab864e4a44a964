"""A vendor's status page over HTTP: what it says counts, and what it does not say is not seen."""

from typing import Any

import pytest

from tests.live.bad_server import answer, bad_server, black_hole, refused_port
from tests.live.held import failure, figures, holding, known_after, truth, whose
from tests.live.probing import loop_watched
from tests.live.vendor_pages import (
    CHANGED,
    INCIDENTS,
    STATUS,
    SUMMARY,
    WELL,
    asking,
    incident,
    once,
    seen,
    shows,
    summary,
)
from tests.unit.fakes import FakeClock
from warroom.engine.clean import clean
from warroom.engine.levels import state_of
from warroom.sources.statuspage import StatuspageSettings, StatuspageSource
from warroom.text import safe

HTML = b"<!doctype html><title>Sign in to the network</title>"


def down(**statuses: str) -> dict[str, str]:
    """The components, some of them in trouble: underscores stand for blanks."""
    return {**WELL, **{name.replace("_", " "): status for name, status in statuses.items()}}


def test_every_figure_has_a_ground_truth() -> None:
    settings = StatuspageSettings.model_validate({"kind": "statuspage", "vendor": "github"})
    declared = {name.removeprefix("x.") for name in StatuspageSource.signals("x", settings)}
    shown = {figure for test in globals().values() for figure in getattr(test, "shows", ())}
    assert declared == shown


@truth("impact", "indicator", "components_down", "incidents", "unanswered")
@pytest.mark.parametrize(("number", "word"), enumerate(["none", "minor", "major", "critical"]))
async def test_the_indicator_is_the_page_as_a_whole(number: int, word: str) -> None:
    components = down(Webhooks="partial_outage") if number else WELL
    listed = [incident(), incident("Old", status="resolved")] if number else []
    async with bad_server() as server:
        shows(server, summary(word, "As it is", components=components, incidents=listed))
        sample = await once(server)
    known = figures(sample)
    assert (known["impact"], known["indicator"], known["unanswered"]) == (number, number, 0)
    assert (known["components_down"], known["incidents"]) == ((1, 1) if number else (0, 0))
    assert whose(sample, "impact") == ("As it is" if number else "")
    # Minor trouble means no step of the scale, if nobody says so.
    assert seen(sample).faults == (("As it is",) if number > 1 else ())
    assert seen(sample).notes == (("As it is",) if number == 1 else ())
    assert state_of(sample.seen, None) == ("DOWN" if number > 1 else "UP")
    assert seen(sample).vendor == "Acme Pay"
    assert f"{seen(sample).updated_at:%Y-%m-%dT%H:%M:%S.000Z}" == CHANGED


async def test_only_what_is_wanted_counts_once_components_are_named() -> None:
    async with bad_server() as server:
        broken = down(Webhooks="major_outage", Dashboard="degraded_performance")
        shows(server, summary("critical", "Major outage", components=broken))
        elsewhere = await once(server, components=["payments api"])
        named = await once(server, components=["PAYMENTS API", "webhooks", "dashboard"])
    known = figures(elsewhere)
    assert (known["impact"], known["indicator"], known["components_down"]) == (0, 3, 0)
    assert (state_of(elsewhere.seen, None), seen(elsewhere).faults) == ("UP", ())
    assert (figures(named)["impact"], figures(named)["components_down"]) == (3, 2)
    assert whose(named, "impact") == "Webhooks: major outage"
    assert seen(named).faults == ("Webhooks: major outage",)
    assert seen(named).notes == ("Dashboard: degraded performance",)
    assert [(c.name, c.wanted) for c in seen(elsewhere).components] == [
        *(("Payments API", True), ("Webhooks", False), ("Dashboard", False)),
    ]
    # The wanted first, and of them the worst.
    assert [c.name for c in seen(named).components] == ["Webhooks", "Dashboard", "Payments API"]


async def test_a_component_the_page_does_not_have_is_not_seen_and_the_nearest_is_named() -> None:
    async with bad_server() as server:
        shows(server, summary(components={**WELL, "Odd": "on_fire"}))
        sample = await once(server, components=["Webhook", "odd", "Payments API"])
        alone = await once(server, components=["Webhook"])
    assert seen(sample).blind == (
        "the page has no component Webhook; did you mean Webhooks?",
        "Odd: on fire, which is no word of Statuspage's",
    )
    assert state_of(sample.seen, None) == "CAN'T SEE"
    assert (figures(sample)["impact"], figures(alone)["impact"]) == (0, None)
    assert figures(alone)["components_down"] is None


async def test_what_is_not_seen_is_not_taken_for_maintenance_of_another() -> None:
    async with bad_server() as server:
        shows(server, summary(components=down(Dashboard="under_maintenance")))
        sample = await once(server, components=["Dashboard", "Webhook"])
        apart = await once(server, components=["Payments API"])
    assert state_of(sample.seen, None) == "CAN'T SEE"
    # Of those that nobody wants the ones that are worked on come first.
    assert [c.name for c in seen(apart).components][:2] == ["Payments API", "Dashboard"]


async def test_maintenance_is_ours_only_where_it_touches_what_is_wanted() -> None:
    planned = incident("Move", id="m1", status="in_progress", impact="maintenance")
    planned |= {"scheduled_for": "2026-03-01T11:00:00Z"}
    to_come = incident("Later", id="m2", status="scheduled", impact="maintenance")
    parts = down(Dashboard="under_maintenance")
    async with bad_server() as server:
        more: dict[str, Any] = {"scheduled_maintenances": [planned, to_come]}
        shows(server, summary("maintenance", "Under maintenance", components=parts, **more))
        told = {
            str(wanted): await once(server, components=wanted)
            for wanted in ([], ["dashboard"], ["webhooks"], ["dashboard", "webhooks"])
        }
        shows(server, summary(components={**parts, "Webhooks": "major_outage"}))
        broken = await once(server, components=["dashboard", "webhooks"])
    states = [state_of(sample.seen, None) for sample in told.values()]
    assert states == ["MAINTENANCE", "MAINTENANCE", "UP", "MAINTENANCE"]
    # Maintenance of one thing hides no outage of another.
    assert state_of(broken.seen, None) == "DOWN"
    (only,) = seen(told["[]"]).incidents
    assert (only.name, f"{only.started_at:%H:%M}", figures(told["[]"])["incidents"]) == (
        *("Move", "11:00", 0),
    )


async def test_an_incident_is_told_by_its_last_update() -> None:
    late = incident("Newer", id="i2", started_at="2026-03-01T11:59:00Z", components=[])
    late["incident_updates"].reverse()  # whichever way the page has them
    late["updated_at"] = None
    async with bad_server() as server:
        shows(server, summary("minor", "x", incidents=[incident(), late]))
        newer, older = seen(await once(server)).incidents
    assert (newer.name, newer.components) == ("Newer", ())
    assert newer.text == older.text == "A fix is on its way.\nWe watch it."
    assert (older.status, older.impact, older.components) == ("identified", "minor", ("Webhooks",))
    assert f"{older.started_at:%H:%M} {older.updated_at:%H:%M}" == "11:38 11:55"
    assert newer.updated_at == older.updated_at


async def test_incidents_that_the_summary_leaves_out_are_asked_for_themselves() -> None:
    page = summary("minor", "Partial outage")
    del page["incidents"]
    async with bad_server() as server:
        shows(server, page)
        shows(server, {"page": {}, "incidents": [incident(), 7]}, at=INCIDENTS)
        async with asking(server) as source:
            told = await source.sample()
            shows(server, {}, ("Retry-After", "30"), at=INCIDENTS, status=429)
            busy = await source.sample()
            server.says(INCIDENTS, answer(status=404))
            silent = await source.sample()
    assert figures(told)["incidents"] == 1
    assert "1 of the page's entries could not be read" in seen(told).notes
    # The rest of the page is seen all the same, and no incident is not claimed.
    assert (figures(busy)["incidents"], busy.retry_after) == (None, 30)
    assert seen(busy).notes[1].startswith("its incidents cannot be seen: status 429")
    assert figures(silent)["incidents"] is None
    assert seen(silent).notes[1] == (
        "its incidents are not known: incidents.json is not there, or too large"
    )


# not asked twice for the same -------------------------------------------------------------


async def test_what_has_not_changed_is_not_sent_again() -> None:
    headers = (("ETag", 'W/"abc"'), ("Last-Modified", "Sun, 01 Mar 2026 11:58:00 GMT"))
    async with bad_server() as server:
        shows(server, summary("major", "Partial outage", incidents=[incident()]), *headers)
        async with asking(server) as source:
            first = await source.sample()
            server.says(SUMMARY, answer(b"", ("ETag", 'W/"abc"'), status=304))
            again = [await source.sample() for _ in range(2)]
            shows(server, summary(), ("ETag", '"def"'))
            other = await source.sample()
    asked = [heard.headers for heard in server.heard]
    assert "if-none-match" not in asked[0]
    assert {each["if-none-match"] for each in asked[1:]} == {'W/"abc"'}
    assert {each["if-modified-since"] for each in asked[1:]} == {headers[1][1]}
    assert [seen(sample) for sample in again] == [seen(first), seen(first)]
    assert figures(again[1])["impact"] == 2
    assert figures(other)["impact"] == 0
    assert server.connections == 1


async def test_not_modified_without_having_asked_for_it_is_no_answer() -> None:
    async with bad_server() as server:
        shows(server, summary())  # without a validator
        async with asking(server) as source:
            await source.sample()
            server.says(SUMMARY, answer(b"", status=304))
            error = await failure(source)
    assert (error.phase, str(error)) == ("answer", "status 304 Not Modified, not 200")


async def test_a_validator_that_cannot_be_sent_is_not_sent() -> None:
    async with bad_server() as server:
        shows(server, summary(), ("ETag", '"a\tb"'), ("Last-Modified", "x" * 600))
        async with asking(server) as source:
            for _ in range(2):
                await source.sample()
    assert "if-none-match" not in server.heard[1].headers
    assert "if-modified-since" not in server.heard[1].headers


# where there is no summary ----------------------------------------------------------------


@pytest.mark.parametrize("why", ["missing", "huge"])
async def test_without_a_summary_the_mere_status_is_read(why: str) -> None:
    clock = FakeClock()
    huge = summary(components={f"c{n}{'x' * 500}": "operational" for n in range(2_100)})
    async with bad_server() as server:
        shows(server, huge if why == "huge" else {}, status=200 if why == "huge" else 404)
        mere = {"page": {"name": "Acme"}, "status": {"indicator": "major", "description": "Half"}}
        shows(server, mere, at=STATUS)
        async with asking(server, clock=clock) as source:
            first = await source.sample()
            await source.sample()
            assert server.targets().count(SUMMARY) == 1
            shows(server, summary())
            clock.pass_(900)
            whole = await source.sample()
        wanting = await once(server, components=["Webhooks"])
        server.says(SUMMARY, answer(status=404))
        lacking = await once(server, components=["Webhooks"])
    assert figures(first) == {
        "impact": 2,
        "indicator": 2,
        "components_down": None,
        "incidents": None,
        "unanswered": 0,
    }
    assert figures(whole)["impact"] == 0
    assert figures(wanting)["impact"] == 0
    assert seen(lacking).blind == (
        "Webhooks: the components are not known, summary.json is not there or too large",
    )
    assert figures(lacking)["impact"] is None


async def test_a_summary_that_was_only_away_is_read_at_the_next_poll() -> None:
    clock = FakeClock()
    async with bad_server() as server:
        shows(server, {"status": {"indicator": "major"}}, at=STATUS)
        shows(server, summary())
        async with asking(server, clock=clock, components=["Webhooks"]) as source:
            await source.sample()
            server.says(SUMMARY, answer(status=404))
            clock.pass_(60)
            assert figures(await source.sample())["impact"] is None
            shows(server, summary())
            clock.pass_(60)
            assert figures(await source.sample())["impact"] == 0
            server.says(SUMMARY, answer(status=404))
            server.heard.clear()
            for _ in range(60):
                clock.pass_(60)
                await source.sample()
    # What stays away is asked for less and less, but four times an hour at least.
    assert server.targets().count(SUMMARY) == 4 + 4


async def test_an_address_that_has_neither_is_no_status_page() -> None:
    async with bad_server() as server, asking(server) as source:
        error = await failure(source)
    assert str(error).startswith("it has neither /api/v2/summary.json nor /api/v2/status.json")


# what is no answer ------------------------------------------------------------------------

UNSEEABLE = {
    "html": (answer(HTML, kind="text/html"), "a web page, not JSON"),
    "html called json": (answer(HTML), "a web page, not JSON"),
    "other json": (answer(b'{"status": "ok"}'), "no status.indicator"),
    "a list": (answer(b"[1, 2]"), "not a status page's JSON"),
    "half": (answer(b'{"status": {'), "not a status page's JSON"),
    "empty": (answer(b""), "not a status page's JSON"),
    "5xx": (answer(b"{}", status=503), "status 503 Service Unavailable, not 200"),
    "5xx with a page": (answer(HTML, status=502, kind="text/html"), "status 502"),
    "unauthorized": (answer(b"{}", status=401), "status 401 Unauthorized"),
    "deep": (answer(b'{"status":' + b"[" * 400_000), "not a status page's JSON"),
}


@pytest.mark.parametrize("name", UNSEEABLE)
async def test_what_is_no_status_page_is_not_seen_and_never_down(name: str) -> None:
    raw, words = UNSEEABLE[name]
    async with bad_server() as server:
        shows(server, summary("major", "Half of it"))
        async with asking(server) as source:
            await source.sample()
            server.says(SUMMARY, raw)
            for polls in (1, 2):
                error = await failure(source)
                assert known_after(source, error) == {"unanswered": polls}
    assert error.phase == "answer"
    assert words in str(error)
    assert ("bearer" in error.hint) is (name == "unauthorized")


async def test_half_a_body_counts_for_nothing() -> None:
    async with bad_server() as server:
        server.says(SUMMARY, answer(b"no gzip", ("Content-Encoding", "gzip")))
        async with asking(server) as source:
            error = await failure(source)
    assert (error.phase, str(error)) == ("body", "body is not valid gzip")


async def test_to_be_left_alone_is_heard() -> None:
    async with bad_server() as server:
        shows(server, {}, ("Retry-After", "120"), status=429)
        async with asking(server) as source:
            error = await failure(source)
    assert (error.retry_after, "left alone for 2 min" in str(error)) == (120, True)


async def test_nobody_there_and_packets_dropped() -> None:
    table: dict[str, Any] = {"url": f"http://127.0.0.1:{refused_port()}", "timeout": "300ms"}
    async with holding(StatuspageSource, "pay", table) as source:
        error = await failure(source)
        assert error.phase == "connect"
        assert known_after(source, error) == {}  # it may be a wrong address of ours
    with black_hole() as port:
        table["url"] = f"http://127.0.0.1:{port}"
        async with holding(StatuspageSource, "pay", table) as source:
            assert "within 300 ms" in str(await failure(source))


async def test_a_page_that_has_moved_is_followed() -> None:
    async with bad_server() as server:
        server.says(SUMMARY, answer(b"", ("Location", "/moved"), status=301))
        shows(server, summary("minor", "x"), at="/moved")
        assert figures(await once(server))["impact"] == 1


# hostile ----------------------------------------------------------------------------------


async def test_hostile_text_arrives_as_visible_text() -> None:
    evil = "a\x1b[2J\u202eb[@click=app.quit]\x00"
    last = [{"body": f"{evil}\n{evil}", "created_at": "2026-03-01T11:55:00Z"}]
    async with bad_server() as server:
        listed = [incident(evil, incident_updates=last, status=evil)]
        shows(server, summary("major", evil, components={evil: evil}, incidents=listed))
        sample = await once(server, components=[evil])
    found = clean(seen(sample), str)
    texts = [found.description, found.components[0].name, found.incidents[0].name, *found.blind]
    assert all(text == safe(text) for text in texts)
    assert found.incidents[0].text == f"{safe(evil)}\n{safe(evil)}"


async def test_one_bad_entry_costs_none_of_the_others() -> None:
    odd = incident(started_at=[], components="no", status=["resolved"], impact={})
    planned = incident("Odd", status={})
    page = summary("minor", "x", incidents=[7, None, odd], scheduled_maintenances=[planned])
    page["components"] += ["text", {"name": None}, {"name": ["x"], "status": {}}]
    async with bad_server() as server:
        shows(server, page)
        sample = await once(server, components=["webhooks"])
    assert len(seen(sample).components) == 3
    assert (figures(sample)["impact"], figures(sample)["incidents"]) == (0, 1)
    assert "3 of the page's entries could not be read" in seen(sample).notes


async def test_the_largest_page_that_is_taken_does_not_hold_up_the_loop() -> None:
    many = {f"component {n}": "operational" for n in range(2_000)}
    many |= {f"part {n}": "major_outage" for n in range(4_000)}
    body = summary(components=many)
    body["components"][0]["group_id"] = [[]] * 100_000
    async with bad_server() as server:
        shows(server, body)
        async with asking(server) as source, loop_watched():
            sample = await source.sample()
        beyond = await once(server, components=["part 9"])
    assert len(seen(sample).components) == 400
    assert figures(sample)["components_down"] is None  # of all of them, that is not known
    assert "4000 of the page's entries could not be read" in seen(sample).notes
    assert {part.status for part in seen(sample).components} == {"operational"}
    assert seen(beyond).blind == ("part 9: not among the components that could be read",)


async def test_long_names_and_many_updates_do_not_hold_up_the_loop() -> None:
    group = {"id": "g", "name": "g" * 100_000, "status": "operational", "group": True}
    page = summary(components={f"{'ß' * 200} {n}": "operational" for n in range(1_900)})
    page["components"] = [group, *({**each, "group_id": "g"} for each in page["components"])]
    wanted = [f"API {n}" for n in range(100)]
    async with bad_server() as server:
        shows(server, page)
        async with asking(server, components=wanted) as source, loop_watched():
            long = await source.sample()
        shows(server, summary(incidents=[incident(incident_updates=[{}] * 300_000)]))
        async with asking(server) as source, loop_watched():
            await source.sample()
    # Each has the group's name in front: the whole of it would make 200 MB of them.
    assert max(len(part.name) for part in seen(long).components) == 1_207


async def test_of_an_update_without_end_the_beginning_is_kept() -> None:
    updates = ("We know. " * 1_000, "a\n" * 100, "In short.")
    listed = [incident(id=f"i{n}", incident_updates=[{"body": b}]) for n, b in enumerate(updates)]
    async with bad_server() as server:
        shows(server, summary("minor", "x", incidents=listed))
        long, many, short = (each.text for each in seen(await once(server)).incidents)
    assert long == "We know. " * 443 + "We (cut)"
    assert many == "a\n" * 60 + "(cut)"
    assert short == "In short."


async def test_that_not_all_incidents_are_listed_is_said() -> None:
    listed = [incident(id=f"i{n}") for n in range(23)]
    async with bad_server() as server:
        shows(server, summary("minor", "x", incidents=listed))
        sample = await once(server)
    assert (len(seen(sample).incidents), figures(sample)["incidents"]) == (20, 23)
    assert "3 more incidents are not listed" in seen(sample).notes


async def test_many_names_that_are_not_there_do_not_hold_up_the_loop() -> None:
    there = {f"component {n}": "operational" for n in range(2_000)}
    wanted = [f"component {n}x" for n in range(100)]
    async with bad_server() as server:
        shows(server, summary(components=there))
        async with asking(server, components=wanted) as source, loop_watched():
            sample = await source.sample()
    first, *_, last = seen(sample).blind
    assert first == "the page has no component component 0x; did you mean component 0?"
    assert last == "the page has no component component 99x"
