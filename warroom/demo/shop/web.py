"""The shop's web app: pages for people, an API for the checkout, health and metrics."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from warroom.demo.settings import Settings
from warroom.demo.shop import pages
from warroom.demo.shop.access_log import AccessLog, open_log
from warroom.demo.shop.admin import Admin
from warroom.demo.shop.door import Door
from warroom.demo.shop.error_reports import Reported, Reports
from warroom.demo.shop.export import Downloads, switched_off
from warroom.demo.shop.figures import Figures, Measured
from warroom.demo.shop.health import Health, status
from warroom.demo.shop.limits import RateLimit
from warroom.demo.shop.mail_test import MailTest
from warroom.demo.shop.payments import Payments
from warroom.demo.shop.pictures import Pictures
from warroom.demo.shop.prices import Prices
from warroom.demo.shop.queue_figures import QueueFigures
from warroom.demo.shop.releases import RELEASES
from warroom.demo.shop.serve import serve
from warroom.demo.shop.sign_in import SignIn
from warroom.demo.shop.stock import Warehouse
from warroom.demo.shop.store import Store, UnavailableError
from warroom.demo.switches import Switches


class Checkout(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /api/checkout."""

    product: int
    email: str
    quantity: int = 1


class Web:
    """The handlers, over one store."""

    def __init__(self, settings: Settings) -> None:
        self._version = settings.version
        self.store = Store(settings, "shop-web")
        self.switches = Switches(settings.folder.switches)
        self.health = Health(self.store)
        self.figures = Figures(self.store, settings)
        self.warehouse = Warehouse(settings, self.switches, self.figures.warehouse_seconds)
        prices = Prices(self.store, self.figures.registry)
        release = RELEASES[settings.version]
        self._release = release(self.store, prices, self.warehouse, self.switches)
        self._queue = QueueFigures(self.store, len(settings.worker_ports), self.figures.registry)
        self._pictures = Pictures()
        self._downloads = Downloads()
        self.admin = Admin(settings, self.switches, self.store, self._switched)
        self.reports = Reports(settings)
        self.payments = Payments(settings, self.store, self.figures.registry, self.reports)
        self._sign_in = SignIn(self.store, self.figures.registry)
        self._mail_test = MailTest(settings, self.figures.registry)

    async def storefront(self, request: Request) -> Response:
        return HTMLResponse(await self._release.home())

    async def cart(self, request: Request) -> Response:
        session = request.cookies.get(pages.SESSION)
        held = await self.store.cart(session) if session else {}
        return HTMLResponse(await self._release.cart(held))

    async def add_to_cart(self, request: Request) -> Response:
        session = request.cookies.get(pages.SESSION) or secrets.token_hex(8)
        product = request.query_params.get("product", "")
        if not product.isdecimal():
            return HTMLResponse(pages.sorry("Add which product?"), 400)
        await self.store.add_to_cart(session, int(product))
        answer = RedirectResponse("/cart", 303)
        answer.set_cookie(pages.SESSION, session, httponly=True, samesite="lax")
        return answer

    async def login(self, request: Request) -> Response:
        return HTMLResponse(pages.login())

    async def picture(self, request: Request) -> Response:
        if not self.switches.flag("pictures"):
            return HTMLResponse(pages.sorry("There are no pictures just now."), 404)
        product, width = (request.query_params.get(key, "") for key in ("product", "width"))
        if not (product.isdecimal() and width.isdecimal()):
            return HTMLResponse(pages.sorry("A picture of which product, how wide?"), 400)
        try:
            drawn = self._pictures.picture(int(product), int(width))
        except ValueError as error:
            return HTMLResponse(pages.sorry(f"There is no such picture: {error}."), 400)
        return Response(drawn, media_type="image/bmp")

    async def products(self, request: Request) -> Response:
        """The price list, for those who compare prices."""
        products = await self.store.products()
        return JSONResponse([msgspec.to_builtins(product) for product in products])

    async def export(self, request: Request) -> Response:
        if not self.switches.flag("export"):
            return switched_off()
        return self._downloads.answer(self.store.export())

    async def checkout(self, request: Request) -> Response:
        try:
            wish = msgspec.json.decode(await request.body(), type=Checkout)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, 400)
        if not 1 <= wish.quantity <= 20:
            return JSONResponse({"error": "quantity must be 1 to 20"}, 400)
        order = await self.store.order(wish.product, wish.quantity, wish.email)
        if order is None:
            return JSONResponse({"error": f"no product {wish.product}"}, 404)
        await self.payments.ask_for(order)
        return JSONResponse({"order": order}, 201)

    async def checkout_health(self, request: Request) -> Response:
        """Whether an order could be taken now: the same stores, nothing written."""
        products = len(await self.store.products())
        found = {
            "status": "ok",
            "products": products,
            "queue_depth": await self.store.queue_depth(),
            "payments_stuck": await self.payments.stuck(),
        }
        return JSONResponse(found)

    async def api_health(self, request: Request) -> Response:
        checks = await self.health.checks()
        found = status(checks)
        body = {
            "status": found,
            "version": self._version,
            "environment": "demo",
            "checks": checks,
            "uptime_s": self.health.uptime(),
        }
        return JSONResponse(body, 503 if found == "down" else 200)

    async def metrics(self, request: Request) -> Response:
        await asyncio.gather(self.payments.tell(), self._queue.look())
        text = self.figures.text(await self.health.queue_depth())
        return Response(text, media_type="text/plain; version=0.0.4")

    async def unavailable(self, request: Request, error: Exception) -> Response:
        self.reports.take(error)
        if request.url.path.startswith(("/api/", "/admin/")):
            return JSONResponse({"status": "down", "error": f"{error} cannot be reached"}, 503)
        return HTMLResponse(pages.sorry("The shop cannot be reached just now."), 503)

    def _switched(self) -> None:
        """What has been switched off is let go of at once."""
        if not self.switches.flag("pictures"):
            self._pictures.forget()
        if not self.switches.flag("export"):
            self._downloads.break_off()

    def routes(self) -> list[Route]:
        return [
            Route("/", self.storefront),
            Route("/cart", self.cart),
            Route("/cart", self.add_to_cart, methods=["POST"]),
            Route("/login", self.login),
            Route("/picture", self.picture),
            Route("/export/orders.csv", self.export),
            Route("/api/products", self.products),
            Route("/api/checkout", self.checkout, methods=["POST"]),
            Route("/api/checkout/health", self.checkout_health),
            Route("/api/health", self.api_health),
            Route("/metrics", self.metrics),
            *self.payments.routes(),
            *self._sign_in.routes(),
            *self._mail_test.routes(),
            *self.admin.routes(),
        ]


def build(settings: Settings) -> Starlette:
    """The app, its stores opened and closed with it."""
    web = Web(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await web.store.open()
        web.reports.open()
        yield
        await web.reports.close()
        await web.payments.close()
        await web.warehouse.close()
        await web.store.close()

    routes = web.routes()
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(AccessLog, log=open_log(settings.folder.access_log)),
            Middleware(
                Door,
                switches=web.switches,
                is_operator=web.admin.is_operator,
                registry=web.figures.registry,
            ),
            Middleware(Measured, figures=web.figures, paths=[route.path for route in routes]),
            Middleware(RateLimit, switches=web.switches),
            Middleware(Reported, reports=web.reports),
        ],
        exception_handlers={UnavailableError: web.unavailable},
        lifespan=lifespan,
    )


if __name__ == "__main__":
    serve(build, lambda settings: settings.web_port)
