"""Source kinds to load configurations with: small, but through the same door as real ones."""

from typing import Literal

from pydantic import Field

from warroom.config.kinds import Kinds
from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings, SourceSettings
from warroom.config.starter import Found
from warroom.config.types import BodyAssertion, Duration, FilePath
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Rule
from warroom.severity import Scale


class Login(Settings):
    user: str
    password: SecretField


class GaugeSettings(SourceSettings):
    kind: Literal["gauge"]
    url: str
    note: str = ""
    mode: Literal["fast", "slow"] = "fast"
    headers: dict[str, str | SecretRef] = {}
    login: Login | None = None
    token: SecretField | None = None
    expect: tuple[BodyAssertion, ...] = ()
    window: Duration = Field(600.0, le=3600.0)
    ca_file: FilePath | None = None
    down: str | None = None


class Gauge:
    """A kind with two figures and a rule of its own."""

    Settings = GaugeSettings

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {f"{name}.depth": "jobs", f"{name}.latency": "ms"}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        assert isinstance(settings, GaugeSettings)
        if settings.down == "never":
            raise ValueError("down cannot be never")
        level = settings.down or scale.names[0]
        threshold = Threshold(">", 100.0)
        return (Rule(name=f"{name} deep", signal=f"{name}.depth", levels=((level, threshold),)),)

    @classmethod
    def starter(cls, found: Found) -> dict[str, dict[str, object]]:
        tables: dict[str, dict[str, object]] = {
            f"page{index}": {"kind": "gauge", "url": url} for index, url in enumerate(found.health)
        }
        if found.environ.get("REDIS_URL"):
            tables["cache"] = {"kind": "gauge", "url": "-", "token": {"env": "REDIS_URL"}}
        return tables


class Crooked(Gauge):
    """A plugin whose own code is wrong."""

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        raise RuntimeError("not finished")


KINDS: Kinds = {"gauge": Gauge, "gone": ImportError("No module named 'gone'")}
