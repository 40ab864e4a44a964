"""What stands in for a source whose plugin cannot be used: it sees nothing, and says why."""

from typing import ClassVar

from warroom.config.settings import SourceSettings
from warroom.config.sources import broken
from warroom.errors import ProbeError
from warroom.sources.base import Sample, Source


class AbsentSource(Source):
    """Of a kind that is installed and broken."""

    Settings: ClassVar[type[SourceSettings]] = SourceSettings
    why: ClassVar[str]

    async def sample(self) -> Sample:
        """Raises ProbeError."""
        words = f"the source kind {self.kind} is installed but broken: {self.why}"
        raise ProbeError("set-up", words, "repair or remove the plugin, then: warroom reload")

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        return {}


def absent(kind: str, error: Exception) -> type[Source]:
    """The class to make such sources of."""
    return type("AbsentSource", (AbsentSource,), {"kind": kind, "why": broken(error)})
