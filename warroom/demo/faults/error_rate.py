"""One path fails: orders of more than one piece are answered with status 500."""

from warroom.demo.faults.fault import Fault
from warroom.demo.faults.stores import database
from warroom.demo.parts import Parts
from warroom.demo.shop.prices import KEY, TTL_S

STRAY_CENTS = 2_000_000_000
"""What the feed put before every price. One piece still fits an `integer`, two do not."""

SPOIL = "UPDATE products SET cents = cents + $1 WHERE cents < $1"
MEND = "UPDATE products SET cents = cents - $1 WHERE cents > $1"


class ErrorRate(Fault):
    """PostgreSQL refuses the order's sum, which the app does not expect; nothing else fails."""

    name = "error-rate"
    title = "Checkout fails: a price feed with a stray digit makes the sums too large"

    async def switch_on(self, parts: Parts) -> str:
        async with database(parts) as connection:
            await connection.execute(SPOIL, STRAY_CENTS)
        return "a price feed wrote a stray 2 before every price; orders of several pieces fail"

    async def switch_off(self, parts: Parts) -> str:
        async with database(parts) as connection:
            changed = await connection.execute(MEND, STRAY_CENTS)
        if changed == "UPDATE 0":
            return "the prices had been corrected before"
        return (
            "the prices are right again, and with them the checkout; carts show the old ones "
            f"for up to {TTL_S} s, unless {KEY} is flushed"
        )
