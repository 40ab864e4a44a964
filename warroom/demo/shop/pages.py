"""The shop's pages for people."""

from collections.abc import Mapping, Sequence
from html import escape

from warroom.demo.shop.store import Product

PICTURE_WIDTH = 64
SESSION = "session"
"""The cookie that says whose cart it is."""

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto }}
nav a {{ margin-right: 1rem }} li {{ display: flex; justify-content: space-between }}
</style>
</head>
<body>
<nav><a href="/">Shop</a><a href="/cart">Cart</a><a href="/login">Sign in</a></nav>
<h1>{title}</h1>
{body}
</body>
</html>
"""

LOGIN = """<form method="post" action="/login">
<p><label>E-mail <input name="email" type="email" autocomplete="username" required></label></p>
<p><label>Password <input name="password" type="password" required></label></p>
<p><button>Sign in</button></p>
</form>"""


def storefront(
    products: Sequence[Product],
    stock: Mapping[int, int],
    popular: Mapping[int, int] | None = None,
) -> str:
    """Everything there is to buy.

    `stock` is pieces by product, without those that nobody knows; `popular` is how many
    other products the buyers of a product ordered.
    """
    lines = []
    for product in products:
        said = [product.name, *_in_stock(stock, product)]
        if popular:
            said.append(f"its buyers chose {popular[product.id]} other things too")
        lines.append((", ".join(said), product.cents))
    return _page("Small goods", _list(lines, [product.id for product in products]))


def cart(
    products: Sequence[Product],
    held: Mapping[int, int],
    stock: Mapping[int, int],
    hint: str = "",
) -> str:
    """What this visitor has put aside; `held` is quantities by product."""
    lines = [
        (
            ", ".join([f"{held[product.id]} × {product.name}", *_in_stock(stock, product)]),
            held[product.id] * product.cents,
        )
        for product in products
        if product.id in held
    ]
    body = _list(lines) if lines else "<p>Nothing in it yet.</p>"
    return _page("Your cart", f"{body}<p>{escape(hint)}</p>" if hint else body)


def login(note: str = "") -> str:
    """The sign-in form, and what was wrong with what was given."""
    return _page("Sign in", (f"<p>{escape(note)}</p>" if note else "") + LOGIN)


def sorry(what: str) -> str:
    """The page of an answer that could not be given."""
    return _page("Sorry", f"<p>{escape(what)}</p>")


def _page(title: str, body: str) -> str:
    return FRAME.format(title=escape(title), body=body)


def _in_stock(stock: Mapping[int, int], product: Product) -> list[str]:
    return [f"{stock[product.id]} in stock"] if product.id in stock else []


def _list(lines: Sequence[tuple[str, int]], pictures: Sequence[int] = ()) -> str:
    """A list with a price at each line's end, and a product's picture before it."""
    before = [_picture(product) for product in pictures] or [""] * len(lines)
    items = (
        f"<li>{picture}<span>{escape(text)}</span><span>{cents / 100:.2f} €</span></li>"
        for (text, cents), picture in zip(lines, before, strict=True)
    )
    return f"<ul>{''.join(items)}</ul>"


def _picture(product: int) -> str:
    return f'<img src="/picture?product={product}&amp;width={PICTURE_WIDTH}" alt="">'
