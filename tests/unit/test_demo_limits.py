"""The demo shop's rate limit: what a budget allows, and how soon it is there again."""

from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from warroom.demo.shop.limits import CLIENTS, REFILL, RateLimit
from warroom.demo.switches import Standing, Switches

Answer = tuple[int, str]


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def ask(
    app: RateLimit, path: str = "/api/products", client: str = "10.0.0.1", agent: str = "a browser"
) -> Answer:
    """The status, and what is left of the client's budget."""
    way = httpx.ASGITransport(app, client=(client, 50_000))
    async with httpx.AsyncClient(transport=way, base_url="http://shop.example") as caller:
        answer = await caller.get(path, headers={"User-Agent": agent})
    return answer.status_code, answer.headers.get("X-RateLimit-Remaining", "")


@pytest.fixture
def switches(tmp_path: Path) -> Switches:
    return Switches(tmp_path / "switches.json")


def limited(clock: Clock, switches: Switches) -> RateLimit:
    return RateLimit(PlainTextResponse("ok"), switches, limit=3, clock=clock)


async def test_a_budget_is_used_up_and_fills_again(switches: Switches) -> None:
    clock = Clock()
    app = limited(clock, switches)
    assert [await ask(app) for _ in range(4)] == [(200, "2"), (200, "1"), (200, "0"), (429, "0")]
    clock.now += 1 / REFILL
    assert [await ask(app) for _ in range(2)] == [(200, "0"), (429, "0")]
    clock.now += 1000
    assert await ask(app) == (200, "2")  # never more than the limit


async def test_each_address_has_its_own(switches: Switches) -> None:
    app = limited(Clock(), switches)
    for _ in range(4):
        await ask(app)
    assert await ask(app) == (429, "0")
    assert await ask(app, client="10.0.0.2") == (200, "2")


async def test_a_monitor_is_told_and_not_counted(switches: Switches) -> None:
    app = limited(Clock(), switches)
    for _ in range(5):
        assert await ask(app, "/api/health") == (200, "3")
    for _ in range(4):
        await ask(app)
    assert await ask(app, "/api/health") == (200, "0")


async def test_pages_are_not_limited(switches: Switches) -> None:
    app = limited(Clock(), switches)
    assert [await ask(app, "/") for _ in range(5)] == [(200, "")] * 5


async def test_a_strict_limit_holds_for_pages_too_and_for_a_minute(switches: Switches) -> None:
    clock = Clock()
    app = limited(clock, switches)
    switches.put(Standing(per_client=2))
    assert [await ask(app, "/") for _ in range(3)] == [(200, "1"), (200, "0"), (429, "0")]
    clock.now += 30  # half a minute, half the budget
    assert [await ask(app, "/") for _ in range(2)] == [(200, "0"), (429, "0")]
    assert await ask(app, "/", client="10.0.0.2") == (200, "1")
    for unlimited in ("/metrics", "/admin/state"):
        assert await ask(app, unlimited) == (200, "")
    assert await ask(app, "/api/health") == (200, "0")


async def test_under_a_strict_limit_a_robot_has_a_budget_of_its_own(switches: Switches) -> None:
    app = limited(Clock(), switches)
    assert [await ask(app, agent=str(number)) for number in range(4)][-1] == (429, "0")
    switches.put(Standing(per_client=1))
    assert [await ask(app, agent="robot") for _ in range(2)] == [(200, "0"), (429, "0")]
    assert await ask(app) == (200, "0")


async def test_a_client_of_many_names_fills_no_memory(switches: Switches) -> None:
    app = limited(Clock(), switches)
    switches.put(Standing(per_client=2))
    for number in range(CLIENTS + 2):
        scope = {
            "type": "http",
            "path": "/",
            "client": ("10.0.0.1", 1),
            "headers": [(b"user-agent", b"%d" % number)],
        }
        app._count(scope)
    assert len(app._budgets) <= 2


async def test_a_strict_limit_that_is_over_leaves_nothing(switches: Switches) -> None:
    app = limited(Clock(), switches)
    switches.put(Standing(per_client=1))
    assert [await ask(app) for _ in range(2)] == [(200, "0"), (429, "0")]
    switches.put(Standing())
    assert await ask(app) == (200, "2")
    assert await ask(app, "/") == (200, "")
