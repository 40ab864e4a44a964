"""One request, sent once, on a fresh connection; a lost answer is UNKNOWN."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from warroom.actions import rows
from warroom.actions.hand import Result, Stage, Tools
from warroom.actions.judging import Judging
from warroom.config.actions_facts import put
from warroom.config.actions_settings import PLACEHOLDER, HttpAction, placeholders
from warroom.config.receivers_settings import is_header_value
from warroom.config.secrets import SecretRef, resolve
from warroom.connect.once import Exchange, Request, send_once
from warroom.errors import ActionError, ProbeError
from warroom.incident.acting.kinds import Parameter
from warroom.incident.acting.plan import PlanStep
from warroom.text import mask_url

_NOT_TAKEN = frozenset((307, 308, *range(400, 500)))
"""Statuses that say that nothing was done (RFC 9110, sections 15.4.8, 15.4.9 and 15.5); after
another redirection it may have been."""


_PATH_ENDS = re.compile(r"[?#]")
_NOTHING = "nothing was sent"
_NOBODY = "whether it was done, nobody knows"


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
        url = _address(settings.url, values)
        whole = {one.name for one in self._parameters if one.type == "integer"}
        body = _body(settings, values, whole)
        lines = [f"{settings.method} {masked(_shown(settings.url, values))}"]
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
            return Result("failed", f"{_NOTHING}: {error}")
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
            return Result(why, _NOTHING)
        return Result("unknown", f"{why} after it was sent: {_NOBODY}")

    async def _headers(self) -> tuple[tuple[str, str], ...]:
        found = []
        if self._body:
            found.append(("Content-Type", self._settings.content_type))
        for name, value in self._settings.headers.items():
            found.append((name, await self._revealed(value, name)))
        if self._settings.bearer is not None:
            token = await self._revealed(self._settings.bearer, "Authorization")
            found.append(("Authorization", f"Bearer {token}"))
        return tuple(found)

    async def _revealed(self, value: str | SecretRef, header: str) -> str:
        if isinstance(value, str):
            return value
        secret = await resolve(value, self._tools.folder)
        self._tools.mask(secret)
        text = secret.reveal().strip()
        if not is_header_value(text):
            raise ProbeError("set-up", f"the secret for {header} is not what a header can hold")
        return text

    def _result(self, exchange: Exchange) -> Result:
        status = exchange.status
        if status is None:
            if exchange.sent:
                return Result("unknown", f"it was sent; {exchange.trouble}: {_NOBODY}")
            trouble = exchange.trouble.removeprefix(f"{_NOTHING}: ")
            return Result("failed", f"{_NOTHING}: {trouble}")
        expected = self._settings.expect_status
        if status in expected or (not expected and 200 <= status < 300):
            return self._judged(status, exchange)
        if status in _NOT_TAKEN:
            return Result("failed", f"answered {status}: it was refused")
        elsewhere = ", elsewhere, where it was not followed" if 300 <= status < 400 else ""
        return Result("unknown", f"answered {status}{elsewhere}: {_NOBODY}")

    def _judged(self, status: int, exchange: Exchange) -> Result:
        """By its words, where these are to be looked at."""
        settings = self._settings
        judging = Judging(settings.succeeds_if, settings.fails_if, self._tools.masked)
        judging.hear(exchange.said)
        wrong = judging.wrong()
        looked = bool(settings.succeeds_if or settings.fails_if)
        if looked and not exchange.whole and not judging.sure:
            return Result("unknown", f"answered {status}, but not all of its words came: {_NOBODY}")
        if wrong:
            return Result("failed", f"answered {status}, but {wrong}")
        return Result("succeeded", f"answered {status}")


def _address(template: str, values: Mapping[str, str]) -> str:
    """The address, each value in it quoted. Raises ``ActionError`` for one that would make it
    another resource's: an empty segment of its path, or one that goes up (RFC 3986, 5.2.4)."""
    quoted = {name: quote(value, safe="") for name, value in values.items()}
    for segment in _PATH_ENDS.split(template, maxsplit=1)[0].split("/"):
        made = put(segment, quoted)
        if made in ("", ".", "..") and made != segment:
            names = ", ".join(placeholders(segment))
            raise ActionError(f"{names}: {made!r} in a path is the address of something else")
    return put(template, quoted)


def _shown(template: str, values: Mapping[str, str]) -> str:
    """The address as a person reads it: what was given is told, what the file says in its query
    may be a token."""
    address, mark, query = template.partition("?")
    quoted = {name: quote(value, safe="") for name, value in values.items()}
    known = [_pair(each, quoted) for each in query.partition("#")[0].split("&")]
    return mask_url(put(address, quoted)) + mark + "&".join(known)


def _pair(pair: str, quoted: Mapping[str, str]) -> str:
    name, equals, value = pair.partition("=")
    match = PLACEHOLDER.fullmatch(value)
    told = put(value, quoted) if match and match[1] else "***"
    return f"{put(name, quoted)}{equals}{told}" if equals else put(name, quoted)


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
