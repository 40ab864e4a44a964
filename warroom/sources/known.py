"""The figures of one poll as signals: all that are declared, those not known as not known."""

from collections.abc import Mapping

from warroom.measure.snapshot import Signal

Figure = tuple[float | None, str]
"""A value, and which one it is of where it is the worst of several."""
NOT_KNOWN: Figure = (None, "")

Known = Mapping[str, float | Figure | None]
"""Figures by name, without the source's in front."""


def as_signals(declared: Mapping[str, str], known: Known) -> tuple[Signal, ...]:
    """One signal for each that is declared (its whole name to its unit)."""
    return tuple(
        _signal(name, known.get(name.partition(".")[2]), unit) for name, unit in declared.items()
    )


def _signal(name: str, figure: float | Figure | None, unit: str) -> Signal:
    value, of = figure if isinstance(figure, tuple) else (figure, "")
    return Signal(name, value, unit, of)
