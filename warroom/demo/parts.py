"""The parts of the shop as processes: started in order, stopped in reverse."""

import asyncio
import ssl
import sys
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import partial

import msgspec

from warroom.demo.certificates import Authority
from warroom.demo.child import Child, Command
from warroom.demo.deployments import Deployments, Status
from warroom.demo.errors import DemoError, UnchangedError
from warroom.demo.folder import Folder
from warroom.demo.postgres import Postgres
from warroom.demo.private_file import write_private
from warroom.demo.probes import answers_well, listens, status
from warroom.demo.redis_server import RedisServer
from warroom.demo.settings import Settings
from warroom.demo.shop.releases import RELEASES
from warroom.demo.workers import Workers


class Parts:
    """All parts of one demo. What has died stays dead until somebody acts."""

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self._folder = folder
        self.settings = settings
        self.deployments = Deployments(folder.deployments)
        self._outsiders: dict[str, Child] = {}
        self.postgres = Postgres(folder, settings)
        self.redis = RedisServer(folder, settings)
        self.web = _program(folder, "web")
        self.workers = Workers(folder, settings)
        self.traffic = _program(folder, "traffic")
        self.warehouse = _program(folder, "warehouse", "outside")
        self.provider = _program(folder, "provider", "outside")
        self.mail_server = _program(folder, "mail_server", "outside")
        self.name_server = _program(folder, "name_server", "outside")
        self.status_page = _program(folder, "status_page", "outside")
        self.tracker = _program(folder, "tracker", "outside")
        self.neighbours = _program(folder, "neighbours", "outside")
        self.chat = _program(folder, "chat", "outside")
        self.front = _program(folder, "front")  # the shop by HTTPS
        self.authority = Authority(folder)

    async def start(self) -> None:
        """Start everything and wait until every part is ready; DemoError if one is not.

        The app and the worker start beside their stores, which they look for on demand.
        """
        stores = (self.postgres.create(), self.redis.create())
        settings = self.settings
        outside: dict[Child, tuple[int, ...]] = {
            self.provider: (settings.provider_port,),
            self.mail_server: (settings.mail_port,),
            self.status_page: (settings.status_port,),
            self.tracker: (settings.tracker_port,),
            self.name_server: settings.name_ports,
            self.neighbours: settings.canary_ports,
            self.chat: (settings.chat_port,),
        }
        programs = (self.web, self.warehouse, *outside)
        await _together(
            *stores,
            self._start_front(),
            self.workers.first.start(),
            *(program.start() for program in programs),
        )
        await _together(
            self.web.until(lambda: answers_well(settings.web_port, "/api/health")),
            self.workers.first.until(lambda: answers_well(settings.worker_port, "/health")),
            self.front.until(lambda: listens(settings.front_port)),
            *(
                program.until(partial(listens, port))
                for program, served in outside.items()
                for port in served
            ),
        )
        # Live since yesterday: nothing that goes wrong now came with it.
        self.deployments.record(self.settings.version, "ci", "deployed", ago=timedelta(days=1))
        await self.traffic.start()

    async def stop(self) -> None:
        """End every part; none is left when this returns, however far the start had come."""
        callers = (
            *self._outsiders.values(),
            *(self.traffic, self.provider, self.front, self.status_page, self.neighbours),
        )
        answerers = (
            *(self.workers, self.web, self.warehouse, self.mail_server, self.name_server),
            *(self.tracker, self.chat),
        )
        for group in (callers, answerers, (self.redis, self.postgres)):
            await asyncio.gather(*(part.stop() for part in group))

    def outsider(self, name: str) -> Child:
        """A program of `warroom.demo.outside` that comes and goes; `stop` ends it too."""
        if name not in self._outsiders:
            self._outsiders[name] = _program(self._folder, name, "outside")
        return self._outsiders[name]

    async def deploy(self, version: str, by: str) -> None:
        """Run the web app from the release of that version.

        DemoError when there is no such release, or when it does not come up.
        """
        if version not in RELEASES:
            raise DemoError(
                f"there is no release {version!r} of the shop",
                f"there are: {', '.join(RELEASES)}",
            )
        await self._put_in_place(version, by, "deployed")

    async def roll_back(self, by: str, version: str = "") -> str:
        """Run the web app from the release before this one again, and return its version.

        Or from `version`, which must have been live before. DemoError when there was none,
        or when it does not come up.
        """
        live = self.settings.version
        version = version or self.deployments.before(live)
        came_up = [release for release in self.deployments.all() if release.status != "failed"]
        earlier = {release.version for release in came_up} - {live}
        if version not in earlier:
            known = f"there were: {', '.join(sorted(earlier))}" if earlier else "there was no other"
            what = "is live now" if version == live else "was never live here"
            raise DemoError(f"cannot roll back: release {version!r} {what}", known)
        await self._put_in_place(version, by, "rolled back")
        return version

    async def restart_web(self) -> None:
        """End the web app and start it again; DemoError when it does not come up."""
        await self.web.restart()
        # A page that needs no store: one that is away must not hold up a restart. An app in
        # maintenance, or one that has blocked us, is up as well, and says so.
        await self.web.until(self._web_is_up, limit=6)

    async def restart_mail_server(self) -> None:
        """End the mail server and start it again: sessions that were signed in end too."""
        await self.mail_server.restart()
        await self.mail_server.until(lambda: listens(self.settings.mail_port))

    async def restart_warehouse(self) -> None:
        """End the warehouse's service and start it again."""
        await self.warehouse.restart()
        await self.warehouse.until(lambda: listens(self.settings.warehouse_port))

    async def start_neighbours(self) -> None:
        """Start them again; DemoError when they do not come up."""
        await self.neighbours.start()
        for port in self.settings.canary_ports:
            await self.neighbours.until(partial(listens, port))

    async def put_certificate(self, until: datetime) -> None:
        """Have the TLS front use a new certificate, good until then; it may have passed.

        Returns once new connections see it. UnchangedError when none does within 5 s: the
        certificate from before is in its place again.
        """
        before = self._folder.front_certificate.read_bytes()
        await asyncio.to_thread(self.authority.issue, until)
        self.front.reload()
        try:
            await self.front.until(self._front_is_up_to_date, limit=5)
        except DemoError as error:
            write_private(self._folder.front_certificate, before)
            self.front.reload()
            raise UnchangedError(str(error), error.hint) from error

    async def _front_is_up_to_date(self) -> bool:
        address = ("127.0.0.1", self.settings.front_port)
        try:
            shown = await asyncio.to_thread(ssl.get_server_certificate, address, timeout=1)
        except OSError:
            return False
        return ssl.PEM_cert_to_DER_cert(shown) == self.authority.shown()

    async def _web_is_up(self) -> bool:
        return await status(self.settings.web_port, "/login") not in (0, 500)

    async def _start_front(self) -> None:
        await asyncio.to_thread(self.authority.found)
        await self.front.start()

    async def _put_in_place(self, version: str, by: str, outcome: Status) -> None:
        self.settings = msgspec.structs.replace(self.settings, version=version)
        self.settings.write(self._folder.settings)
        try:
            await self.restart_web()
        except DemoError:
            self.deployments.record(version, by, "failed")
            raise
        self.deployments.record(version, by, outcome)


async def _together(*steps: Coroutine[None, None, None]) -> None:
    """Take all steps at once; the first that fails ends the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _program(folder: Folder, name: str, package: str = "shop") -> Child:
    # -P: not even an unlucky file in the working folder can shadow a module.
    module = ["-m", f"warroom.demo.{package}.{name}"]
    argv = [sys.executable, "-P", *module, str(folder.settings)]
    return Child(Command(name, argv, cwd=folder.private), folder.logs / f"{name}.log")
