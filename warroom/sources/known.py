"""The figures of one poll as signals: all that are declared, those not known as not known."""

from collections.abc import Mapping

from warroom.measure.snapshot import Signal

Known = Mapping[str, float | None]
"""Figures by name, without the source's in front."""


def as_signals(
    declared: Mapping[str, str], known: Known, of: Mapping[str, str] | None = None
) -> tuple[Signal, ...]:
    """One signal for each that is declared (its whole name to its unit). ``of`` says of figures
    that are the worst of several which one it is."""
    which = of or {}
    named = ((full, full.partition(".")[2], unit) for full, unit in declared.items())
    return tuple(
        Signal(full, known.get(name), unit, which.get(name, "")) for full, name, unit in named
    )
