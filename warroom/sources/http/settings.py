"""What ``[sources.NAME]`` with ``kind = "http"`` may hold."""

import ipaddress
from typing import Annotated, Literal

import httpx
from pydantic import BeforeValidator, Field, field_validator, model_validator

from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings, SourceSettings
from warroom.config.types import BodyAssertion, Duration, FilePath, HoldTime
from warroom.measure.rule import Hold
from warroom.sources.http.values import (
    SUCCESS,
    FigureName,
    HeaderName,
    Size,
    Statuses,
    TextOrSecret,
)

_HELD_BY_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
_OURS = frozenset({"content-length", "transfer-encoding", "connection", "accept-encoding"})


class BasicSettings(Settings):
    """Credentials of RFC 7617."""

    user: str = Field(pattern=r"^[^:\x00-\x1f]+$", description="user name; no colon in it")
    password: SecretField = Field(description="where the password is to be found")


class FigureSettings(Settings):
    """A number in the JSON body that becomes a signal."""

    path: str = Field(min_length=1, description="names joined by dots; a number picks from a list")
    unit: str = Field("", max_length=12, description="ms, s, %, B, or a plural noun: jobs")


def _figure(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


Figure = Annotated[FigureSettings, BeforeValidator(_figure)]


class HttpSettings(SourceSettings):
    """One probed URL: how to ask, what to expect, which figures to take from the answer."""

    url: str = Field(description="http:// or https://; no user or password in it")
    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = Field(
        "GET", description="the request's method; only GET and HEAD are ever sent twice"
    )
    headers: dict[HeaderName, TextOrSecret] = Field(
        {}, description='headers to send; a secret one as { env = "NAME" }'
    )
    body: str = Field("", max_length=1 << 20, description="what to send as the request's body")
    expect_status: Statuses = Field(
        (SUCCESS,), description='statuses that mean UP: 200, "2xx", "200-204", or a list of these'
    )
    expect: tuple[BodyAssertion, ...] = Field(
        (), description='what must hold in the JSON body: "checks.memory < 90"'
    )
    maintenance: BodyAssertion | None = Field(
        None, description="what in the JSON body means planned maintenance, whatever the status"
    )
    figures: dict[FigureName, Figure] = Field(
        {}, description="signals from the JSON body: name to path, or to { path, unit }"
    )
    header_figures: dict[FigureName, HeaderName] = Field(
        {}, description="signals from response headers: name to header; Retry-After in seconds"
    )
    environment: str = Field("", description="path in the JSON body that names the environment")
    follow_redirects: bool = Field(
        False, description="follow at most 5 redirects of GET and HEAD, never from https to http"
    )
    basic: BasicSettings | None = Field(None, description="user and password (RFC 7617)")
    bearer: SecretField | None = Field(None, description="bearer token (RFC 6750)")
    ca_file: FilePath | None = Field(
        None, min_length=1, description="PEM file of the authorities to trust, and no others"
    )
    client_cert: FilePath | None = Field(
        None, description="PEM file of our own certificate, with its chain"
    )
    client_key: FilePath | None = Field(
        None, description="PEM file of its key, if not in client_cert; not encrypted"
    )
    proxy: TextOrSecret | None = Field(
        None, description="http://proxy:port; with a password in it, as a secret"
    )
    address: str | None = Field(
        None, description="IP address to connect to; Host and SNI stay the URL's, DNS is not asked"
    )
    max_bytes: Size = Field(
        1 << 20, ge=1, le=8 << 20, description='decoded bytes of an answer that are read: "1MiB"'
    )
    window: Duration = Field(600.0, description="how far p50, p95 and availability look back")
    down: str | None = Field(
        None, description='step of the scale that DOWN means; the worst if not given, or "none"'
    )
    raise_after: HoldTime = Field(
        Hold(polls=2), description="DOWN polls in a row, or a duration, before the level is taken"
    )
    clear_after: HoldTime = Field(
        Hold(polls=2), description="UP polls in a row, or a duration, before it is let go"
    )
    fresh: bool = Field(False, description="a new connection for every poll: DNS and TLS each time")

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        url = _parsed(value)
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError('not a web address; write it as "https://www.example.com/health"')
        if url.userinfo:
            raise ValueError("no user or password in the address; use basic = { user, password }")
        return value

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: dict[str, str | SecretRef]) -> dict[str, str | SecretRef]:
        wrong = []
        for name, content in value.items():
            if name.lower() in _OURS:
                wrong.append(f"{name} is set by warroom itself")
            elif not isinstance(content, str):
                continue
            elif name.lower() in _HELD_BY_SECRET:
                wrong.append(f'{name} is a secret; write {name} = {{ env = "NAME" }}')
            elif any(ord(char) < 0x20 or ord(char) == 0x7F for char in content):
                wrong.append(f"{name} holds a control character")
        if wrong:
            raise ValueError("; ".join(wrong))
        return value

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str | SecretRef | None) -> str | SecretRef | None:
        if isinstance(value, str):
            url = _parsed(value)
            if url.scheme != "http" or not url.host:
                raise ValueError('not a proxy; write it as "http://proxy.example:3128"')
            if url.password:
                raise ValueError('a password is a secret; write proxy = { env = "NAME" }')
        return value

    @field_validator("address")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise ValueError("not an IP address, such as 10.0.0.7 or fd00::7") from None

    @model_validator(mode="after")
    def _together(self) -> "HttpSettings":
        authorizing = [name for name in ("basic", "bearer") if getattr(self, name) is not None]
        if any(name.lower() == "authorization" for name in self.headers):
            authorizing.append("headers.Authorization")
        wrong = []
        if len(authorizing) > 1:
            wrong.append(f"only one of {' and '.join(authorizing)} can be sent")
        if self.client_key and not self.client_cert:
            wrong.append("client_key is of no use without client_cert")
        if self.address and self.proxy:
            wrong.append("address has no effect behind a proxy, which finds the server itself")
        if self.method == "HEAD" and (self.expect or self.figures or self.maintenance):
            wrong.append("an answer to HEAD has no body to look into; use GET")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def _parsed(value: str) -> httpx.URL:
    try:
        url = httpx.URL(value)
        url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("not an address that can be read") from None
    return url
