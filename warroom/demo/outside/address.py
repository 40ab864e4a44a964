"""Addresses of this machine's loopback: to call from, so that callers can be told apart, and
where the shop is said to be."""

import socket

PROVIDER = "127.0.0.42"
INTRUDER = "127.0.0.66"
SHOP = "127.0.0.1"
OLD_SHOP = "127.0.0.99"
"""Where the shop is, and where one of its name servers may still have it."""


def usable(address: str) -> str:
    """The address if a client can call from it, else 127.0.0.1.

    Linux has all of 127.0.0.0/8 on its loopback; other systems have 127.0.0.1 only.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return "127.0.0.1"
    return address
