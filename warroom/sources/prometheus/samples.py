"""Lines to samples, by the parsers of ``prometheus_client``.

Formats: Prometheus' "Exposition formats" page (text 0.0.4) and OpenMetrics 1.0. The text
parser is given samples alone, without their ``# TYPE``: it would rename counters that do
not end in ``_total``, and cares for the order of lines more than Prometheus does.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from warroom.connect.body import BodyError
from warroom.connect.wording import outside
from warroom.errors import ProbeError

if TYPE_CHECKING:
    from prometheus_client.samples import Sample

TEXT, OPENMETRICS = "text", "openmetrics"
_QUOTED_OR_EXEMPLAR = re.compile(r'"(?:[^"\\]|\\.)*+"?| # \{', re.DOTALL)
_CUT_OFF = "Missing # EOF"


class GivenUpError(Exception):
    """Nobody waits for the page any more."""


Lines = Iterable[tuple[int, bytes]]
Typed = Callable[[str, str], None]
"""Told of each family that has a type, and which."""


class Reader:
    """Reads one page's wanted lines; ``number`` is the line it is at."""

    def __init__(self, lines: Lines, given_up: Callable[[], bool], typed: Typed) -> None:
        self.number = 0
        self._lines = lines
        self._given_up = given_up
        self._typed = typed

    def samples(self, form: str) -> Iterator["Sample"]:
        """All samples. Raises ProbeError naming the line, GivenUpError, and BodyError as is."""
        parse = self._openmetrics if form == OPENMETRICS else self._text
        try:
            yield from parse()
        except (ProbeError, BodyError, GivenUpError):
            raise
        except Exception as error:  # a hostile page finds each hole of a parser
            if str(error).startswith(_CUT_OFF):
                words = "the page is cut off: # EOF is missing"
                raise ProbeError("body", words, "was it written whole?") from error
            why = f": {outside(str(error))}" if str(error) else ""
            words = f"line {self.number} cannot be read{why}"
            raise ProbeError("body", words, f"it is no {_NAMES[form]}") from error

    def _text(self) -> Iterator["Sample"]:
        # Here and below: the library takes 47 ms to import (measured), and not everybody scrapes.
        from prometheus_client.parser import text_fd_to_metric_families as text

        for family in text(self._samples_only()):  # type: ignore[arg-type]
            yield from family.samples

    def _openmetrics(self) -> Iterator["Sample"]:
        from prometheus_client.openmetrics.parser import text_fd_to_metric_families as openmetrics

        for family in openmetrics(self._decoded()):  # type: ignore[no-untyped-call]
            self._typed(family.name, family.type)
            yield from family.samples

    def _samples_only(self) -> Iterator[str]:
        for line in self._decoded():
            if line.lstrip().startswith("#"):
                self._note_type(line.split(None, 3))
            else:
                yield _without_exemplar(line)

    def _note_type(self, words: list[str]) -> None:
        if len(words) > 1 and words[1] == "TYPE":
            if len(words) < 4:
                raise ValueError("# TYPE without a type")
            self._typed(words[2].strip('"'), words[3].strip())

    def _decoded(self) -> Iterator[str]:
        for number, line in self._lines:
            self.number = number
            if self._given_up():
                raise GivenUpError
            try:
                yield line.decode()
            except UnicodeDecodeError:
                raise ValueError("it is not UTF-8") from None


_NAMES = {TEXT: "text format of Prometheus (0.0.4)", OPENMETRICS: "OpenMetrics"}


def _without_exemplar(line: str) -> str:
    """Some libraries put exemplars into the text format, where they are none. What is in
    quotes is stepped over: one walk along the line, however it is made."""
    for found in _QUOTED_OR_EXEMPLAR.finditer(line):
        if not found[0].startswith('"'):
            return line[: found.start()]
    return line
