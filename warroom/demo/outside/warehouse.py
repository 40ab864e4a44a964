"""The warehouse's service: another team's, which the shop asks what is in stock."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.settings import Settings
from warroom.demo.shop.serve import serve

STOCK = {1: 120, 2: 64, 3: 310, 4: 12, 5: 9, 6: 33, 7: 4, 8: 75}
"""Pieces by product."""


async def stock(request: Request) -> Response:
    return JSONResponse({str(product): pieces for product, pieces in STOCK.items()})


async def health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def build(settings: Settings) -> Starlette:
    return Starlette(routes=[Route("/stock", stock), Route("/health", health)])


if __name__ == "__main__":
    serve(build, lambda settings: settings.warehouse_port)
