"""Release 1.42.0: the storefront and the cart, with the warehouse's stock."""

from collections.abc import Mapping

from warroom.demo.shop import pages
from warroom.demo.shop.stock import Warehouse
from warroom.demo.shop.store import Store


class Storefront:
    """The pages a release may change; UnavailableError when a store they need is away."""

    def __init__(self, store: Store, warehouse: Warehouse) -> None:
        self.store = store
        self.warehouse = warehouse

    async def home(self) -> str:
        """The page with everything there is to buy."""
        return pages.storefront(await self.store.products(), await self.warehouse.stock())

    async def cart(self, held: Mapping[int, int]) -> str:
        """The page of a visitor's cart; `held` is quantities by product."""
        products = await self.store.products()
        return pages.cart(products, held, await self.warehouse.stock())
