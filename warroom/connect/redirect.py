"""Which redirects are followed, and what is left behind when an origin is."""

import httpx

from warroom.config.secrets import Secret
from warroom.connect.wording import outside
from warroom.text import mask_url

MOST = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})

Headers = tuple[tuple[str, str | Secret], ...]


class RedirectError(Exception):
    """A redirect that is not followed, with the reason in words."""


def is_redirect(status: int, location: str | None) -> bool:
    return status in _REDIRECTS and location is not None


def follow(url: httpx.URL, location: str, method: str, seen: tuple[httpx.URL, ...]) -> httpx.URL:
    """Where ``location`` leads (RFC 9110, section 10.2.2). Raises RedirectError."""
    try:
        target = url.join(location).copy_with(fragment=None, userinfo=b"")
    except (httpx.InvalidURL, ValueError):
        raise RedirectError(f"redirect to {outside(location)!r}, not an address") from None
    shown = outside(mask_url(str(target)))
    if target.scheme not in ("http", "https") or not target.host:
        raise RedirectError(f"redirect to {shown}, not a web address")
    if url.scheme == "https" and target.scheme != "https":
        raise RedirectError(f"redirect from https to {shown} refused")
    if method not in ("GET", "HEAD"):
        raise RedirectError(f"redirect of a {method} to {shown} refused")
    if target in seen:
        raise RedirectError(f"redirect loop: {shown} again")
    if len(seen) > MOST:
        raise RedirectError(f"more than {MOST} redirects")
    return target


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Scheme, host and port alike (RFC 6454)."""
    # httpx drops a port that is its scheme's own.
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def without_credentials(headers: Headers) -> Headers:
    """What another origin may see: nothing secret, and not our idea of its Host."""
    return tuple(
        (name, value)
        for name, value in headers
        if isinstance(value, str) and name.lower() not in _CREDENTIALS | {"host"}
    )
