"""Faults that come from the world outside: payments, mail, the certificate, an intruder.

Each is switched on in a real shop, seen where an operator would look (the shop's answers,
figures, logs and stores), and seen to heal.
"""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import psutil
import pytest
from redis import Redis

from tests.processes import alive, words
from tests.rooms import WARROOM
from tests.waiting import until
from warroom.demo import control, customers
from warroom.demo.folder import Folder
from warroom.demo.outside.address import INTRUDER, usable
from warroom.demo.production import Production
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.shop.store import Job
from warroom.demo.webhook import HEADER, PATH, sign

pytestmark = pytest.mark.xdist_group("faults")  # one such demo at a time


class Shop:
    """A running demo, and the places where its state can be read."""

    def __init__(self, production: Production) -> None:
        self.production = production
        self.folder = Folder(production.folder)
        self.settings = Settings.read(self.folder.settings)
        self.sources = tomllib.loads(production.config.read_text())["sources"]
        self.http = httpx.Client(base_url=self.settings.web, timeout=5, trust_env=False)
        self.redis = Redis.from_url(self.settings.redis)

    def close(self) -> None:
        self.http.close()
        self.redis.close()

    def switch(self, fault: str, on: bool) -> str:
        return control.switch(self.production.control, fault, on)

    def figure(self, name: str, base: str = "") -> float:
        """One line of /metrics, by its name with labels; 0 when it is not there."""
        text = self.http.get(f"{base or self.settings.web}/metrics").text
        for line in text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        return 0.0

    def value(self, query: str) -> Any:
        async def ask() -> Any:
            database = await asyncpg.connect(self.settings.database)
            try:
                return await database.fetchval(query)
            finally:
                await database.close()

        return asyncio.run(ask())

    def order(self) -> int:
        wish = {"product": 1, "quantity": 2, "email": "harbour@shop.example"}
        answer = self.http.post("/api/checkout", json=wish)
        assert answer.status_code == 201
        number: int = answer.json()["order"]
        return number

    def paid(self, order: int) -> bool:
        return bool(self.value(f"SELECT paid_at IS NOT NULL FROM payments WHERE order_id={order}"))

    def mailed(self, order: int) -> bool:
        return bool(self.value(f"SELECT EXISTS (SELECT FROM mails WHERE order_id = {order})"))

    def provider_events(self) -> dict[str, Any]:
        key = {"Authorization": f"Bearer {self.settings.provider_key}"}
        told: dict[str, Any] = self.http.get(
            f"{self.settings.provider}/v1/events", headers=key
        ).json()
        return told

    def ask(self, source: str) -> httpx.Response:
        """What the watcher asks under that name."""
        known = self.sources[source]
        headers = dict(known.get("headers", {}))
        if "bearer" in known:
            headers["Authorization"] = f"Bearer {Path(known['bearer']['file']).read_text()}"
        body = known.get("body", "").encode()
        return self.http.request(known["method"], known["url"], headers=headers, content=body)


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A temp folder of our own: a developer's running demo is neither found nor swept."""
    tmp_path_factory.getbasetemp()  # decided now, so that it does not come to lie in ours
    path = Path(tempfile.mkdtemp(prefix="wr-"))
    path.chmod(0o711)  # as /tmp, it can be passed through by the servers' account
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(path))
        patch.setattr(tempfile, "tempdir", str(path))
        yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def running(temporary: Path) -> Iterator[Shop]:
    with Production.start() as production, closing(Shop(production)) as shop:
        yield shop


@pytest.fixture
def shop(running: Shop) -> Iterator[Shop]:
    """The shared shop, its faults switched off again after the test."""
    yield running
    for fault in control.faults(running.production.control):
        if fault.on:
            running.switch(fault.name, False)


def test_an_order_is_paid_by_a_signed_event_and_mailed(shop: Shop) -> None:
    order = shop.order()
    until(lambda: shop.paid(order))
    until(lambda: shop.mailed(order))
    assert shop.figure('shop_webhook_events_total{outcome="paid"}') > 0
    assert shop.figure('shop_mails_total{outcome="sent"}', shop.settings.worker) > 0
    assert "harbour@shop.example" in (shop.folder.logs / "mail.log").read_text()


def test_the_webhook_takes_signed_events_only(shop: Shop) -> None:
    secret = SecretFiles(shop.folder.secrets).webhook.read_bytes()
    body = b'{"id":"evt_1","type":"payment.succeeded","data":{"order":0,"cents":1}}'
    now = int(time.time())

    def posted(signature: str, sent: bytes = body) -> tuple[int, str]:
        answer = shop.http.post(PATH, content=sent, headers={HEADER: signature})
        return answer.status_code, answer.json()["outcome"]

    assert shop.ask("payments-webhook").json()["outcome"] == "unsigned"
    assert posted(sign(secret, body, now)) == (200, "ignored")
    assert posted(sign(secret, body, now), body + b" ") == (400, "bad_signature")
    assert posted(sign(b"another", body, now)) == (400, "bad_signature")
    assert posted(sign(secret, body, now - 400)) == (400, "too_old")
    assert posted(sign(secret, b"{", now), b"{") == (400, "unreadable")
    assert posted("t=1,v1=x") == (400, "bad_signature")


def test_a_rolled_secret_gets_payments_stuck_until_it_is_renewed(shop: Shop) -> None:
    stuck = "shop_payments_stuck"
    refused = 'shop_webhook_events_total{outcome="bad_signature"}'
    before = shop.figure(refused)
    assert "new secret" in shop.switch("webhook", True)
    order = shop.order()
    until(lambda: shop.figure(refused) > before)
    until(lambda: shop.provider_events()["last_status"] == 400)
    assert shop.provider_events()["pending"] > 0
    assert shop.ask("payments-webhook").status_code == 400  # alive, all the same
    # Time passes: what is not paid after ten seconds is stuck.
    shop.value("UPDATE payments SET asked_at = asked_at - interval '10 s' WHERE paid_at IS NULL")
    assert until(lambda: shop.figure(stuck)) > 0
    assert shop.http.get("/api/checkout/health").json()["payments_stuck"] > 0
    assert not shop.paid(order)
    assert "refused" in (shop.folder.logs / "web.log").read_text()

    assert "resent" in shop.switch("webhook", False)
    until(lambda: shop.paid(order))
    until(lambda: shop.figure(stuck) == 0)
    until(lambda: shop.provider_events()["last_status"] == 200)


def test_a_changed_password_stops_the_mails_and_none_is_lost(shop: Shop) -> None:
    refused = 'shop_mails_total{outcome="refused"}'
    assert shop.ask("test-mail").json()["status"] == "sent"
    shop.switch("mail", True)
    answer = shop.ask("test-mail")
    assert answer.status_code == 502
    assert "535" in answer.json()["error"]
    orders = [shop.order() for _ in range(20)]
    until(lambda: shop.figure(refused, shop.settings.worker) > 1)
    health = shop.http.get(f"{shop.settings.worker}/health")
    assert health.json()["status"] == "degraded"
    assert health.json()["checks"]["mail"] == "refused"
    assert shop.redis.llen("jobs:mail") >= 19  # one is in hand
    assert not shop.mailed(orders[-1])
    assert "535 sign-in failed" in (shop.folder.logs / "mail.log").read_text()

    shop.switch("mail", False)
    assert shop.ask("test-mail").status_code == 200
    until(lambda: shop.mailed(orders[-1]))
    assert all(shop.mailed(order) for order in orders)
    until(lambda: shop.redis.llen("jobs:mail") < 5)
    until(lambda: shop.http.get(f"{shop.settings.worker}/health").json()["status"] == "ok")


def test_an_address_that_cannot_be_mailed_holds_nobody_up(shop: Shop) -> None:
    bounced = 'shop_mails_total{outcome="bounced"}'
    wish = {"product": 1, "email": "harbour@shop.example\nBcc: all@shop.example"}
    assert shop.http.post("/api/checkout", json=wish).status_code == 201
    until(lambda: shop.figure(bounced, shop.settings.worker) == 1)
    order = shop.order()
    until(lambda: shop.mailed(order))


LOOKED = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE application_name = 'shop-worker' AND state = 'idle' AND query_start > '{since}'
    )
"""
"""That the worker has asked for something since. With a job in hand that is whether its order
is there; which query it was cannot be told, as the pool asks for the connection's reset next.
"""


def test_a_job_that_comes_before_its_order_is_committed_waits_for_it(shop: Shop) -> None:
    order = asyncio.run(order_committed_late(shop))
    until(lambda: shop.mailed(order))


async def order_committed_late(shop: Shop) -> int:
    """The number of an order that was committed once the worker had looked for it in vain."""
    database = await asyncpg.connect(shop.settings.database)
    try:
        async with database.transaction():
            order: int = await database.fetchval(
                "INSERT INTO orders (product_id, quantity, cents, email) "
                "VALUES (1, 1, 1400, 'early@shop.example') RETURNING id"
            )
            job = msgspec.json.encode(Job(order, "early@shop.example"))
            shop.redis.rpush("jobs:mail", job)
            until(lambda: job in shop.redis.lrange("jobs:mail:in-hand", 0, -1))
            look = LOOKED.format(since=await database.fetchval("SELECT clock_timestamp()"))
            await asyncio.to_thread(until, lambda: shop.value(look))
    finally:
        await database.close()
    return order


def test_a_job_that_was_moved_while_its_answer_was_lost_is_taken_back(shop: Shop) -> None:
    order = shop.value(
        "INSERT INTO orders (product_id, quantity, cents, email) "
        "VALUES (1, 1, 1400, 'lost@shop.example') RETURNING id"
    )
    # In the worker's hand, and the worker does not know: so it lies when the connection broke
    # between the two.
    job = msgspec.json.encode(Job(order, "lost@shop.example"))
    shop.redis.rpush("jobs:mail:in-hand", job)
    until(lambda: taken_back(shop, job))
    until(lambda: shop.mailed(order))


def taken_back(shop: Shop, job: bytes) -> bool:
    """Break the connection over which the worker waits for a job, if it waits for one now;
    whether this one is out of its hand."""
    for client in shop.redis.client_list():
        if (client["name"], client["cmd"]) == ("shop-worker", "blmove") and "b" in client["flags"]:
            shop.redis.client_kill_filter(_id=client["id"])
    return job not in shop.redis.lrange("jobs:mail:in-hand", 0, -1)


def test_the_test_mail_wants_its_token_and_the_mail_server_a_sign_in(shop: Shop) -> None:
    assert shop.http.post("/api/mail/test").status_code == 401
    with socket.create_connection(("127.0.0.1", shop.settings.mail_port), 5) as line:
        line.settimeout(5)
        said = line.makefile("rb")
        assert said.readline().startswith(b"220")
        line.sendall(b"EHLO stranger\r\n")
        while not said.readline().startswith(b"250 "):
            pass
        line.sendall(b"MAIL FROM:<stranger@shop.example>\r\n")
        assert said.readline().startswith(b"530")


def handshake(shop: Shop) -> datetime:
    """Until when the certificate is good that a watcher is shown; an SSLError if it is not."""
    trust = ssl.create_default_context(cafile=shop.sources["shop-tls"]["ca_file"])
    address = ("127.0.0.1", shop.settings.front_port)
    with (
        socket.create_connection(address, 5) as line,
        trust.wrap_socket(line, server_hostname="127.0.0.1") as tls,
    ):
        shown = tls.getpeercert()
        assert shown is not None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def test_an_expired_certificate_breaks_https_until_it_is_renewed(shop: Shop) -> None:
    authority = ssl.create_default_context(cafile=shop.sources["shop-tls"]["ca_file"])

    def page() -> httpx.Response:
        return httpx.get(shop.sources["shop-tls"]["url"], verify=authority, trust_env=False)

    assert "Enamel mug" in page().text
    first = handshake(shop)
    assert 59 <= (first - datetime.now(UTC)).days <= 60
    shop.switch("certificate", True)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        handshake(shop)
    with pytest.raises(httpx.ConnectError, match="expired"):
        page()
    assert shop.http.get("/").status_code == 200  # the web app itself is well
    shop.switch("certificate", False)
    assert page().status_code == 200
    assert handshake(shop) >= first


def test_the_access_log_names_the_front_s_clients_and_nobody_forges_a_line(shop: Shop) -> None:
    trust = ssl.create_default_context(cafile=str(shop.folder.authority))
    home = usable("127.0.0.9")
    transport = httpx.HTTPTransport(local_address=home, verify=trust)
    with httpx.Client(base_url=shop.settings.front, transport=transport) as client:
        client.get("/login?a=%0a", headers={"User-Agent": 'forged" 200\t"'})
    line = until(lambda: [line for line in access(shop) if line.startswith(f"{home} ")])[0]
    assert '"GET /login?a=%0a HTTP/1.1" 200' in line
    assert line.endswith('"forged\\x22 200\\x09\\x22"')


def access(shop: Shop) -> list[str]:
    return shop.folder.access_log.read_text().splitlines()


def test_customers_sign_in_with_their_password_only(shop: Shop) -> None:
    key = shop.settings.customers_key
    right = {"email": customers.email(3), "password": customers.password(key, 3)}
    counted = {
        outcome: shop.figure(f'shop_sign_in_total{{outcome="{outcome}"}}')
        for outcome in ("ok", "failed")
    }
    answer = shop.http.post("/login", data=right)
    assert answer.status_code == 303
    assert "customer=" in answer.headers["set-cookie"]
    strangers: list[dict[str, str]] = [
        right | {"password": "123456"},
        right | {"email": "nobody@shop.example"},
        right | {"email": "a\0b"},
        {},
    ]
    for wrong in strangers:
        assert shop.http.post("/login", data=wrong).status_code == 401
    assert shop.figure('shop_sign_in_total{outcome="ok"}') >= counted["ok"] + 1
    assert shop.figure('shop_sign_in_total{outcome="failed"}') >= counted["failed"] + 4
    kept = shop.value(f"SELECT password_hash FROM customers WHERE email = '{right['email']}'")
    assert right["password"] not in kept


@pytest.mark.long
def test_the_intruder_is_seen_in_log_and_figures_until_it_goes(shop: Shop) -> None:
    odd = 'shop_http_requests_total{method="GET",path="other",status="404"}'
    failed = 'shop_sign_in_total{outcome="failed"}'
    before = shop.figure(odd), shop.figure(failed)
    home = f"{usable(INTRUDER)} "

    def seen(what: str) -> list[str]:
        return [line for line in access(shop) if line.startswith(home) and what in line]

    shop.switch("intruder", True)
    until(lambda: seen('"GET /.env HTTP/1.1" 404'))
    until(lambda: len(seen('"POST /login HTTP/1.1" 401')) > 3)
    until(lambda: seen("/api/v1/users?id=1%20OR%201=1"))
    until(lambda: seen('"GET /api/orders/2 HTTP/1.1" 404'))
    assert shop.figure(odd) > before[0] + 5
    assert shop.figure(failed) > before[1] + 3
    assert shop.http.get("/").status_code == 200

    shop.switch("intruder", False)
    left, lines = len(seen("/.env")) + len(seen("/api/orders/")), len(access(shop))
    until(lambda: len(access(shop)) > lines + 10)  # customers go on
    assert len(seen("/.env")) + len(seen("/api/orders/")) == left


def test_the_watcher_is_content_with_what_it_is_to_expect(shop: Shop) -> None:
    def check() -> str:
        done = subprocess.run(
            [*WARROOM, "check", "--config", str(shop.production.config)],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else ""

    # A machine that is busy answers late, and that is a level of its own while it lasts.
    printed = until(check)
    assert "shop-tls" in printed
    assert "payments-webhook" in printed


@pytest.mark.long
def test_cut_off_the_watcher_calls_nothing_down_and_the_shop_goes_on(shop: Shop) -> None:
    def check() -> tuple[int, set[str | None]]:
        done = subprocess.run(
            [*WARROOM, "check", "--json", "--config", str(shop.production.config)],
            capture_output=True,
            check=False,
        )
        return done.returncode, {
            source["error"] for source in msgspec.json.decode(done.stdout)["sources"]
        }

    shop.switch("cut-off", True)
    assert check() == (3, {"this room is cut off"})
    assert shop.http.get("/").status_code == 200
    shop.switch("cut-off", False)
    until(lambda: check() == (0, {None}))


def test_nothing_is_left_whatever_is_on(temporary: Path) -> None:
    faults = ["webhook", "mail", "certificate", "intruder"]
    production = Production.start(faults=faults)
    settings = Settings.read(Folder(production.folder).settings)
    on = {fault.name for fault in control.faults(production.control) if fault.on}
    assert on == set(faults)
    supervisor = psutil.Process(production.pid)

    def intruding() -> bool:
        # A child has a command line of its own only when it has become another program.
        return any("warroom.demo.outside.intruder" in words(p) for p in supervisor.children())

    until(intruding)
    family = [supervisor, *supervisor.children(recursive=True)]
    web = next(p for p in family if "warroom.demo.shop.web" in words(p))
    web.kill()
    web.wait(5)
    away = httpx.get(settings.front, verify=False, trust_env=False)
    assert away.status_code == 502
    production.stop()
    assert not [p for p in family if alive(p)]
    assert not os.path.lexists(production.folder)
    outside = (settings.provider_port, settings.mail_port, *settings.name_ports)
    for port in (settings.front_port, *outside):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
