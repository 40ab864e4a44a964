"""What ``[sources.NAME]`` with ``kind = "heartbeat"`` may hold."""

from typing import Annotated

from pydantic import AfterValidator, Field

from warroom.config.types import Duration, FilePath
from warroom.connect.values import figure_name
from warroom.sources.down import DownSettings

OWN = {"age": "s", "up": ""}
"""The figures that every heartbeat has, with their units; the first one is the trend."""


def _own_name(name: str) -> str:
    return figure_name(name, OWN, "heartbeat")


class HeartbeatSettings(DownSettings):
    """One file, and how old it may be."""

    path: FilePath = Field(min_length=1, description="the file that the job touches when done")
    late_after: Duration = Field(90_000.0, description="the age at which the job is late")
    figures: dict[Annotated[str, AfterValidator(_own_name)], str] = Field(
        {}, description='numbers of the file (a line "rows: 1203"): name to unit'
    )
