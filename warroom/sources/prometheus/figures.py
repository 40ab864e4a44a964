"""What one figure under ``[sources.NAME.figures]`` may say."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from warroom.config.settings import Settings
from warroom.config.types import Duration
from warroom.connect.values import figure_name
from warroom.sources.prometheus.selector import LABEL, SelectorField

WAYS = ("rate", "ratio", "quantile", "gauge", "query")
"""How a figure may be taken; each one has exactly one."""
BUILT_IN_FIGURES = ("unanswered", "scrape_time")
"""What every ``prometheus`` source gives; figures of one's own must be called something else."""

_ONLY_WITH = {
    "of": ("ratio", "gauge"),
    "histogram": ("quantile",),
    "per": ("rate",),
    "aggregate": ("gauge",),
    "complement": ("ratio", "gauge"),
}
"""Which ways an option goes with."""
_BUCKET = "_bucket"


def _figure_name(value: str) -> str:
    return figure_name(value, BUILT_IN_FIGURES, "prometheus")


def _label(value: str) -> str:
    if not LABEL.fullmatch(value):
        raise ValueError("not the name of a label, such as path")
    return value


FigureName = Annotated[str, AfterValidator(_figure_name)]
LabelName = Annotated[str, AfterValidator(_label)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class MetricSettings(Settings):
    """One figure: exactly one of rate, ratio, quantile, gauge and query, and what goes with it."""

    rate: SelectorField | None = Field(None, description="a counter: how much it rises a second")
    ratio: SelectorField | None = Field(
        None, description="a counter: its share in another one, which of = names"
    )
    quantile: Number | None = Field(
        None, ge=0, le=1, description="0.95 of the observations of histogram = are below it"
    )
    gauge: SelectorField | None = Field(None, description="a value as it stands on the page")
    query: str | None = Field(
        None, min_length=1, max_length=1 << 16, description="PromQL, with server = only"
    )
    of: SelectorField | None = Field(
        None, description="what it is divided by: a counter for ratio, a gauge for gauge"
    )
    histogram: SelectorField | None = Field(
        None, description="the histogram of a quantile, without _bucket"
    )
    by: LabelName | None = Field(
        None, description="a label: one figure for each of its values, the worst one stands for all"
    )
    unit: str = Field("", max_length=12, description="ms, s, %, B, or a plural noun: req/s")
    per: Duration | None = Field(None, description="a rate is per second if not given")
    times: Number | None = Field(
        None,
        gt=0,
        description="factor; by default 100 for % but of a plain gauge, 1000 for a quantile in ms",
    )
    complement: bool = Field(False, strict=True, description="what is left: 100 % minus the share")
    absent: Number | None = Field(
        None, description="the figure where its own series are missing; not known if not given"
    )
    aggregate: Literal["sum", "max", "min", "avg"] = Field(
        "sum", description="what several series of a gauge come to"
    )
    worst: Literal["highest", "lowest"] = Field(
        "highest", description="which of the parts by a label stands for all"
    )

    @property
    def way(self) -> str:
        """Which of ``WAYS`` it is."""
        return next(way for way in WAYS if getattr(self, way) is not None)

    @property
    def factor(self) -> float:
        """What the plain value (a share, a rate a second, seconds) is multiplied by."""
        if self.times is not None:
            return self.times
        share = self.way in ("rate", "ratio") or (self.way == "gauge" and self.of is not None)
        if share and self.unit == "%":
            return 100.0
        return 1000.0 if self.way == "quantile" and self.unit == "ms" else 1.0

    @property
    def seconds(self) -> float:
        """The time a rate is given for."""
        return self.per if self.per is not None else 1.0

    @model_validator(mode="after")
    def _together(self) -> "MetricSettings":
        given = [way for way in WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            said = f"{' and '.join(given)} stand together" if given else "none is given"
            raise ValueError(f"exactly one of {', '.join(WAYS)} is needed; {said}")
        wrong = self._missing() + self._out_of_place() + self._misread()
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _missing(self) -> list[str]:
        if self.ratio is not None and self.of is None:
            return ['ratio needs of = "…", the counter it is a share of']
        if self.quantile is not None and self.histogram is None:
            return ['quantile needs histogram = "…", its name without _bucket']
        return []

    def _out_of_place(self) -> list[str]:
        way = self.way
        wrong = [
            f"{option} goes with {' and '.join(ways)}, not with {way}"
            for option, ways in _ONLY_WITH.items()
            if option in self.model_fields_set and way not in ways
        ]
        if self.gauge is not None and self.of is None and self.complement:
            wrong.append("complement needs of: 100 % of what?")
        if self.gauge is not None and self.of is not None and self.aggregate != "sum":
            wrong.append("a gauge with of is of sums; by with worst finds the worst share")
        if self.by is None and "worst" in self.model_fields_set:
            wrong.append("worst needs by: the worst of which?")
        return wrong

    def _misread(self) -> list[str]:
        wrong = []
        if self.histogram is not None:
            if self.histogram.name.endswith(_BUCKET):
                short = self.histogram.name.removesuffix(_BUCKET)
                wrong.append(f"histogram is written without _bucket: {short}")
            if self.by == "le" or any(m.label == "le" for m in self.histogram.matchers):
                wrong.append("le is the histogram's own label; a quantile needs all its buckets")
        return wrong
