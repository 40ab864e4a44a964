"""What ``[sources.NAME]`` with ``kind = "statuspage"`` may hold."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from warroom.config.problems import nearest
from warroom.config.types import Duration, HoldTime, written_duration
from warroom.connect.web import WebSettings, base_address
from warroom.measure.rule import Hold
from warroom.sources.down import NO_RULE
from warroom.sources.statuspage.vendors import OTHERS, PAGES
from warroom.text import safe

INTERVAL = 60.0
"""Seconds: people write these pages, and their servers are not ours to load."""
SHORTEST = 15.0
"""Seconds between two looks at a vendor's page."""
API = "/api/v2"

Name = Annotated[str, Field(min_length=1, max_length=200)]


class StatuspageSettings(WebSettings):
    """A vendor's page, what of it matters, and which step of the scale its words mean."""

    interval: Duration = Field(
        INTERVAL, ge=1.0, description="from the start of one poll to the next; 15s for a vendor"
    )
    vendor: str | None = Field(None, description="a vendor whose page is known: vercel, github")
    url: str | None = Field(
        None, description="the address of a page with Statuspage's API, up to and without /api/v2"
    )
    components: tuple[Name, ...] = Field(
        (), max_length=100, description="components that matter; without any, the page as a whole"
    )
    critical: str | None = Field(
        None, description='step of the scale a critical (major) outage means, or "none"'
    )
    major: str | None = Field(
        None, description='step of the scale a major (partial) outage means, or "none"'
    )
    minor: str | None = Field(
        None, description='step of the scale that minor trouble means; "none" if not given'
    )
    raise_after: HoldTime = Field(
        Hold(polls=1), description="polls in a row, or a duration, before the level is taken"
    )
    clear_after: HoldTime = Field(
        Hold(polls=2), description="polls in a row, or a duration, before it is let go"
    )

    @property
    def page(self) -> str:
        """The page's address, without ``/api/v2``."""
        return self.url or PAGES[self.vendor or ""]

    def minds(self, impact: int) -> bool:
        """Whether an impact (1 to 3) means a step of the scale."""
        step = (self.minor or NO_RULE, self.major, self.critical)[impact - 1]
        return step != NO_RULE

    @field_validator("vendor")
    @classmethod
    def _vendor(cls, value: str | None) -> str | None:
        if value is None or value in PAGES:
            return value
        if value in OTHERS:
            raise ValueError(f"{value}'s status page has not Statuspage's API: {OTHERS[value]}")
        hint = nearest(value, PAGES, "vendors")
        raise ValueError(f"no vendor {safe(value, 40)} is known; {hint}; or give its page as url")

    @field_validator("url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return base_address(value, "https://status.example.com").partition(API)[0].rstrip("/")

    def clashes(self) -> list[str]:
        wrong = super().clashes()
        if (self.vendor is None) == (self.url is None):
            said = "one of them is needed" if self.url is None else "not both"
            wrong.append(f"vendor is for a page that is known, url for any other: {said}")
        if self.vendor is not None and self.interval < SHORTEST:
            least = written_duration(SHORTEST)
            wrong.append(f"a vendor's page is asked every {least} at most; interval is too short")
        steps = {"critical": self.critical, "major": self.major, "minor": self.minor or NO_RULE}
        wrong += [
            f'what is {worse} is {lesser}, too: with {worse} = "none" write {lesser} = "none"'
            for worse, lesser in pairwise(steps)
            if steps[worse] == NO_RULE != steps[lesser]
        ]
        return wrong
