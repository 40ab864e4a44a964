"""What ``warroom init`` writes for the metrics addresses it was given.

Nothing is asked then. ``process_*`` are the names that the client libraries of Prometheus
agree on (its "Writing client libraries" page, "Process metrics"); what the application
itself counts has to be added by somebody who knows it.
"""

import re
from typing import Any, Protocol

from warroom.connect.found import name_of, request_of, unique

_GENERIC = re.compile(
    r"(metrics|prometheus|prom|actuator|internal|admin|api|v\d+|\d+|www|localhost)\Z"
)
_FIGURES: dict[str, dict[str, Any]] = {
    "cpu": {"rate": "process_cpu_seconds_total", "unit": "%"},
    "memory": {"gauge": "process_resident_memory_bytes", "unit": "B"},
    "open_files": {"gauge": "process_open_fds", "of": "process_max_fds", "unit": "%"},
}


class Found(Protocol):
    """The part of ``warroom.config.starter.Found`` that is read here."""

    @property
    def metrics(self) -> tuple[str, ...]: ...


def tables(found: Found) -> dict[str, dict[str, Any]]:
    """One ``[sources.NAME]`` for each address; a password in one becomes a reference."""
    written: dict[str, dict[str, Any]] = {}
    for url in dict.fromkeys(found.metrics):
        name = unique(_name(url), written)
        figures = {figure: dict(said) for figure, said in _FIGURES.items()}
        table = {"kind": "prometheus", "interval": "5s", **request_of(url, name)}
        written[name] = {**table, "figures": figures}
    return written


def _name(url: str) -> str:
    name = name_of(url, _GENERIC, "metrics")
    return name if name.startswith("metrics") else f"{name}-metrics"
