"""The demo shop's rate limit: what a budget allows, and how soon it is there again."""

import httpx
from starlette.responses import PlainTextResponse

from warroom.demo.shop.limits import REFILL, RateLimit

Answer = tuple[int, str]


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def ask(app: RateLimit, path: str = "/api/products", client: str = "10.0.0.1") -> Answer:
    """The status, and what is left of the client's budget."""
    way = httpx.ASGITransport(app, client=(client, 50_000))
    async with httpx.AsyncClient(transport=way, base_url="http://shop.example") as caller:
        answer = await caller.get(path)
    return answer.status_code, answer.headers.get("X-RateLimit-Remaining", "")


def limited(clock: Clock) -> RateLimit:
    return RateLimit(PlainTextResponse("ok"), limit=3, clock=clock)


async def test_a_budget_is_used_up_and_fills_again() -> None:
    clock = Clock()
    app = limited(clock)
    assert [await ask(app) for _ in range(4)] == [(200, "2"), (200, "1"), (200, "0"), (429, "0")]
    clock.now += 1 / REFILL
    assert [await ask(app) for _ in range(2)] == [(200, "0"), (429, "0")]
    clock.now += 1000
    assert await ask(app) == (200, "2")  # never more than the limit


async def test_each_address_has_its_own() -> None:
    app = limited(Clock())
    for _ in range(4):
        await ask(app)
    assert await ask(app) == (429, "0")
    assert await ask(app, client="10.0.0.2") == (200, "2")


async def test_a_monitor_is_told_and_not_counted() -> None:
    app = limited(Clock())
    for _ in range(5):
        assert await ask(app, "/api/health") == (200, "3")
    for _ in range(4):
        await ask(app)
    assert await ask(app, "/api/health") == (200, "0")


async def test_pages_are_not_limited() -> None:
    app = limited(Clock())
    assert [await ask(app, "/") for _ in range(5)] == [(200, "")] * 5
