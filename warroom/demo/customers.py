"""The shop's customers who have an account, and how their passwords are kept.

The passwords follow from one secret of this demo, so that the customers' own program and
the database's first filling agree without a list that lies about.
"""

import hashlib
import hmac
import secrets

COUNT = 20
COST = 2**11
"""scrypt's N: 4 ms and 2 MiB a check (measured). A real shop takes 2**17; this one shares a
machine with what watches it."""


def email(number: int) -> str:
    """The address of customer 0 to `COUNT - 1`."""
    return f"customer{number}@shop.example"


def password(key: str, number: int) -> str:
    """That customer's password, in the demo of that key."""
    return hmac.new(key.encode(), email(number).encode(), "sha256").hexdigest()[:20]


def hashed(word: str) -> str:
    """What is kept of a password: scrypt with a salt of its own, "salt$hash" in hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(word, salt).hex()}"


def matches(word: str, kept: str) -> bool:
    """Whether the word is the password that was kept."""
    salt, _, known = kept.partition("$")
    return hmac.compare_digest(_scrypt(word, bytes.fromhex(salt)).hex(), known)


def accounts(key: str) -> list[tuple[str, str]]:
    """Address and hash of every customer, for the database."""
    return [(email(number), hashed(password(key, number))) for number in range(COUNT)]


def _scrypt(word: str, salt: bytes) -> bytes:
    return hashlib.scrypt(word.encode(), salt=salt, n=COST, r=8, p=1)
