"""What ``[sources.NAME]`` with ``kind = "prometheus"`` may hold."""

from pydantic import Field, field_validator

from warroom.config.types import Duration, written_duration
from warroom.connect.values import Size, too_many_figures
from warroom.connect.web import WebSettings, base_address, web_address
from warroom.sources.prometheus.figures import FigureName, MetricSettings

WINDOW = 60.0
MOST_SERIES = 100_000


class PrometheusSettings(WebSettings):
    """A metrics page (``url``) or a Prometheus server (``server``), and the figures of it."""

    url: str | None = Field(
        None, description="the address of a metrics page; no user or password in it"
    )
    server: str | None = Field(
        None, description="the address of a Prometheus server, up to and without /api/v1"
    )
    figures: dict[FigureName, MetricSettings] = Field(
        min_length=1, description="signals, by name; the first one is the trend"
    )
    window: Duration = Field(
        WINDOW,
        description="how far rates, ratios and quantiles look back; at least 2 intervals, "
        "and an interval with a timeout",
    )
    max_bytes: Size = Field(
        64 << 20, ge=1, le=256 << 20, description='decoded bytes of a page that are read: "64MiB"'
    )
    max_series: int = Field(
        MOST_SERIES, strict=True, ge=1, le=MOST_SERIES, description="series of a page that are kept"
    )

    @property
    def reach(self) -> float:
        """Seconds that rates look back: far enough, also when nobody said how far."""
        return self.window if "window" in self.model_fields_set else max(WINDOW, self._least[0])

    @property
    def _least(self) -> tuple[float, str]:
        """Seconds that two scrapes may lie apart in good order, and what they are: one may
        come at once, and the next at the very end of its time."""
        two, late = 2 * self.interval, self.interval + self.deadline
        return (two, "two intervals") if two >= late else (late, "an interval and a timeout")

    @field_validator("url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        return value and web_address(value, "http://app.example:8000/metrics")

    @field_validator("server")
    @classmethod
    def _server(cls, value: str | None) -> str | None:
        if value is None:
            return None
        example = "http://prometheus.example:9090"
        base = base_address(value, example)
        if "/api/v1" in base:
            raise ValueError(f'it ends before /api/v1; write it as "{example}"')
        return base

    def clashes(self) -> list[str]:
        wrong = super().clashes() + too_many_figures(len(self.figures))
        if (self.url is None) == (self.server is None):
            said = "one of them is needed" if self.url is None else "not both"
            wrong.append(f"url is for a metrics page, server for a Prometheus server: {said}")
            return wrong
        asked = self.server is not None
        for name, figure in self.figures.items():
            if (figure.way == "query") != asked:
                fits = "query" if asked else "rate, ratio, quantile or gauge"
                with_ = "server" if asked else "url"
                wrong.append(f"figures.{name}: {figure.way} does not go with {with_}; use {fits}")
        if "window" in self.model_fields_set:
            wrong += self._window_clashes()
        return wrong

    def _window_clashes(self) -> list[str]:
        if self.server is not None:
            return ["window has no effect on queries, which say themselves how far they look back"]
        least, what = self._least
        if self.window < least:
            return [f"window is at least {written_duration(least)}: {what}"]
        return []
