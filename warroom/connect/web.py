"""The options of every kind of source that asks over HTTP: who we are, whom we trust, which way."""

import httpx
from pydantic import Field, field_validator, model_validator

from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings, SourceSettings
from warroom.config.types import FilePath
from warroom.connect.values import HeaderName, IpAddress, TextOrSecret

_HELD_BY_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
_OURS = frozenset({"content-length", "transfer-encoding", "connection", "accept-encoding"})


class BasicSettings(Settings):
    """Credentials of RFC 7617."""

    user: str = Field(pattern=r"^[^:\x00-\x1f]+$", description="user name; no colon in it")
    password: SecretField = Field(description="where the password is to be found")


class WebSettings(SourceSettings):
    """How a web address is asked, whatever for; a kind's own model adds what it asks."""

    headers: dict[HeaderName, TextOrSecret] = Field(
        {}, description='headers to send; a secret one as { env = "NAME" }'
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
    address: IpAddress | None = Field(
        None, description="IP address to connect to; Host and SNI stay the URL's, DNS is not asked"
    )

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

    @model_validator(mode="after")
    def _together(self) -> "WebSettings":
        if wrong := self.clashes():
            raise ValueError("; ".join(wrong))
        return self

    def clashes(self) -> list[str]:
        """What in these options does not go together, in words; a kind adds its own."""
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
        return wrong


def web_address(value: str, example: str) -> str:
    """``value``, if it is a web address without credentials; ValueError shows ``example``."""
    url = _parsed(value)
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f'not a web address; write it as "{example}"')
    if url.userinfo:
        raise ValueError("no user or password in the address; use basic = { user, password }")
    return value


def base_address(value: str, example: str) -> str:
    """The same for an address that paths are put behind: nothing may follow its own path."""
    url = _parsed(web_address(value, example))
    if url.query or url.fragment:
        raise ValueError(f'nothing may follow the path; write it as "{example}"')
    return value.rstrip("/")


def _parsed(value: str) -> httpx.URL:
    try:
        url = httpx.URL(value)
        url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        raise ValueError("not an address that can be read") from None
    return url
