"""What the hosting platform does for an operator, one operation at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from inspect import signature

import msgspec

from warroom.demo import renewals
from warroom.demo.errors import DemoError
from warroom.demo.parts import Parts

BY = "on-call"
"""Who is recorded for a release that was put in place here."""

log = logging.getLogger(__name__)

Operation = Callable[..., Awaitable[str]]


class Operations:
    """Operations on the parts. `turn` is held while one is under way, and while a fault is
    switched: neither may see the other half done."""

    def __init__(self, parts: Parts, turn: asyncio.Lock) -> None:
        self._parts = parts
        self._turn = turn
        self._known: dict[str, Operation] = {
            "releases": self._releases,
            "rollback": self._rollback,
            "deploy": self._deploy,
            "scale worker": self._scale,
            **{f"restart {part}": partial(self._restart, part) for part in self._restarts()},
            "renew certificate": self._renew_certificate,
            "renew webhook-secret": self._renew_webhook_secret,
            "renew mail-password": self._renew_mail_password,
            "restore dns": self._restore_dns,
        }

    async def run(self, verb: str, arguments: Sequence[str]) -> str:
        """Do it, and say what was done; DemoError when it is refused or fails."""
        operation = self._known.get(verb)
        if operation is None:
            known = ", ".join(self._known)
            raise DemoError(f"the platform knows no operation {verb!r}", f"it knows: {known}")
        try:
            signature(operation).bind(*arguments)
        except TypeError as error:
            raise DemoError(f"{verb}: {error}", "see python -m warroom.demo.platform -h") from error
        async with self._turn:
            done = await operation(*arguments)
        if verb != "releases":
            log.info("%s: %s", " ".join((verb, *arguments)), done)
        return done

    def _restarts(self) -> dict[str, Callable[[], Awaitable[None]]]:
        parts = self._parts
        return {
            "web": parts.restart_web,
            "worker": parts.workers.restart,
            "redis": parts.redis.restart,
            "postgres": parts.postgres.restart,
            "warehouse": parts.restart_warehouse,
            "mail": parts.restart_mail_server,
        }

    async def _releases(self) -> str:
        newest_first = reversed(self._parts.deployments.all())
        return "\n".join(msgspec.json.encode(release).decode() for release in newest_first)

    async def _rollback(self, version: str = "") -> str:
        before = self._parts.settings.version
        version = await self._parts.roll_back(BY, version)
        return f"rolled back: {before} -> {version}"

    async def _deploy(self, version: str) -> str:
        before = self._parts.settings.version
        if version == before:
            raise DemoError(f"{version} is live already", "to start it anew: restart web")
        await self._parts.deploy(version, BY)
        return f"deployed: {before} -> {version}"

    async def _scale(self, count: str) -> str:
        workers = self._parts.workers
        if not (count.isdecimal() and int(count) <= workers.most):
            raise DemoError(f"cannot scale to {count}: 0 to {workers.most} workers may run")
        before = await workers.scale(int(count))
        still = f", {workers.suspended} of them hanging" if workers.suspended else ""
        return f"workers: {before} -> {count}{still}"

    async def _restart(self, part: str) -> str:
        await self._restarts()[part]()
        if part == "worker":
            return f"restarted: worker, {self._parts.workers.wanted} of them"
        return f"restarted: {part}"

    async def _renew_certificate(self) -> str:
        until = await renewals.certificate(self._parts)
        return f"renewed: certificate, good until {until:%Y-%m-%dT%H:%M:%SZ}"

    async def _renew_webhook_secret(self) -> str:
        resent = await renewals.webhook_secret(self._parts)
        return f"renewed: webhook-secret, {resent} stuck events resent"

    async def _renew_mail_password(self) -> str:
        if renewals.mail_password(self._parts):
            return "renewed: mail-password, the mail server's is the shop's now"
        return "renewed: mail-password, the shop had the mail server's already"

    async def _restore_dns(self) -> str:
        if renewals.zone(self._parts):
            return "restored: dns, the second name server has the first one's zone"
        return "restored: dns, the second name server had the first one's zone already"
