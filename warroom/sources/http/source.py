"""One probed URL: UP, DOWN with the faults in words, maintenance, or CAN'T SEE.

An answer that is not as expected is DOWN, and so is a certificate that does not verify:
the target itself said so. No answer at all is CAN'T SEE: it may be the way that is broken.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec.structs import replace

from warroom.config.settings import SourceSettings
from warroom.connect.caller import Caller
from warroom.connect.certificate import CertificateError
from warroom.connect.http import Answer, Request
from warroom.connect.reply import Asking
from warroom.connect.retry import retry_after
from warroom.connect.unanswered import Unanswered
from warroom.errors import ProbeError
from warroom.measure.rule import Rule
from warroom.measure.snapshot import Certificate, HttpSeen, Phases, Signal, Window
from warroom.severity import Scale
from warroom.sources.base import Context, Sample, Source
from warroom.sources.down import down_rules
from warroom.sources.http import reading, starter
from warroom.sources.http.changes import Changes
from warroom.sources.http.meanings import MEANINGS
from warroom.sources.http.settings import HttpSettings
from warroom.sources.http.window import Poll, Recent
from warroom.sources.known import as_signals
from warroom.text import mask_url, safe


class HttpSource(Source):
    """Asks one URL at each poll, over one connection that is kept open."""

    kind = "http"
    Settings: ClassVar[type[SourceSettings]] = HttpSettings
    meanings: ClassVar[Mapping[str, str]] = MEANINGS

    def __init__(self, name: str, settings: SourceSettings, context: Context) -> None:
        super().__init__(name, settings, context)
        self._settings = _own(settings)
        self._caller = Caller(
            self._settings, context.clock, context.network, context.folder, context.mask
        )
        self._asking = Asking(
            max_bytes=self._settings.max_bytes,
            follow=self._settings.follow_redirects,
            fresh=self._settings.fresh,
        )
        self._recent = Recent(self._settings.window)
        self._declared = self.signals(name, settings)
        self._unanswered = Unanswered()
        self._changes = Changes()

    async def sample(self) -> Sample:
        """Ask once, within the source's deadline. Raises ProbeError for no answer."""
        settings = self._settings
        request = Request(settings.url, settings.method, body=settings.body.encode())
        try:
            answer = await self._caller.ask(request, self._asking)
        except CertificateError as error:
            return self._refused(error)
        return self._answered(answer)

    def after_failure(self, error: ProbeError) -> tuple[Signal, ...]:
        at = self.context.clock.monotonic()
        blamed = self._unanswered.failed(error)
        self._recent.add(Poll(at, answered=False, up=False if blamed else None))
        known = _window_figures(self._recent.window())
        if blamed:
            known["unanswered"] = float(self._unanswered.polls or 0)
        return as_signals(self._declared, known)

    async def close(self) -> None:
        await self._caller.close()

    @classmethod
    def signals(cls, name: str, settings: SourceSettings) -> dict[str, str]:
        own = _own(settings)
        units = {
            "latency": "ms",
            "latency_p50": "ms",
            "latency_p95": "ms",
            "availability": "%",
            "status": "",
            "up": "",
            "unanswered": "polls",
        }
        if own.url.startswith("https"):
            units["certificate_days"] = "days"
        units |= {figure: where.unit for figure, where in own.figures.items()}
        for figure, header in own.header_figures.items():
            units[figure] = "s" if header.lower() == "retry-after" else ""
        return {f"{name}.{figure}": unit for figure, unit in units.items()}

    @classmethod
    def rules(cls, name: str, settings: SourceSettings, scale: Scale) -> tuple[Rule, ...]:
        return down_rules(name, _own(settings), scale)

    @classmethod
    def starter(cls, found: starter.Found) -> dict[str, dict[str, Any]]:
        """The sources to write for what ``warroom init`` found: name to table."""
        return starter.tables(found)

    def _answered(self, answer: Answer) -> Sample:
        settings, now = self._settings, self.context.clock.now()
        found = reading.read(answer, settings)
        up = None if found.maintenance else not found.faults
        latency = None if answer.phases.total is None else answer.phases.total * 1000
        figures: dict[str, float | None] = {"latency": latency, "status": float(answer.status)}
        for figure, where in settings.figures.items():
            figures[figure] = reading.number_at(found.body, where.path)
        for figure, header in settings.header_figures.items():
            figures[figure] = reading.header_number(answer, header, now)
        window = self._count(latency, up, answer.status)
        seen = HttpSeen(
            url=answer.url,
            method=settings.method,
            status=answer.status,
            phases=answer.phases,
            window=window,
            faults=found.faults,
            maintenance=found.maintenance,
            size=answer.size,
            address=answer.address,
            version=reading.text_at(found.body, "version", "build"),
            environment=reading.text_at(found.body, settings.environment),
            certificate=answer.certificate,
        )
        seen = self._compared(seen)
        signals = self._seen_signals(figures, window, up, answer.certificate)
        return Sample(seen, signals, retry_after(answer, now))

    def _refused(self, error: CertificateError) -> Sample:
        window = self._count(None, False, None)
        seen = HttpSeen(
            url=safe(mask_url(self._settings.url)),
            method=self._settings.method,
            status=None,
            phases=Phases(),
            window=window,
            faults=(f"tls: {error}",),
            certificate=error.certificate,
        )
        seen = self._compared(seen)
        return Sample(seen, self._seen_signals({}, window, False, error.certificate))

    def _compared(self, seen: HttpSeen) -> HttpSeen:
        """With what is not as it was."""
        return replace(seen, changes=self._changes.look(seen, self.context.clock.now()))

    def _count(self, latency: float | None, up: bool | None, status: int | None) -> Window:
        self._unanswered.answered()
        at = self.context.clock.monotonic()
        self._recent.add(Poll(at, answered=True, latency=latency, up=up, status=status))
        return self._recent.window()

    def _seen_signals(
        self,
        figures: dict[str, float | None],
        window: Window,
        up: bool | None,
        certificate: Certificate | None,
    ) -> tuple[Signal, ...]:
        known = figures | _window_figures(window)
        known |= {
            "up": None if up is None else float(up),
            "unanswered": float(self._unanswered.polls or 0),
        }
        if certificate is not None:
            left = certificate.expires - self.context.clock.now()
            known["certificate_days"] = left.total_seconds() / 86400
        return as_signals(self._declared, known)


def _window_figures(window: Window) -> dict[str, float | None]:
    return {
        "latency_p50": window.p50,
        "latency_p95": window.p95,
        "availability": window.availability,
    }


def _own(settings: SourceSettings) -> HttpSettings:
    if not isinstance(settings, HttpSettings):
        raise TypeError(f"an http source needs HttpSettings, not {type(settings).__name__}")
    return settings
