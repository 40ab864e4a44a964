"""The settings of ``[receivers.NAME]`` and ``[messages]``: to whom messages go, and by what way."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool, field_validator, model_validator

from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings
from warroom.config.types import Duration, FilePath
from warroom.incident.outward import Purpose
from warroom.severity import Level

EVENTS = "https://events.pagerduty.com/v2/enqueue"
"""Where PagerDuty takes events: https://developer.pagerduty.com/docs/send-alert-event."""
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""RFC 6409, RFC 8314, RFC 5321."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\Z")
"""RFC 5322, section 3.4.1, without its quotes and comments. ASCII: not every server takes more (RFC
6531)."""
_OURS = frozenset({"content-length", "transfer-encoding", "connection", "host", "content-type"})
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


def web_address(value: str) -> str:
    """``value``, if it is an address of the web; raises ValueError."""
    try:
        parts = urlsplit(value)
        found = parts.scheme in ("http", "https") and bool(parts.hostname)
        port = parts.port
    except ValueError:
        found, port = False, None
    if not found or port == 0 or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in value):
        raise ValueError('not a web address; write it as "https://status.example.com/api"')
    if parts.username or parts.password:
        raise ValueError("no user or password in the address; use bearer or headers")
    return value


def is_header_value(value: str) -> bool:
    """Whether it may stand in a header as it is (RFC 9110, section 5.5, without its old bytes)."""
    return value == value.strip(" ") and all(" " <= char <= "~" for char in value)


def sound_headers(headers: dict[str, str | SecretRef]) -> dict[str, str | SecretRef]:
    """``headers``, if they can be sent as they are; raises ValueError with all that is wrong."""
    wrong = []
    for name, content in headers.items():
        if not _TOKEN.match(name):
            wrong.append(f"{name!r} is not the name of a header")
        elif name.lower() in _OURS:
            wrong.append(f"{name} is set by warroom itself")
        elif isinstance(content, str) and name.lower() in _SECRET_HEADERS:
            wrong.append(f'{name} is a secret; write {name} = {{ env = "NAME" }}')
        elif isinstance(content, str) and not is_header_value(content):
            wrong.append(f"{name} is to be of plain ASCII, with no blank at its ends")
    if wrong:
        raise ValueError("; ".join(wrong))
    return headers


def _mail_address(value: str) -> str:
    if not _ADDRESS.match(value):
        raise ValueError('not a mail address, such as "oncall@example.com"')
    return value


MailAddress = Annotated[str, AfterValidator(_mail_address), Field(max_length=254)]


class ReceiverSettings(Settings):
    """The options of every kind of receiver."""

    kind: str = Field(description="slack, http, mail or pager")
    title: str = Field("", max_length=40, description="its name on the screen, if not the key's")
    public: StrictBool = Field(False, description="whether people outside the team read it")
    purposes: tuple[Purpose, ...] | None = Field(
        None, description="which messages it takes; by its kind if not given"
    )
    levels: tuple[Level, ...] = Field((), description="steps of the scale it is for; all if none")
    sources: tuple[str, ...] = Field(
        (),
        max_length=60,
        description="for incidents in which one of these is not well",
    )
    deadline: Duration = Field(20.0, ge=1, le=120, description="how long one attempt may take")

    @property
    def where(self) -> str:
        """Where it goes, in words and without any secret."""
        raise NotImplementedError


class _TlsSettings(ReceiverSettings):
    ca_file: FilePath | None = Field(
        None, min_length=1, description="PEM file of the authorities to trust, and no others"
    )


class SlackSettings(_TlsSettings):
    """A chat's incoming webhook in Slack's form; Mattermost, Rocket.Chat and Zulip take it too.
    https://api.slack.com/messaging/webhooks"""

    kind: Literal["slack"]
    url: SecretField = Field(description="where the webhook's address is found: it is a secret")

    @property
    def where(self) -> str:
        return "chat webhook"


class HttpSettings(_TlsSettings):
    """Any web address: a status page's API."""

    kind: Literal["http"]
    url: Annotated[str, AfterValidator(web_address)] = Field(description="the address")
    method: Literal["POST", "PUT", "PATCH"] = Field("POST", description="how it is asked")
    headers: dict[str, str | SecretRef] = Field(
        {}, max_length=20, description='headers to send; a secret one as { env = "NAME" }'
    )
    bearer: SecretField | None = Field(None, description="bearer token (RFC 6750)")
    body: str | None = Field(
        None, max_length=16_000, description="Jinja template of the body; JSON of all fields if not"
    )
    content_type: str = Field(
        "application/json",
        max_length=100,
        pattern=r"^[!-~]([ -~]*[!-~])?$",
        description="its type",
    )
    expect: tuple[Annotated[int, Field(ge=100, le=599)], ...] = Field(
        (), max_length=20, description="statuses that say it was taken; 200 to 299 if none"
    )

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: dict[str, str | SecretRef]) -> dict[str, str | SecretRef]:
        return sound_headers(value)

    @model_validator(mode="after")
    def _once(self) -> "HttpSettings":
        if self.bearer is not None and "authorization" in map(str.lower, self.headers):
            raise ValueError("bearer is the header Authorization; leave one of them out")
        return self

    @property
    def where(self) -> str:
        return f"{self.method} {urlsplit(self.url).netloc}"


class MailSettings(_TlsSettings):
    """Mail by SMTP (RFC 5321)."""

    kind: Literal["mail"]
    host: str = Field(min_length=1, max_length=253, pattern=r"^[^\s/:@]+$", description="server")
    port: int | None = Field(
        None, ge=1, le=65_535, description="587 with starttls, 465 with tls, 25 with none"
    )
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description="how it is encrypted")
    username: str | None = Field(None, min_length=1, description="who signs in")
    password: SecretField | None = Field(None, description="where the password is to be found")
    sender: MailAddress = Field(description="the address it is from")
    to: tuple[MailAddress, ...] = Field(min_length=1, max_length=50, description="to whom")
    reply_to: MailAddress | None = Field(None, description="where answers go")

    @model_validator(mode="after")
    def _together(self) -> "MailSettings":
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        inside = self.host in ("localhost", "127.0.0.1", "::1")
        if self.password is not None and self.tls == "none" and not inside:
            raise ValueError('a password would go in clear; write tls = "starttls"')
        return self

    @property
    def reached_at(self) -> int:
        """The port."""
        return self.port if self.port is not None else PORTS[self.tls]

    @property
    def where(self) -> str:
        more = f" and {len(self.to) - 1} more" if len(self.to) > 1 else ""
        return f"mail to {self.to[0]}{more}"


class PagerSettings(_TlsSettings):
    """Events in PagerDuty's form, version 2: one alert an incident, by its dedup key.
    https://developer.pagerduty.com/docs/events-api-v2-overview"""

    kind: Literal["pager"]
    url: Annotated[str, AfterValidator(web_address)] = Field(EVENTS, description="the address")
    key: SecretField = Field(description="where the routing key is to be found")
    severity: dict[Level, Literal["critical", "error", "warning", "info"]] = Field(
        {}, description="step of the scale to the pager's severity; by its place if not given"
    )

    @property
    def where(self) -> str:
        return f"pager at {urlsplit(self.url).netloc}"


KINDS: dict[str, type[ReceiverSettings]] = {
    "slack": SlackSettings,
    "http": HttpSettings,
    "mail": MailSettings,
    "pager": PagerSettings,
}
PURPOSES: dict[str, tuple[Purpose, ...]] = {
    "slack": ("first", "update", "resolution"),
    "http": ("status",),
    "mail": ("first", "update", "resolution"),
    "pager": ("first", "acknowledge", "resolution"),
}
"""Which messages a receiver takes where the file does not say."""


class MessageSettings(Settings):
    """How messages are drafted and looked through."""

    templates: FilePath | None = Field(
        None, min_length=1, description="folder of the team's own templates, NAME.j2"
    )
    internal: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(
        (), max_length=100, description='hosts that no public text may name: "*.corp.example"'
    )
    public_hosts: tuple[Annotated[str, Field(min_length=1, max_length=253)], ...] = Field(
        (), max_length=100, description="hosts that public texts may name, though they are watched"
    )
    people: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = Field(
        (), max_length=200, description="names that no public text may hold, besides those known"
    )
