"""The shop's workers: as many processes as are wanted, the first always the same one."""

import asyncio
import sys
from functools import partial

from warroom.demo.child import Child, Command
from warroom.demo.folder import Folder
from warroom.demo.probes import listens
from warroom.demo.settings import Settings


class Workers:
    """Worker 1 to `most`; the first `wanted` of them run, or are suspended, or have died."""

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self._ports = settings.worker_ports
        numbers = range(1, len(self._ports) + 1)
        self._all = [_worker(folder, number) for number in numbers]
        self.wanted = 1

    @property
    def most(self) -> int:
        """How many there may be."""
        return len(self._all)

    @property
    def first(self) -> Child:
        return self._all[0]

    @property
    def suspended(self) -> int:
        """How many of those that are wanted stand still."""
        return sum(worker.suspended for worker in self._all)

    async def scale(self, wanted: int) -> int:
        """Have so many workers, and return how many there were; DemoError if one does not start.

        Those with the highest numbers end first. Suspended ones count, and are left as they
        are; one that has died is started again.
        """
        before, self.wanted = self.wanted, wanted
        await asyncio.gather(*(worker.stop() for worker in self._all[wanted:]))
        started = self._all[:wanted]
        await asyncio.gather(*(worker.start() for worker in started))
        await self._ready()
        return before

    async def restart(self) -> None:
        """End every worker that is wanted and start it anew; DemoError if one does not start."""
        await asyncio.gather(*(worker.restart() for worker in self._all[: self.wanted]))
        await self._ready()

    async def stop(self) -> None:
        """End all of them; `wanted` stays."""
        await asyncio.gather(*(worker.stop() for worker in self._all))

    def suspend(self) -> int:
        """Have all that run stand still in mid-work, and say how many those are."""
        running = [worker for worker in self._all if worker.running]
        for worker in running:
            worker.suspend()
        return len(running)

    def resume(self) -> int:
        """Let the suspended ones go on, and say how many those were."""
        suspended = [worker for worker in self._all if worker.suspended]
        for worker in suspended:
            worker.resume()
        return len(suspended)

    async def _ready(self) -> None:
        """Wait until each that is not suspended can be asked how it is."""
        awaited = zip(self._all[: self.wanted], self._ports, strict=False)
        await asyncio.gather(
            *(
                worker.until(partial(listens, port))
                for worker, port in awaited
                if not worker.suspended
            )
        )


def _worker(folder: Folder, number: int) -> Child:
    name = "worker" if number == 1 else f"worker-{number}"
    module = ["-m", "warroom.demo.shop.worker"]
    argv = [sys.executable, "-P", *module, str(folder.settings), str(number)]
    return Child(Command(name, argv, cwd=folder.private), folder.logs / f"{name}.log")
