"""The demo's status pages: an incident opens with what is found, and ends when it is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.live.bad_server import answer, bad_server, refused_port
from warroom.demo.outside.status_page import Events, Pages, shown
from warroom.demo.outside.status_report import DEGRADED, OPERATIONAL, PARTIAL, Report
from warroom.demo.settings import Settings
from warroom.sources.statuspage.page import read
from warroom.sources.statuspage.verdict import judge

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Told:
    """A report of one component, looked at once a minute."""

    def __init__(self, component: str = "Webhooks") -> None:
        self.report = Report("Payments", {component: "Deliveries are refused"})
        self.component, self.at = component, NOON

    def finds(self, *statuses: str) -> dict[str, Any]:
        for status in statuses:
            self.at += timedelta(minutes=1)
            self.report.observe(self.component, status, f"it is {status}", self.at)
        summary = self.report.summary()
        assert summary is not None
        return summary


def test_nothing_is_told_before_everything_was_looked_at() -> None:
    report = Report("Payments", {"API": "a", "Webhooks": "b"})
    report.observe("API", OPERATIONAL, "", NOON)
    assert report.summary() is None


def test_an_incident_opens_worsens_and_ends() -> None:
    told = Told()
    assert told.finds(OPERATIONAL)["incidents"] == []
    opened = told.finds(DEGRADED, DEGRADED)["incidents"][0]
    assert (opened["status"], opened["impact"], len(opened["incident_updates"])) == (
        *("investigating", "minor", 1),
    )
    worse = told.finds(PARTIAL)
    assert worse["status"] == {"indicator": "major", "description": "Partial System Outage"}
    (incident,) = worse["incidents"]
    assert (incident["id"], incident["status"]) == (opened["id"], "identified")
    assert incident["incident_updates"][0]["body"] == "it is partial_outage"
    assert incident["started_at"] == "2026-03-01T12:02:00.000Z"
    # One good look is no end, and a bad one after it is the same incident.
    assert told.finds(OPERATIONAL, PARTIAL, OPERATIONAL)["incidents"][0]["id"] == opened["id"]
    over = told.finds(OPERATIONAL)
    assert (over["incidents"], over["status"]["indicator"]) == ([], "none")
    assert told.finds(DEGRADED)["incidents"][0]["id"] != opened["id"]


def test_it_is_a_page_as_warroom_reads_them() -> None:
    told = Told()
    page = read(msgspec.json.encode(told.finds(PARTIAL)))
    assert judge(page, ["webhooks"], lambda _: True).faults == ("Webhooks: partial outage",)
    assert page.incidents is not None
    assert (page.incidents[0].text, page.updated_at) == ("it is partial_outage", told.at)


async def test_who_has_it_is_not_sent_it_again() -> None:
    told = Told()
    told.finds(OPERATIONAL)

    async def page(request: Request) -> Response:
        return shown(told.report, request)

    async def early(request: Request) -> Response:
        return shown(Report("Mail", {"SMTP": "x"}), request)

    app = Starlette(routes=[Route("/page", page), Route("/early", early)])
    way = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=way, base_url="http://vendor.example") as client:
        first = await client.get("/page")
        known = {"If-None-Match": first.headers["ETag"]}
        assert (await client.get("/page", headers=known)).status_code == 304
        told.finds(DEGRADED)
        assert (await client.get("/page", headers=known)).status_code == 200
        assert (await client.get("/early")).status_code == 503


def test_only_what_the_provider_does_wrong_is_its_trouble() -> None:
    assert Events(waiting=9, last_status=400).refused
    assert not any(Events(waiting=9, last_status=code).refused for code in (200, 429, 503, None))


def settings(provider: int, mail: int) -> Settings:
    """A demo of which only these two servers are there."""
    kinds = {name: kind for name, kind in Settings.__annotations__.items() if name != "version"}
    nothing = {name: "key" if kind is str else 0 for name, kind in kinds.items()}
    return Settings(**{**nothing, "provider_port": provider, "mail_port": mail})


def statuses(page: Report) -> dict[str, str]:
    found = page.summary() or {"components": []}
    return {part["name"]: part["status"] for part in found["components"]}


async def test_the_pages_tell_what_is_found_of_the_servers() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()

    greeting = b"220 mail.shop.example\r\n"
    mail = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with bad_server() as provider, mail:
        pages = Pages(settings(provider.port, mail.sockets[0].getsockname()[1]))
        async with pages.client:
            # That the shop's own server is busy is no trouble of the provider's.
            provider.says("/v1/events", answer(b'{"waiting": 6, "last_status": 503}'))
            await pages.look()
            well = statuses(pages.payments), statuses(pages.mail)
            provider.says("/v1/events", answer(b'{"waiting": 6, "last_status": 400}'))
            greeting = b"421 too busy\r\n"
            await pages.look()
            assert statuses(pages.mail) == {"SMTP": "operational"}  # it may be started again
            await pages.look()
    assert well == (
        {"Payments API": "operational", "Webhooks": "operational"},
        {"SMTP": "operational"},
    )
    assert statuses(pages.payments) == {"Payments API": "operational", "Webhooks": "partial_outage"}
    assert statuses(pages.mail) == {"SMTP": "major_outage"}


async def test_a_provider_that_does_not_answer_is_an_outage_of_its_api() -> None:
    async with bad_server() as provider:
        provider.says("/v1/events", answer(b'{"waiting": 0, "last_status": 200}'))
        pages = Pages(settings(provider.port, refused_port()))
        async with pages.client:
            await pages.look()
            provider.says("/v1/events", answer(b'{"waiting": 0, "last_status": 200}', status=500))
            await pages.look()
            await pages.look()
    assert statuses(pages.payments)["Payments API"] == "major_outage"
    (incident,) = (pages.payments.summary() or {})["incidents"]
    assert incident["impact"] == "critical"
