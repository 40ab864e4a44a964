"""An IP address with a port, as the file writes it."""

import ipaddress


def endpoint(written: str, port: int | None = None) -> tuple[str, int] | None:
    """Address and port of ``192.0.2.1:443`` or ``[2001:db8::1]:443``; of an address alone with
    ``port``, if that is given. None for anything else."""
    host, own = written, ""
    if written.startswith("["):
        host, _, rest = written[1:].partition("]")
        own = rest.removeprefix(":") if rest[:1] in ("", ":") else "?"
    elif written.count(":") == 1:
        host, own = written.split(":")
        own = own or "?"
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        return None
    if not own:
        return None if port is None else (address, port)
    if not (own.isascii() and own.isdigit() and len(own) <= 5 and 0 < int(own) < 65536):
        return None
    return address, int(own)
