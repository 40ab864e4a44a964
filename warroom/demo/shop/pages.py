"""The shop's pages for people."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from warroom.demo.shop.store import Product

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


def storefront(products: Sequence[Product]) -> str:
    """Everything there is to buy."""
    return _page("Small goods", _list((product.name, product.cents) for product in products))


def cart(products: Sequence[Product], held: Mapping[int, int]) -> str:
    """What this visitor has put aside; `held` is quantities by product."""
    lines = [
        (f"{held[product.id]} × {product.name}", held[product.id] * product.cents)
        for product in products
        if product.id in held
    ]
    return _page("Your cart", _list(lines) if lines else "<p>Nothing in it yet.</p>")


def login() -> str:
    """The sign-in form."""
    return _page("Sign in", LOGIN)


def sorry(what: str) -> str:
    """The page of an answer that could not be given."""
    return _page("Sorry", f"<p>{escape(what)}</p>")


def _page(title: str, body: str) -> str:
    return FRAME.format(title=escape(title), body=body)


def _list(lines: Iterable[tuple[str, int]]) -> str:
    items = (
        f"<li><span>{escape(text)}</span><span>{cents / 100:.2f} €</span></li>"
        for text, cents in lines
    )
    return f"<ul>{''.join(items)}</ul>"
