"""The parts of the shop as processes: started in order, stopped in reverse."""

import asyncio
import sys
from collections.abc import Coroutine

from warroom.demo.child import Child, Command
from warroom.demo.folder import Folder
from warroom.demo.postgres import Postgres
from warroom.demo.redis_server import RedisServer
from warroom.demo.settings import Settings


class Parts:
    """The five parts of one demo. What has died stays dead until somebody acts."""

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self.settings = settings
        self.postgres = Postgres(folder, settings)
        self.redis = RedisServer(folder, settings)
        self.web = _program(folder, "web")
        self.worker = _program(folder, "worker")
        self.traffic = _program(folder, "traffic")

    async def start(self) -> None:
        """Start everything and wait until every part is ready; DemoError if one is not.

        The app and the worker start beside their stores, which they look for on demand.
        """
        stores = (self.postgres.create(), self.redis.create())
        await _together(*stores, self.web.start(), self.worker.start())
        web, worker = self.settings.web_port, self.settings.worker_port
        await _together(
            self.web.until(lambda: answers_well(web, "/api/health")),
            self.worker.until(lambda: answers_well(worker, "/health")),
        )
        await self.traffic.start()

    async def stop(self) -> None:
        """End every part; none is left when this returns, however far the start had come."""
        for part in (self.traffic, self.worker, self.web, self.redis, self.postgres):
            await part.stop()


async def answers_well(port: int, path: str) -> bool:
    """Whether a GET on 127.0.0.1 is answered with status 200 within a second."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
                status_line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return b" 200 " in status_line


async def _together(*steps: Coroutine[None, None, None]) -> None:
    """Take all steps at once; the first that fails ends the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _program(folder: Folder, name: str) -> Child:
    # -P: not even an unlucky file in the working folder can shadow a module.
    module = ["-m", f"warroom.demo.shop.{name}"]
    argv = [sys.executable, "-P", *module, str(folder.settings)]
    return Child(Command(name, argv, cwd=folder.private), folder.logs / f"{name}.log")
