"""Release 1.42.0: the storefront and the cart, with the warehouse's stock."""

from collections.abc import Mapping

from warroom.demo.shop import pages
from warroom.demo.shop.prices import Prices
from warroom.demo.shop.stock import Warehouse
from warroom.demo.shop.store import Store
from warroom.demo.switches import Switches


class Storefront:
    """The pages a release may change; UnavailableError when a store they need is away."""

    def __init__(
        self, store: Store, prices: Prices, warehouse: Warehouse, switches: Switches
    ) -> None:
        self.store = store
        self.prices = prices
        self.warehouse = warehouse
        self.switches = switches

    async def home(self) -> str:
        """The page with everything there is to buy."""
        return pages.storefront(await self.store.products(), await self.warehouse.stock())

    async def cart(self, held: Mapping[int, int]) -> str:
        """The page of a visitor's cart; `held` is quantities by product."""
        products = await self.prices.products()
        return pages.cart(products, held, await self.warehouse.stock())
