"""One request, sent once, on a fresh connection; a lost answer is UNKNOWN."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from warroom.actions import rows
from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.judging import Judging
from warroom.config.actions_facts import put
from warroom.config.actions_settings import HttpAction
from warroom.config.secrets import SecretRef, resolve
from warroom.connect.once import Exchange, Request, send_once
from warroom.errors import ActionError, ProbeError
from warroom.incident.acting.kinds import Parameter
from warroom.incident.acting.plan import PlanStep
from warroom.text import mask_url

_NOT_TAKEN = range(400, 500)
"""Statuses that say that it was refused: nothing was done (RFC 9110, section 15.5)."""


class HttpHand:
    """One ``[actions.NAME]`` of kind http."""

    def __init__(
        self, name: str, settings: HttpAction, parameters: Sequence[Parameter], tools: Tools
    ) -> None:
        self._name, self._settings, self._tools = name, settings, tools
        self._parameters = parameters

    async def plan(self, values: Mapping[str, str]) -> "HttpWork":
        settings, masked = self._settings, self._tools.masked
        picked = rows.chosen(self._parameters, values, self._tools)
        values = rows.given(values, picked)
        url = put(settings.url, {k: quote(v, safe="") for k, v in values.items()})
        whole = {one.name for one in self._parameters if one.type == "integer"}
        body = _body(settings, values, whole)
        lines = [f"{settings.method} {masked(mask_url(url))}"]
        for name, value in settings.headers.items():
            lines.append(f"{name}: {'***' if isinstance(value, SecretRef) else masked(value)}")
        if settings.bearer is not None:
            lines.append("Authorization: Bearer ***")
        if body:
            lines.append(masked(body))
        step = PlanStep(
            action=self._name,
            title=settings.title,
            lines=tuple(lines),
            targets=tuple(rows.target_of(one) for one in picked) or None,
            reach="; ".join(one.row.words for one in picked),
            rights="with its token" if settings.bearer is not None else "",
            age=max((self._tools.age(one.source) or 0.0 for one in picked), default=None),
            deadline=settings.deadline,
        )
        return HttpWork(step, url, body, picked, settings, self._tools)


class HttpWork:
    """One request, frozen."""

    def __init__(
        self,
        step: PlanStep,
        url: str,
        body: str,
        picked: tuple[rows.Chosen, ...],
        settings: HttpAction,
        tools: Tools,
    ) -> None:
        self.step = step
        self._url, self._body, self._picked = url, body, picked
        self._settings, self._tools = settings, tools
        self._sent = False

    async def check(self) -> None:
        rows.check(self._picked, self._tools)

    async def run(self, stage: Stage) -> Result:
        try:
            headers = await self._headers()
        except ProbeError as error:
            return Result("failed", f"nothing was sent: {error}")
        request = Request(
            method=self._settings.method,
            url=self._url,
            headers=headers,
            body=self._body.encode(),
            deadline=self._settings.deadline,
            ca_file=self._settings.ca_file,
        )

        async def begins() -> None:
            await stage.begins()
            self._sent = True

        exchange = await send_once(request, self._tools.network, begins)
        stage.output.hear(exchange.said)
        stage.output.close()
        return self._result(exchange)

    def cut(self, why: Literal["timed out", "cancelled"]) -> Result:
        if not self._sent:
            return Result(why, "nothing was sent")
        return Result("unknown", f"{why} after it was sent: whether it was done, nobody knows")

    async def _headers(self) -> tuple[tuple[str, str], ...]:
        found = []
        if self._body:
            found.append(("Content-Type", self._settings.content_type))
        for name, value in self._settings.headers.items():
            found.append((name, await self._revealed(value)))
        if self._settings.bearer is not None:
            found.append(("Authorization", f"Bearer {await self._revealed(self._settings.bearer)}"))
        return tuple(found)

    async def _revealed(self, value: str | SecretRef) -> str:
        if isinstance(value, str):
            return value
        secret = await resolve(value, self._tools.folder)
        self._tools.mask(secret)
        return secret.reveal().strip()

    def _result(self, exchange: Exchange) -> Result:
        status = exchange.status
        if status is None:
            if exchange.sent:
                words = f"it was sent; {exchange.trouble}: whether it was done, nobody knows"
                return Result("unknown", words)
            return Result("failed", exchange.trouble)
        expected = self._settings.expect_status
        if status in expected or (not expected and 200 <= status < 300):
            judging = Judging(self._settings.succeeds_if, self._settings.fails_if)
            judging.hear(exchange.said)
            if wrong := judging.wrong():
                return Result("failed", f"answered {status}, but {wrong}")
            return Result("succeeded", f"answered {status}")
        if status in _NOT_TAKEN or 300 <= status < 400:
            return Result("failed", f"answered {status}: it was refused")
        return Result("unknown", f"answered {status}: whether it was done, nobody knows")


def _body(settings: HttpAction, values: Mapping[str, str], whole: Collection[str]) -> str:
    """In a table each value stays one value of JSON; in a form it is quoted as RFC 3986 has it."""
    body = settings.body
    if body is None or isinstance(body, str):
        form = "form-urlencoded" in settings.content_type
        return put(body or "", {k: quote(v, safe="") if form else v for k, v in values.items()})
    try:
        return json.dumps(_filled(body, values, whole), ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise ActionError(f"the body is no JSON: {error}") from error


def _filled(value: object, values: Mapping[str, str], whole: Collection[str]) -> object:
    """What is nothing but a whole number's name is that number."""
    if isinstance(value, str):
        name = value[1:-1]
        return int(values[name]) if value == f"{{{name}}}" and name in whole else put(value, values)
    if isinstance(value, dict):
        return {key: _filled(inner, values, whole) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, values, whole) for inner in value]
    return value
