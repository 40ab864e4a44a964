"""Several requests in a row, each on a fresh connection, and how long each part of them took."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from warroom.checks.check import Found, Tools
from warroom.checks.lines import in_a_line, listed
from warroom.config.checks_settings import ONE_REQUEST, BurstCheck
from warroom.config.secrets import Secret, SecretRef, resolve
from warroom.connect.channel import Route
from warroom.connect.http import HttpClient, Request, bearer
from warroom.connect.redirect import Headers
from warroom.connect.reply import Asking
from warroom.connect.tls import TlsOptions
from warroom.errors import ProbeError
from warroom.measure.history import percentile
from warroom.measure.snapshot import Phases
from warroom.text import mask_url, short_duration

LEAST = 0.2
"""Seconds below which none is begun any more."""
TAKEN = 1 << 20
"""Bytes of an answer that are read, decoded; a larger one still counts as an answer."""


class Shot(NamedTuple):
    """One request: what was answered, or in which phase and why not; times in seconds."""

    status: int | None
    phases: Phases = Phases()
    trouble: str = ""
    phase: str = ""


class BurstRunner:
    """One ``[checks.NAME]`` of kind burst."""

    def __init__(self, settings: BurstCheck, tools: Tools) -> None:
        self._settings, self._tools = settings, tools

    async def run(self) -> Found:
        """None overlaps another: where an answer takes longer than the gap, the next one waits."""
        settings, loop = self._settings, asyncio.get_running_loop()
        request = Request(settings.url, settings.method, await self._headers())
        ends, shots = loop.time() + settings.deadline, list[Shot]()
        for at in range(settings.count):
            began = loop.time()
            if ends - began < LEAST:
                break
            shots.append(await self._shot(request, min(ONE_REQUEST, ends - began)))
            pause = began + settings.gap - loop.time()
            if at + 1 < settings.count:
                await asyncio.sleep(max(0.0, min(pause, ends - loop.time())))
        masked = self._tools.masked
        lines = [f"{settings.method} {mask_url(settings.url)}", *map(_line, range(1, 61), shots)]
        return Found(
            good(shots, settings),
            in_a_line(summed(shots, settings), masked),
            listed(lines, masked),
        )

    async def _shot(self, request: Request, seconds: float) -> Shot:
        tls = TlsOptions(ca_file=self._settings.ca_file)
        client = HttpClient(self._tools.network, self._tools.clock, Route(tls=tls))
        asking = Asking(max_bytes=TAKEN, fresh=True)
        try:
            answer = await client.exchange(request, asking, deadline=seconds)
        except ProbeError as error:
            if error.phase == "set-up":
                raise
            return Shot(None, trouble=str(error), phase=error.phase)
        finally:
            client.close()
        flaw = "" if answer.over else "; ".join(answer.flaws)
        return Shot(answer.status, answer.phases, flaw, "body" if flaw else "")

    async def _headers(self) -> Headers:
        found: list[tuple[str, str | Secret]] = []
        for name, value in self._settings.headers.items():
            found.append((name, await self._revealed(value)))
        if self._settings.bearer is not None:
            found.append(("Authorization", bearer(await self._secret(self._settings.bearer))))
        return tuple(found)

    async def _revealed(self, value: str | SecretRef) -> str | Secret:
        return value if isinstance(value, str) else await self._secret(value)

    async def _secret(self, ref: SecretRef) -> Secret:
        secret = await resolve(ref, self._tools.folder)
        self._tools.mask(secret)
        return secret


def good(shots: Sequence[Shot], settings: BurstCheck) -> bool:
    """Whether all were sent, answered as they should be, and none of them was slow."""
    return len(shots) == settings.count and all(
        _expected(shot, settings) and not _slow(shot, settings) for shot in shots
    )


def _expected(shot: Shot, settings: BurstCheck) -> bool:
    if shot.status is None or shot.trouble:
        return False
    return shot.status == settings.expect if settings.expect else 200 <= shot.status < 300


def _slow(shot: Shot, settings: BurstCheck) -> bool:
    return settings.slow is not None and (shot.phases.total or 0.0) > settings.slow


def summed(shots: Sequence[Shot], settings: BurstCheck) -> str:
    """``9 of 10 answered: 200 ×8, 503 ×1; median 41 ms, p95 …``: all of them in a line."""
    answered = [shot for shot in shots if shot.status is not None]
    statuses = Counter(shot.status for shot in answered)
    parts = [f"{len(answered)} of {settings.count} answered"]
    if statuses:
        parts[0] += ": " + ", ".join(f"{status} ×{n}" for status, n in statuses.most_common(5))
    if times := [shot.phases.total or 0.0 for shot in answered]:
        median, p95 = percentile(times, 0.5) or 0.0, percentile(times, 0.95) or 0.0
        figures = (("median", median), ("p95", p95), ("slowest", max(times)))
        parts.append(", ".join(f"{name} {short_duration(value)}" for name, value in figures))
    slow = sum(_slow(shot, settings) for shot in answered)
    if slow and settings.slow is not None:
        parts.append(f"{slow} over {short_duration(settings.slow)}")
    failed = Counter(shot.phase for shot in shots if shot.trouble)
    if failed:
        parts.append("failed in " + ", ".join(f"{name} ×{n}" for name, n in failed.most_common()))
    if len(shots) < settings.count:
        rest = settings.count - len(shots)
        parts.append(f"{rest} not sent within {short_duration(settings.deadline)}")
    return "; ".join(parts)


def _line(number: int, shot: Shot) -> str:
    known = (
        ("dns", shot.phases.dns),
        ("connect", shot.phases.connect),
        ("tls", shot.phases.tls),
        ("first byte", shot.phases.first_byte),
        ("total", shot.phases.total),
    )
    parts = [f"{name} {seconds * 1000:.0f} ms" for name, seconds in known if seconds is not None]
    status = "–" if shot.status is None else str(shot.status)
    trouble = [f"{shot.phase}: {shot.trouble}"] if shot.trouble else []
    return f"{number:>2}  {status:>3}  {'  '.join([*parts, *trouble])}"
