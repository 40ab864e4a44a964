"""What ``[sources.NAME]`` with ``kind = "http"`` may hold."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from warroom.config.settings import Settings
from warroom.config.types import BodyAssertion, Duration
from warroom.connect.values import HeaderName, Size, too_many_figures
from warroom.connect.web import WebSettings, web_address
from warroom.sources.down import DownSettings
from warroom.sources.http.values import SUCCESS, FigureName, Statuses


class FigureSettings(Settings):
    """A number in the JSON body that becomes a signal."""

    path: str = Field(min_length=1, description="names joined by dots; a number picks from a list")
    unit: str = Field("", max_length=12, description="ms, s, %, B, or a plural noun: jobs")


def _figure(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


Figure = Annotated[FigureSettings, BeforeValidator(_figure)]


class HttpSettings(DownSettings, WebSettings):
    """One probed URL: how to ask, what to expect, which figures to take from the answer."""

    url: str = Field(description="http:// or https://; no user or password in it")
    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = Field(
        "GET", description="the request's method; only GET and HEAD are ever sent twice"
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
    max_bytes: Size = Field(
        1 << 20, ge=1, le=8 << 20, description='decoded bytes of an answer that are read: "1MiB"'
    )
    window: Duration = Field(600.0, description="how far p50, p95 and availability look back")
    fresh: bool = Field(False, description="a new connection for every poll: DNS and TLS each time")

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        return web_address(value, "https://www.example.com/health")

    def clashes(self) -> list[str]:
        wrong = super().clashes()
        wrong += too_many_figures(len(self.figures) + len(self.header_figures))
        if self.method == "HEAD" and (self.expect or self.figures or self.maintenance):
            wrong.append("an answer to HEAD has no body to look into; use GET")
        return wrong
