"""What is sampled, and whether it is flat: pure."""

from dataclasses import dataclass

MINUTE = 60.0


@dataclass(frozen=True)
class Row:
    """One figure's samples: (seconds, value). ``tolerance`` is by how much it may have grown over
    the second half, by the line of least squares: so much, or this share of its mean. Of what
    ``comes_and_goes``, with every dialog, say, the line is laid through the least of each minute:
    what is left over never goes, and the rest is chance."""

    name: str
    unit: str
    samples: tuple[tuple[float, float], ...]
    tolerance: float
    share: float = 0.0
    comes_and_goes: bool = False

    @property
    def half(self):
        end = self.samples[-1][0]
        return [s for s in self.samples if s[0] >= end / 2]

    @property
    def growth(self):
        """Over the second half."""
        half = lows(self.half) if self.comes_and_goes else self.half
        return slope(half) * (half[-1][0] - half[0][0])

    @property
    def allowed(self):
        half = lows(self.half) if self.comes_and_goes else self.half
        return max(self.tolerance, self.share * sum(value for _, value in half) / len(half))

    @property
    def flat(self):
        return self.growth <= self.allowed


def lows(samples):
    """The least of each minute, where it was."""
    minutes = {}
    for at, value in samples:
        minutes.setdefault(at // MINUTE, []).append((value, at))
    return [(at, value) for value, at in map(min, minutes.values())]


def slope(samples):
    """Of the line of least squares, per second."""
    count = len(samples)
    middle = sum(at for at, _ in samples) / count
    mean = sum(value for _, value in samples) / count
    below = sum((at - middle) ** 2 for at, _ in samples)
    return sum((at - middle) * (value - mean) for at, value in samples) / below if below else 0.0


def table(rows):
    """Lines of Markdown."""
    lines = [
        "| figure | start | half way | end | most | grew in the second half | may | |",
        "| --- | --: | --: | --: | --: | --: | --: | --- |",
    ]
    for row in rows:
        values = [value for _, value in row.samples]
        cells = [values[0], row.half[0][1], values[-1], max(values), row.growth, row.allowed]
        shown = " | ".join(f"{value:,.1f}" for value in cells)
        unit = f", {row.unit}" if row.unit else ""
        lines.append(f"| {row.name}{unit} | {shown} | {'flat' if row.flat else '**GROWS**'} |")
    return lines
