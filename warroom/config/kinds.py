"""What a source kind must offer to have its ``[sources.NAME]`` validated."""

from collections.abc import Mapping
from typing import Protocol

from warroom.config.settings import SourceSettings
from warroom.measure.rule import Rule
from warroom.severity import Scale


class Kind(Protocol):
    """A source's class, as far as the configuration knows it (``warroom.sources.base``)."""

    @property
    def Settings(self) -> type[SourceSettings]:  # noqa: N802 - the name strangers write
        """The options of ``[sources.NAME]``."""
        ...

    def signals(self, name: str, settings: SourceSettings, /) -> dict[str, str]:
        """Every signal of the source ``name`` (its name in front), with its unit."""
        ...

    def rules(self, name: str, settings: SourceSettings, scale: Scale, /) -> tuple[Rule, ...]:
        """Rules nobody wrote down. A ValueError becomes a problem at that source."""
        ...


Kinds = Mapping[str, Kind | Exception]
"""By the name that ``kind =`` says; a broken plugin stands there as its error."""
