"""A BullMQ worker in a process of its own: a job named ``fail`` fails, one named ``hold`` holds
it until its list is pushed to, any other is done at once.

Run as ``python bull_worker.py PORT QUEUE OPTIONS``, with the worker's options in JSON.
"""

import asyncio
import json
import sys
from typing import Any

import redis.asyncio
from bullmq import Job, Worker


async def main(port: int, queue: str, options: dict[str, Any]) -> None:
    client = redis.asyncio.Redis(port=port)

    async def work(job: Job, token: str) -> str:
        if job.name == "hold":
            await client.blpop([f"release:{job.id}"], 60)
        if job.name == "fail":
            raise ValueError(f"no such address: {job.id}\nand more")
        return "done"

    options |= {"connection": {"port": port}}
    worker = Worker(queue, work, options)
    try:
        await asyncio.Event().wait()
    finally:
        await worker.close(force=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])))
