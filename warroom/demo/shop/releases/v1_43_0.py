"""Release 1.43.0: says how popular a product is, and how far it is to free delivery.

It is a bad one, in two ways that pass a review and a test with ten orders and a full cart:
the storefront asks the database once for each product, without an index for the question,
and a cart with nothing in it has no average price.
"""

from collections.abc import Mapping

from warroom.demo.shop import pages
from warroom.demo.shop.releases.v1_42_0 import Storefront

FREE_DELIVERY_CENTS = 20_000


class ComingStorefront(Storefront):
    """The pages with what is new in them."""

    async def home(self) -> str:
        products = await self.store.products()
        asked = products if self.switches.flag("recommendations") else []
        popular = {product.id: await self.store.bought_with(product.id) for product in asked}
        return pages.storefront(products, await self.warehouse.stock(), popular)

    async def cart(self, held: Mapping[int, int]) -> str:
        products = await self.prices.products()
        total = sum(held.get(product.id, 0) * product.cents for product in products)
        average = total // sum(held.values())
        missing = max(FREE_DELIVERY_CENTS - total, 0)
        hint = f"{-(-missing // average)} more like these, and delivery is free."
        return pages.cart(products, held, await self.warehouse.stock(), hint)
