"""The shop's worker: takes mail jobs from the queue and records what was sent."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warroom.demo.settings import Settings
from warroom.demo.shop.health import Health, status
from warroom.demo.shop.serve import serve
from warroom.demo.shop.store import Job, Store, UnavailableError

PAUSE_S = 0.25
"""Between tries while a store is away: well under the second it may take to come back."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Worker:
    """Works the queue, one job after the other; a job in hand is never let go."""

    def __init__(self, settings: Settings) -> None:
        self.store = Store(settings, pool_size=2)  # one for the job, one for its health
        self._health = Health(self.store)
        self._jobs_done = 0
        self._last_job: float | None = None

    async def work(self) -> None:
        """Work until cancelled."""
        await self._insist(self.store.take_back)
        while True:
            job = await self._insist(self.store.next_job)
            if job is not None:
                await self._send(job)

    async def health(self, request: Request) -> Response:
        checks = await self._health.checks()
        found = status(checks)
        age = None if self._last_job is None else round(time.monotonic() - self._last_job, 1)
        body = {
            "status": found,
            "jobs_done": self._jobs_done,
            "last_job_age_s": age,
            "checks": checks,
            "uptime_s": self._health.uptime(),
        }
        return JSONResponse(body, 503 if found == "down" else 200)

    async def _send(self, raw: str) -> None:
        job = msgspec.json.decode(raw, type=Job)
        await self._insist(lambda: self.store.record_mail(job))
        await self._insist(lambda: self.store.done(raw))
        self._jobs_done += 1
        self._last_job = time.monotonic()

    async def _insist(self, step: Callable[[], Awaitable[T]]) -> T:
        away = False
        while True:
            try:
                result = await step()
            except UnavailableError as error:
                if not away:
                    log.error("%s cannot be reached: trying on", error)
                away = True
                await asyncio.sleep(PAUSE_S)
            else:
                if away:
                    log.info("at work again")
                return result


def build(settings: Settings) -> Starlette:
    """The worker's health endpoint, with the worker running beside it."""
    worker = Worker(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await worker.store.open()
        work = asyncio.create_task(worker.work())
        work.add_done_callback(_end_with)
        yield
        work.cancel()
        await asyncio.wait({work})
        await worker.store.close()

    return Starlette(routes=[Route("/health", worker.health)], lifespan=lifespan)


def _end_with(work: asyncio.Task[None]) -> None:
    """A worker that cannot work must not go on answering that it is well."""
    if not work.cancelled():
        log.critical("the worker failed", exc_info=work.exception())
        signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    serve(build, lambda settings: settings.worker_port)
