"""One whole metrics page, as far as it is wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from warroom.errors import ProbeError
from warroom.sources.prometheus.operand import Key, Labels, Operand, Targets
from warroom.sources.prometheus.past import MOST_TARGETS, TARGETS, Taken, origins
from warroom.sources.prometheus.samples import OPENMETRICS, GivenUpError, Reader
from warroom.sources.prometheus.sieve import Sieve, Wanted, families

STALE = 300.0
"""Seconds after which a sample with a timestamp of its own is stale, as in Prometheus."""
_TEXT_SUFFIXES = {
    "histogram": ("_bucket", "_count", "_sum"),
    "summary": ("", "_count", "_sum"),
}
_OPENMETRICS_SUFFIXES = {
    "counter": ("_total", "_created"),
    "histogram": ("_bucket", "_count", "_sum", "_created"),
    "gaugehistogram": ("_bucket", "_gcount", "_gsum"),
    "summary": ("", "_count", "_sum", "_created"),
    "info": ("_info",),
}
"""What the series of a family may be called; of other types just as the family."""

Members = dict[Operand, dict[Key, list[float]]]
"""The values of the series that count towards each operand."""


@dataclass
class Page:
    """``lines`` and ``size`` (bytes) are the whole page's, all else is of what is wanted.

    ``names`` are those on the page: with fresh series, or declared by ``# TYPE``. ``stale``
    are those whose samples all are too old; ``old`` counts such samples by operand.
    ``lacking`` are the labels some operand needs and none of a name's fresh series has, by
    name. ``relayed`` are series with timestamps of their own, ``origins`` where series are
    from (``past.Taken``). ``doubled`` are names with a series twice (the first one counts,
    as in Prometheus). ``types`` are by family.
    """

    form: str
    lines: int = 0
    size: int = 0
    series: dict[str, dict[Labels, float]] = field(default_factory=dict)
    grouped: dict[str, dict[Labels, Targets]] = field(default_factory=dict)
    members: Members = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    old: dict[Operand, int] = field(default_factory=dict)
    lacking: dict[str, set[str]] = field(default_factory=dict)
    relayed: dict[str, set[Labels]] = field(default_factory=dict)
    origins: set[int] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    types: dict[str, str] = field(default_factory=dict)
    alike: dict[Targets, Targets] = field(default_factory=dict)
    """One of each kind, for the many series that count towards the same."""

    @property
    def kept(self) -> int:
        """How many series there are that count towards something."""
        return sum(map(len, self.series.values()))


def read_page(
    pieces: Iterable[bytes],
    form: str,
    operands: Iterable[Operand],
    *,
    oldest: float,
    most: int,
    given_up: Callable[[], bool],
) -> Page:
    """A whole page, or ProbeError; GivenUpError soon after ``given_up`` says so.

    Samples with a timestamp before ``oldest`` (seconds since 1970) are stale. More than
    ``most`` series that count are too many.
    """
    by_name: dict[str, list[Operand]] = {}
    page = Page(form)
    for operand in operands:
        by_name.setdefault(operand.name, []).append(operand)
        page.members[operand] = {}
    sieve = Sieve(Wanted.of(by_name, whole_families=form == OPENMETRICS))
    lines = sieve.lines_of(_while_wanted(pieces, given_up))
    reader = Reader(lines, given_up, page.types.__setitem__)
    kept = 0
    for name, labels, value, timestamp, *_ in reader.samples(form):
        meant = by_name.get(name)
        if meant is None or value is None:
            continue
        try:
            told = labels or {}
            if timestamp is not None and float(timestamp) < oldest:
                _note_old(page, name, told, meant)
            elif _keep(page, name, told, float(value), meant):
                kept += 1
                if timestamp is not None:
                    page.relayed.setdefault(name, set()).add(_written(told))
        except (ValueError, OverflowError) as error:
            raise ProbeError("body", f"line {reader.number} cannot be used: {error}") from error
        if kept > most:
            raise _too_many(most, reader.number)
    page.stale -= page.names
    page.names |= _declared(page, by_name) - page.stale
    page.lines, page.size = sieve.lines, sieve.size
    return page


def _too_many(most: int, line: int) -> ProbeError:
    words = f"over {most:,} series are wanted by line {line}"
    return ProbeError("answer", words, "narrow the selectors, or raise max_series")


def _while_wanted(pieces: Iterable[bytes], given_up: Callable[[], bool]) -> Iterator[bytes]:
    for piece in pieces:
        if given_up():
            raise GivenUpError
        yield piece


def _note_old(page: Page, name: str, labels: Mapping[str, str], meant: Iterable[Operand]) -> None:
    page.stale.add(name)
    for operand in meant:
        if operand.key(labels) is not None:
            page.old[operand] = page.old.get(operand, 0) + 1


def _note_fresh(page: Page, name: str, labels: Mapping[str, str], meant: Iterable[Operand]) -> None:
    page.names.add(name)
    lacking = page.lacking.get(name)
    if lacking is None:
        lacking = page.lacking[name] = set().union(*(operand.needs for operand in meant))
    if lacking:
        lacking.difference_update([label for label, value in labels.items() if value])
    if not TARGETS.isdisjoint(labels) and len(page.origins) < MOST_TARGETS:
        page.origins.update(origins(labels.items()))


def _written(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted(pair for pair in labels.items() if pair[1]))


def _keep(
    page: Page, name: str, labels: Mapping[str, str], value: float, meant: Iterable[Operand]
) -> bool:
    """Take one series in; whether it counts towards anything. Raises ValueError."""
    _note_fresh(page, name, labels, meant)
    keys = ((operand, operand.key(labels)) for operand in meant)
    targets = tuple((operand, key) for operand, key in keys if key is not None)
    if not targets:
        return False
    # 100,000 of them would keep the collector of garbage busy, and with it the loop.
    targets = page.alike.setdefault(targets, targets)
    series = page.series.setdefault(name, {})
    told = _written(labels)
    if told in series:
        page.doubled.add(name)
        return False
    series[told] = value
    page.grouped.setdefault(name, {})[told] = targets
    for operand, key in targets:
        page.members[operand].setdefault(key, []).append(value)
    return True


def _declared(page: Page, names: Iterable[str]) -> set[str]:
    """The names that a family declared on the page would have, did it have any series."""
    suffixes = _OPENMETRICS_SUFFIXES if page.form == OPENMETRICS else _TEXT_SUFFIXES
    return {
        name
        for name in names
        for family in families(name)
        if family in page.types
        and name.removeprefix(family) in suffixes.get(page.types[family], ("",))
    }


def counted(page: Page, from_zero: frozenset[str]) -> Taken:
    """What the page has of counters and buckets. ``from_zero`` are names whose absence means
    zero: without any series they are there too, unless nothing that is wanted is there, for
    then it is the page of another."""
    operands = [operand for operand in page.members if operand.kind != "gauge"]
    names = {operand.name for operand in operands}
    absent = from_zero - page.stale if page.names else frozenset()
    return Taken(
        series={name: series for name, series in page.series.items() if name in names},
        grouped=page.grouped,
        names=(page.names & names) | absent,
        relayed=page.relayed,
        origins=page.origins,
        keys={operand: page.members[operand].keys() for operand in operands},
    )
