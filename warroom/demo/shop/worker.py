"""The shop's worker: takes mail jobs from the queue and records what was sent."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warroom.demo.settings import Settings
from warroom.demo.shop.health import Health, Probe, status
from warroom.demo.shop.jobs import Jobs, Tally, tally
from warroom.demo.shop.mail import Mailer, MailError
from warroom.demo.shop.serve import serve
from warroom.demo.shop.store import SQL, Job, Store, UnavailableError

BEAT_S = 1.0
PAUSE_S = 0.25
"""Between tries while a store is away: well under the second it may take to come back."""

ORDER_LOOKS = 200
ORDER_PAUSE_S = 0.05
"""Ten seconds in all: a few statements, each of which the shop's database client lets take
two, when the database is slow."""

UNKNOWN = dict.fromkeys(Tally.__struct_fields__)
"""The queue, while Redis does not say."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Worker:
    """Works the queue, one job after the other; a job in hand is never lost.

    `number` tells it from the other workers: from 1 to as many as there may be.
    """

    def __init__(self, settings: Settings, number: int) -> None:
        # One connection for the job, one for its health.
        self.store = Store(settings, "shop-worker", pool_size=2)
        self._jobs = Jobs(self.store, number)
        self._health = Health(self.store)
        self._tally = Probe(lambda: tally(self.store, len(settings.worker_ports)))
        self._registry = CollectorRegistry()
        self.mailer = Mailer(settings, self._registry)
        self._mail_wanted = (SQL / "mail_wanted.sql").read_text()
        self._mail_trouble: str | None = None
        self._jobs_done = 0
        self._last_job: float | None = None

    async def work(self) -> None:
        """Work until cancelled."""
        await self._insist(self._jobs.take_back)
        while True:
            job = await self._insist(self._next_job)
            if job is not None:
                await self._send(job)

    async def beat(self) -> None:
        """Tell the others that this worker is there, until cancelled."""
        while True:
            with suppress(UnavailableError):  # the work says that Redis is away
                await self._jobs.beat()
            await asyncio.sleep(BEAT_S)

    async def leave(self) -> None:
        """End: the job in hand is the next worker's, unless Redis is away."""
        try:
            await self._jobs.leave()
        except UnavailableError as error:
            log.error("what was in hand stays there: %s", error)
        self.mailer.close()
        await self.store.close()

    async def health(self, request: Request) -> Response:
        checks = await self._health.checks()
        checks["mail"] = self._mail_trouble or "ok"
        found = status(checks)
        if found == "ok" and self._mail_trouble:
            found = "degraded"
        age = None if self._last_job is None else round(time.monotonic() - self._last_job, 1)
        body = {
            "status": found,
            "jobs_done": self._jobs_done,
            "last_job_age_s": age,
            "queue": await self._tally.answer() or UNKNOWN,
            "checks": checks,
            "uptime_s": self._health.uptime(),
        }
        encoded = msgspec.json.encode(body)
        code = 503 if found == "down" else 200
        return Response(encoded, code, media_type="application/json")

    async def metrics(self, request: Request) -> Response:
        return Response(generate_latest(self._registry), media_type="text/plain; version=0.0.4")

    async def _next_job(self) -> str | None:
        """A job whose move into our hand was done but never answered is taken back."""
        try:
            return await self._jobs.next()
        except UnavailableError:
            await self._insist(self._jobs.take_back)
            raise

    async def _send(self, raw: str) -> None:
        """Send and record a job's mail.

        A job that comes a second time, after a crash, sends no second mail, unless the
        crash came between the two: better twice than never.
        """
        job = msgspec.json.decode(raw, type=Job)
        wanted = await self._wanted(job)
        sent = wanted and await self._insist(lambda: self._mail(job))
        if sent:
            await self._insist(lambda: self.store.record_mail(job))
        await self._insist(lambda: self._jobs.done(raw, failed=wanted and not sent))
        self._jobs_done += 1
        self._last_job = time.monotonic()

    async def _wanted(self, job: Job) -> bool:
        """Whether the order is there, and its mail not sent yet.

        A job is queued just before its order is committed: we may be there first.
        """
        for _ in range(ORDER_LOOKS):
            wanted = await self._insist(lambda: self.store.value(self._mail_wanted, job.order))
            if wanted is not None:
                return bool(wanted)
            await asyncio.sleep(ORDER_PAUSE_S)
        log.warning("there is no order %d: no mail is sent for it", job.order)
        return False

    async def _mail(self, job: Job) -> bool:
        """Whether the mail was sent; an address that cannot take it is given up.

        UnavailableError while the server takes none: the mail waits for it.
        """
        subject = f"Your order {job.order}"
        try:
            await self.mailer.send(job.email, subject, f"Thank you for your order {job.order}.\n")
        except MailError as error:
            if error.outcome == "bounced":
                log.warning("the mail of order %d bounced: %s", job.order, error)
                return False
            self._mail_trouble = error.outcome
            raise UnavailableError(str(error)) from error
        self._mail_trouble = None
        return True

    async def _insist(self, step: Callable[[], Awaitable[T]]) -> T:
        away = False
        while True:
            try:
                result = await step()
            except UnavailableError as error:
                if not away:
                    log.error("cannot go on, trying again: %s", error)
                away = True
                await asyncio.sleep(PAUSE_S)
            else:
                if away:
                    log.info("at work again")
                return result


def build(settings: Settings, number: int) -> Starlette:
    """The health endpoint of that worker, with the worker running beside it."""
    worker = Worker(settings, number)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await worker.store.open()
        tasks = {asyncio.create_task(worker.work()), asyncio.create_task(worker.beat())}
        for task in tasks:
            task.add_done_callback(_end_with)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await worker.leave()

    routes = [Route("/health", worker.health), Route("/metrics", worker.metrics)]
    return Starlette(routes=routes, lifespan=lifespan)


def _end_with(work: asyncio.Task[None]) -> None:
    """A worker that cannot work must not go on answering that it is well."""
    if not work.cancelled():
        log.critical("the worker failed", exc_info=work.exception())
        signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    numbered = int(sys.argv[2])
    serve(partial(build, number=numbered), lambda settings: settings.worker_ports[numbered - 1])
