"""Queues jobs with arq, or works them off: run by the Python of arq's own environment.

python arq_at_work.py PORT queue NUMBER [DEFER_S [FUNCTION]]
python arq_at_work.py PORT work
"""

import asyncio
import sys

from arq import Retry, create_pool, run_worker
from arq.connections import RedisSettings


async def job(ctx, number):
    """Waits for the key ``go``, which holds how many may be done."""
    while int(await ctx["redis"].get("go") or 0) <= number:
        await asyncio.sleep(0.01)
    await ctx["redis"].rpush("done", number)


async def fails(ctx, number):
    raise ValueError(f"no luck with {number}")


async def later(ctx, number):
    raise Retry(defer=600)


async def queue(settings, number, defer, function):
    pool = await create_pool(settings)
    for each in range(number):
        identity = f"{function}-{each}"
        await pool.enqueue_job(function, each, _job_id=identity, _defer_by=defer or None)
    info = await pool.queued_jobs() if not defer else ()
    sys.stdout.write(str(len(info)))
    await pool.aclose()


def main(port, what, number="0", defer="0", function="job"):
    settings = RedisSettings(port=int(port), conn_retries=0)
    if what == "queue":
        asyncio.run(queue(settings, int(number), int(defer), function))
        return

    class Settings:
        functions = (job, fails, later)
        redis_settings = settings
        max_jobs = 3
        poll_delay = 0.02
        handle_signals = True

    run_worker(Settings)


if __name__ == "__main__":
    main(*sys.argv[1:])
