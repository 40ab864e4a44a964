"""The app's errors, reported to its error tracker beside its work, as an SDK does.

What cannot be reported at once is dropped: the tracker, or a flood of errors, must never hold up
a customer.
"""

import asyncio
import logging
import time
import traceback
from pathlib import Path

import httpx
import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from warroom.demo.error_report import MOST, PATH, ErrorReport, Frame
from warroom.demo.settings import Settings

HELD = 500
"""Reports that wait to be sent at most."""
FRAMES = 30
PATIENCE_S = 2.0
LONGEST = 500
"""Characters of what an error says that are reported."""
OWN = Path(__file__).parents[1]

log = logging.getLogger(__name__)


class Reports:
    """The queue of reports, and who sends them."""

    def __init__(self, settings: Settings) -> None:
        self._release = settings.version
        self._client = httpx.AsyncClient(
            base_url=settings.tracker,
            headers={"Authorization": f"Bearer {settings.tracker_key}"},
            timeout=PATIENCE_S,
            trust_env=False,
        )
        self._waiting: asyncio.Queue[ErrorReport] = asyncio.Queue(HELD)
        self._sender: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to send."""
        self._sender = asyncio.create_task(self._send(), name="error-reports")

    def take(self, error: BaseException) -> None:
        """Have the error reported; it takes no time, and the newest is dropped when too many
        wait."""
        if self._waiting.full():
            log.warning("an error is not reported, for %d wait: %r", HELD, error)
            return
        self._waiting.put_nowait(
            ErrorReport(
                type=type(error).__name__,
                # What is no Unicode (half a surrogate pair) cannot be sent as it is.
                value=str(error)[:LONGEST].encode(errors="backslashreplace").decode(),
                at=time.time(),
                release=self._release,
                frames=_frames(error),
            )
        )

    async def close(self) -> None:
        """Stop sending; what waits is lost."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.wait({self._sender})
        await self._client.aclose()

    async def _send(self) -> None:
        while True:
            found = [await self._waiting.get()]
            while len(found) < MOST and not self._waiting.empty():
                found.append(self._waiting.get_nowait())
            try:
                answer = await self._client.post(PATH, content=msgspec.json.encode(found))
                answer.raise_for_status()
            except httpx.HTTPError as error:
                log.warning("%d errors could not be reported: %r", len(found), error)


class Reported:
    """ASGI middleware that reports what the app did not expect, and lets it pass."""

    def __init__(self, app: ASGIApp, reports: Reports) -> None:
        self._app = app
        self._reports = reports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            self._reports.take(error)
            raise


def _frames(error: BaseException) -> tuple[Frame, ...]:
    found = [
        _frame(Path(frame.f_code.co_filename), frame.f_code.co_name, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return tuple(found[-FRAMES:])


def _frame(path: Path, function: str, line: int) -> Frame:
    if path.is_relative_to(OWN):
        return Frame(str(path.relative_to(OWN)), function, line)
    return Frame("/".join(path.parts[-2:]), function, line, in_app=False)
