"""The supervisor's side of the control socket: one request, one answer, one line each."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from warroom.demo.errors import DemoError
from warroom.demo.messages import Reply, Request
from warroom.demo.operations import Operations
from warroom.demo.switchboard import Switchboard

READ_S = 5.0

log = logging.getLogger(__name__)


class ControlServer:
    """Answers control clients; who may connect is the private folder's business."""

    def __init__(
        self, switchboard: Switchboard, operations: Operations, stop: Callable[[], None]
    ) -> None:
        self._switchboard = switchboard
        self._operations = operations
        self._stop = stop

    async def listen(self, path: Path) -> asyncio.Server:
        """Serve on a Unix socket until the returned server is closed."""
        return await asyncio.start_unix_server(self._serve, path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), READ_S)
            reply, stop = await self._answer(line)
            writer.write(msgspec.json.encode(reply) + b"\n")
            await writer.drain()
            if stop:
                self._stop()
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("a control client was given up: %r", error)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> tuple[Reply, bool]:
        try:
            request = msgspec.json.decode(line, type=Request)
            match request.do:
                case "faults":
                    return Reply(faults=self._switchboard.states()), False
                case "switch":
                    done = await self._switchboard.switch(request.name, request.on)
                    return Reply(done=done), False
                case "operate":
                    done = await self._operations.run(request.name, request.arguments)
                    return Reply(done=done), False
                case "stop":
                    return Reply(done="the demo stops and removes its folder"), True
        except msgspec.DecodeError as error:
            return Reply(error=f"the demo cannot read the request: {error}"), False
        except DemoError as error:
            return Reply(error=str(error), hint=error.hint), False
