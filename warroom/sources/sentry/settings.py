"""What ``[sources.NAME]`` with ``kind = "sentry"`` may hold."""

from pydantic import Field, field_validator

from warroom.config.secrets import SecretField
from warroom.config.types import Duration
from warroom.connect.web import WebSettings, base_address

_SLUG = r"^[A-Za-z0-9_-]{1,100}$"


class SentrySettings(WebSettings):
    """Which project of which tracker, and what counts as new."""

    url: str = Field(
        "https://sentry.io", description="the tracker's address, up to and without /api/0"
    )
    organization: str = Field(pattern=_SLUG, description="its slug, as in the tracker's addresses")
    project: str = Field(pattern=_SLUG, description="its slug")
    environment: str = Field(
        "", max_length=64, description="only events of this environment; of all if not given"
    )
    bearer: SecretField = Field(
        description="an auth token with event:read and project:read, by reference"
    )
    interval: Duration = Field(30.0, ge=1.0, description="from the start of one poll to the next")
    new_within: Duration = Field(
        3600.0,
        le=90 * 86400.0,
        description="an issue is new for so long after it was first seen; at most 90d",
    )
    most: int = Field(25, strict=True, ge=1, le=100, description="issues that are listed")

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        return base_address(value, "https://sentry.example.com").partition("/api/0")[0].rstrip("/")
