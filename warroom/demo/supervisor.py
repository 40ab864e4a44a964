"""The process that owns the demo: it starts it, answers for it, and takes it away again."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial

from warroom.demo import configuration, folder, lifeline, ports
from warroom.demo.control_server import ControlServer
from warroom.demo.errors import DemoError
from warroom.demo.folder import Folder
from warroom.demo.operations import Operations
from warroom.demo.parts import Parts
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings
from warroom.demo.switchboard import Switchboard, require_known

MORE_WORKERS = 7
"""Workers that may be started beside the first."""
LAST_WISH_S = 3.0
"""How long each of the caller's `on_stop` commands may take."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What the caller wants: faults on from the beginning, commands to run at the end.

    In a command, `{config}` stands for the path of the demo's configuration file.
    """

    faults: Sequence[str] = ()
    on_stop: Sequence[Sequence[str]] = ()


async def supervise(order: Order, ready: Callable[[Folder], None]) -> None:
    """Run a demo until the lifeline or a signal ends it; DemoError when it cannot start.

    `ready` is called once everything works. Returns, or raises, with every process ended
    and the folder gone.
    """
    for name in order.faults:
        require_known(name)
    stop = _stop_event()
    swept = folder.sweep()
    held, lock = folder.create()
    try:
        _log_to(held)
        for path in swept:
            log.info("removed %s, left behind by a demo that was killed", path)
        await _run(order, held, stop, ready)
    finally:
        folder.remove(held)
        os.close(lock)


async def _run(
    order: Order, held: Folder, stop: asyncio.Event, ready: Callable[[Folder], None]
) -> None:
    drawn = settings(held)
    drawn.write(held.settings)
    SecretFiles(held.secrets).make(drawn.chat)
    configuration.write(held, drawn)
    parts = Parts(held, drawn)
    began = time.monotonic()
    try:
        if await _unless(stop, _start(order, held, parts, stop)):
            log.info("ready after %.2f s", time.monotonic() - began)
            ready(held)
            await stop.wait()
            for command in order.on_stop:
                await _last_wish(command, held)
    finally:
        await parts.stop()


async def _start(order: Order, held: Folder, parts: Parts, stop: asyncio.Event) -> None:
    await parts.start()
    turn = asyncio.Lock()
    switchboard = Switchboard(parts, turn)
    await begin(order.faults, switchboard)
    await ControlServer(switchboard, Operations(parts, turn), stop.set).listen(held.control)


async def begin(faults: Sequence[str], switchboard: Switchboard) -> None:
    """Switch on what the demo is to start with; DemoError when one of them cannot be.

    Those that take a store away come last, in whatever order they were typed.
    """
    for name in switchboard.in_order(faults):
        try:
            await switchboard.switch(name, True)
        except DemoError as error:
            raise DemoError(
                f"{name} could not begin: {error}",
                f"start without --fault {name}, and switch it on when the demo runs: "
                f"warroom demo fault {name} on",
            ) from error


async def _unless(stop: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Whether the work was done; it is broken off as soon as `stop` is set."""
    working = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if working.done():
        await working
        return True
    working.cancel()
    await asyncio.wait({working})
    return False


async def _last_wish(command: Sequence[str], held: Folder) -> None:
    argv = [word.replace("{config}", str(held.config)) for word in command]
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        log.error("could not run %s: %s", argv, error)
        return
    try:
        status = await asyncio.wait_for(process.wait(), LAST_WISH_S)
        log.info("%s ended with status %d", argv, status)
    except TimeoutError:
        log.error("%s did not end within %.0f s: killed", argv, LAST_WISH_S)
        with contextlib.suppress(ProcessLookupError):  # it ended this very moment
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _stop_event() -> asyncio.Event:
    """Set when the caller is gone, or by a signal that would end a process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    lifeline.watch(partial(loop.call_soon_threadsafe, stop.set))
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(sign, stop.set)
    return stop


def settings(held: Folder) -> Settings:
    """Free ports and fresh passwords for one demo."""
    web, worker, postgres, redis, front, provider, mail, warehouse, *more = ports.free(
        15 + MORE_WORKERS
    )
    status, tracker, name, other_name, canary, other_canary, chat, *workers = more
    admin, shop, cache, provider_key, customers, tracker_key = (
        secrets.token_hex(16) for _ in range(6)
    )
    return Settings(
        web_port=web,
        worker_port=worker,
        postgres_port=postgres,
        redis_port=redis,
        admin_password=admin,
        shop_password=shop,
        redis_password=cache,
        warehouse_port=warehouse,
        front_port=front,
        provider_port=provider,
        mail_port=mail,
        name_ports=(name, other_name),
        canary_ports=(canary, other_canary),
        status_port=status,
        home=str(held.path),
        provider_key=provider_key,
        customers_key=customers,
        tracker_port=tracker,
        tracker_key=tracker_key,
        chat_port=chat,
        more_worker_ports=tuple(workers),
    )


def _log_to(held: Folder) -> None:
    logging.basicConfig(
        filename=held.logs / "supervisor.log",
        format="%(asctime)s %(levelname)s %(message)s",
        level=logging.INFO,
    )
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def leave_caller(held: Folder) -> None:
    """Turn what we print to our log: nobody reads the caller's pipe after the report."""
    sys.stdout.flush()
    with (held.logs / "supervisor.log").open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
