"""Who acts on a demo: its room as a console knows it, in a quicker configuration of the test's own,
and the real causes for which an action is refused, or its answer does not come."""

import asyncio
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import tomli_w
from redis import Redis

from tests.live.demo_operator import Operator, operated
from tests.live.rooms import Follower, hello
from tests.waiting import NotInTimeError, until_async
from warroom.attach.client import Connection
from warroom.attach.room import room_paths
from warroom.attach.spawn import reach
from warroom.config.local import read_local
from warroom.demo.secret_files import SecretFiles
from warroom.incident.acting.plan import Plan
from warroom.incident.acting.runs import RunView
from warroom.wire import Acting, Board, Changed, KeepOn, PlanAction, RunAction

WARROOM = (sys.executable, "-P", "-m", "warroom")
DEADLINES = {"command": "8s", "http": "2s", "sql": "4s", "redis": "2s"}
"""Long enough for what succeeds, short for those whose answer never comes."""
WITHIN = "12s"
LAST = 40
"""Lines of a log that are shown when a test fails."""
RUN_S = 30.0
VERDICT_S = 30.0
WEB = "warroom.demo.shop.web"


class Scene:
    """One demo, its operator, and the configuration by which the room is opened."""

    def __init__(self, operator: Operator) -> None:
        self.operator, self.shop = operator, operator.shop
        demo = self.shop.production
        self.secrets = SecretFiles(self.shop.settings.folder.secrets)
        self.token = demo.config.parent / "token-of-the-test"
        self.token.touch(mode=0o600)
        self.token.write_text(self.secrets.admin.read_text())
        self.config = demo.config.parent / "quick.toml"
        self.config.touch(mode=0o600)
        document = quickened(tomllib.loads(demo.config.read_text()), self.token)
        self.config.write_text(tomli_w.dumps(document))
        self.kinds: dict[str, str] = {
            name: action["kind"] for name, action in document["actions"].items()
        }

    async def switch(self, fault: str, on: bool) -> str:
        return await asyncio.to_thread(self.shop.switch, fault, on)

    async def warroom(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command of warroom's on this room."""
        argv = [*WARROOM, *arguments, "--config", str(self.config)]
        run = partial(subprocess.run, argv, capture_output=True, text=True, check=False)
        return await asyncio.to_thread(run)

    def complaints(self) -> str:
        """What the demo's parts complained of last, of each its own log."""
        found = []
        for path in sorted(self.shop.settings.folder.logs.glob("*.log")):
            lines = path.read_text(errors="replace").splitlines()[-LAST:]
            if any("ERROR" in line or "CRITICAL" in line for line in lines):
                found += [f"{path.name}:", *lines]
        return "\n".join(found)

    # why an action fails, or is not heard of --------------------------------------------

    @contextmanager
    def stopped(self, *pids: int) -> Iterator[None]:
        """Processes that stand still: connections are taken, and nothing is answered."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """The platform is not where its command line looks for it."""
        control = self.shop.production.control
        away = control.with_name("control-away")
        control.rename(away)
        try:
            yield
        finally:
            away.rename(control)

    @contextmanager
    def expired(self) -> Iterator[None]:
        """The token in the action's file is one from before."""
        self.token.write_text("0123456789abcdef")
        try:
            yield
        finally:
            self.token.write_text(self.secrets.admin.read_text())

    @contextmanager
    def without_rights(self, *commands: str) -> Iterator[None]:
        """Redis does not let the operator run these any more."""
        with Redis.from_url(self.shop.settings.redis) as admin:
            admin.execute_command("ACL", "SETUSER", "operator", *(f"-{one}" for one in commands))
            try:
                yield
            finally:
                rights = (f"+{one}" for one in commands)
                admin.execute_command("ACL", "SETUSER", "operator", *rights)

    @contextmanager
    def no_writes(self) -> Iterator[None]:
        """Redis lets whatever writes wait, as it does at a failover; it goes on to be read."""
        with Redis.from_url(self.shop.settings.redis) as admin:
            admin.execute_command("CLIENT", "PAUSE", 60_000, "WRITE")
            try:
                yield
            finally:
                admin.execute_command("CLIENT", "UNPAUSE")

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[Any]:
        """The database's superuser."""
        address = self.shop.settings.database_admin.replace("/postgres?", "/shop?")
        settings = {"application_name": "test-admin"}
        connection = await asyncpg.connect(address, timeout=5, server_settings=settings)
        try:
            yield connection
        finally:
            connection.terminate()

    @asynccontextmanager
    async def sleeping(self, *, superuser: bool = False) -> AsyncIterator[int]:
        """A session whose query sleeps; its pid."""
        settings = self.shop.settings
        admin = settings.database_admin.replace("/postgres?", "/shop?")
        connection = await asyncpg.connect(admin if superuser else settings.database, timeout=5)
        pid: int = connection.get_server_pid()
        asleep = asyncio.create_task(connection.execute("SELECT pg_sleep(120)"))
        try:
            yield pid
        finally:
            connection.terminate()
            await asyncio.wait({asleep})
            asleep.exception()
            async with self.admin() as other:  # the server sleeps on when its client is gone
                await other.execute("SELECT pg_terminate_backend($1)", pid)


def quickened(document: dict[str, Any], token: Path) -> dict[str, Any]:
    """The demo's own configuration; sooner polls, shorter windows and deadlines, another token."""
    document["room"] |= {"dir": f"{document['room']['dir']}-quick", "linger": "60s"}
    for source in document["sources"].values():
        if source.get("interval") == "2s":
            source["interval"] = "1s"
        if "window" in source:
            source["window"] = "6s"
    for action in document["actions"].values():
        action["deadline"] = DEADLINES[action["kind"]]
        if action["kind"] == "http":
            action["bearer"] = {"file": str(token)}
        for expected in action.get("expect", ()):
            expected["within"] = WITHIN
    return document


@contextmanager
def acted_on() -> Iterator[Scene]:
    """A demo of one's own to act on; its engine is gone before it."""
    with operated() as operator:
        scene = Scene(operator)
        try:
            yield scene
        finally:
            stop = [*WARROOM, "stop", "--force", "--config", str(scene.config)]
            subprocess.run(stop, capture_output=True, check=False)


class Desk(Follower):
    """What the console of somebody who acts knows, always the newest, and what is done there."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.runs: dict[str, RunView] = {}
        self.on: tuple[str, ...] = ()
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.connection.messages():
            if isinstance(message, Board):
                self.sources, self.room = {}, message.room
            if isinstance(message, Board | Changed):
                self.sources.update({view.name: view for view in message.sources})
            if isinstance(message, Acting):
                self.runs.update({run.run: run for run in message.runs})
                self.on = tuple(on.name for on in message.on)

    async def until(
        self, look: Callable[[Any], Any], seconds: float = RUN_S, what: str = ""
    ) -> None:
        """Wait until it looks so."""
        try:
            await until_async(lambda: self.sources and look(self), seconds)
        except NotInTimeError:
            red = [(v.name, v.level, v.cause) for v in self.sources.values() if v.level != "OK"]
            words = f"{what}: not within {seconds:g} s; {self.connection.lost}"
            raise AssertionError(f"{words}; still on: {self.on}; not well: {red}") from None

    async def well(self, seconds: float = 60.0) -> None:
        await self.until(
            lambda desk: all(view.level == "OK" for view in desk.sources.values()), seconds, "well"
        )

    async def plan(self, action: str, **values: str) -> Plan:
        """What is shown before it is confirmed."""
        asked = PlanAction(ref=0, action=action, values=values)
        answer = await self.connection.request(asked, RUN_S)
        assert answer.plan is not None, f"{action}: {answer.message}"
        assert not answer.plan.blocked, f"{action}: {answer.plan.blocked}"
        return answer.plan

    async def begun(self, plan: Plan) -> str:
        """Confirm it; the run's name."""
        wish = RunAction(ref=0, once=uuid4().hex, digest=plan.digest, phrase=plan.phrase)
        answer = await self.connection.request(wish, RUN_S)
        assert answer.run is not None, f"{plan.action}: {answer.message}"
        return answer.run.run

    async def ended(self, name: str) -> RunView:
        """The run as soon as it has an outcome."""
        await self.until(lambda desk: name in desk.runs and desk.runs[name].outcome, RUN_S, name)
        return self.runs[name]

    async def run(self, action: str, **values: str) -> RunView:
        return await self.ended(await self.begun(await self.plan(action, **values)))

    async def judged(self, run: RunView) -> RunView:
        """The run as soon as the signals have spoken."""
        assert run.outcome in ("succeeded", "timed out", "unknown"), (run.action, run.text)
        await self.until(lambda desk: desk.runs[run.run].verdict, VERDICT_S, run.action)
        return self.runs[run.run]

    async def undone(self, run: RunView) -> RunView:
        """Its way back, with its values; what it had switched on is off."""
        back = await self.run(run.undo, **run.undo_values)
        assert back.outcome == "succeeded", (run.action, back.text)
        return back

    def row(self, source: str, holds: str) -> str:
        """The key of the row of a source whose words hold that; empty when there is none."""
        snapshot = self.sources[source].snapshot
        seen: Any = snapshot.seen if snapshot is not None else None
        rows = [] if seen is None else getattr(seen, "sessions", None) or getattr(seen, "items", ())
        return next((row.key for row in rows if holds in f"{row}"), "")


@asynccontextmanager
async def desk_of(scene: Scene) -> AsyncIterator[Desk]:
    """The console of somebody who may act."""
    async with await reach(room_paths(read_local(scene.config)), hello()) as connection:
        desk = Desk(connection)
        await desk.until(lambda now: now.room is not None)
        for name in desk.on:  # what a test that failed has left
            off = KeepOn(ref=0, name=name, reason="left by a test", once=uuid4().hex, off=True)
            await connection.request(off)
        try:
            yield desk
        except AssertionError as error:
            error.add_note(scene.complaints())
            raise
        finally:
            desk.reading.cancel()
            await asyncio.wait({desk.reading})
