"""An example's room as a test has it: its own configuration, with servers that stand in for the
team's, and spans of time that can be waited for.

What is changed is all here and in the test's own ``Told``; everything else, levels, rules, actions,
playbooks, procedure, is the example's own.
"""

import contextlib
import os
import shutil
import tomllib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import tomli_w

from tests.live.bad_server import serving
from tests.live.certificates import Authority
from tests.live.comms.receiving import Mailbox, mail_server
from tests.live.error_tracker import TOKEN, Tracker
from tests.live.examples.changing import moved, put, shorten, texts, variables
from tests.live.examples.standing import Reply, Standing, standing
from tests.live.name_servers import NameServer, name_server
from tests.live.rooms import REPOSITORY, Room
from warroom.clock import SystemClock

EXAMPLES = REPOSITORY / "examples"
SECRET = "stand-in-secret"


@dataclass(frozen=True)
class Told:
    """What a test says of its stand-ins. ``sites`` are addresses of the team's, and the site that
    stands in for each; ``moves`` addresses, folders and the like, and what takes their place as it
    is. ``env`` are variables for secrets; those that are not named get some secret. ``changes`` are
    single values by their path. ``programs`` are names on PATH, or paths in the room's folder."""

    sites: Mapping[str, str] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    programs: tuple[str, ...] = ()


@dataclass
class Example:
    """What stands in for what."""

    room: Room
    standing: Standing
    table: dict[str, Any]
    tracker: Tracker | None = None
    mailbox: Mailbox | None = None
    names: dict[str, NameServer] = field(default_factory=dict)
    """By the source: the name server it asks."""


def of_kind(table: dict[str, Any], section: str, kind: str) -> dict[str, Any]:
    """The entries of this kind."""
    return {name: one for name, one in table.get(section, {}).items() if one["kind"] == kind}


@contextlib.asynccontextmanager
async def furnished(
    letter: str, room: Room, monkeypatch: pytest.MonkeyPatch, told: Told
) -> AsyncIterator[Example]:
    """The room of ``examples/LETTER``, its configuration written; no engine runs yet."""
    async with contextlib.AsyncExitStack() as stack:
        servers = await stack.enter_async_context(standing())
        table = tomllib.loads((EXAMPLES / letter / "warroom.toml").read_text("utf-8"))
        shutil.copytree(EXAMPLES / letter, room.folder, dirs_exist_ok=True)
        (room.folder / "warroom.toml").unlink()
        shorten(table)
        made = Example(room, servers, table)
        await _watched(made, stack)
        await _receivers(made, stack, monkeypatch)
        for path, value in told.changes.items():
            put(table, path, value)
        sites = {address: servers.at(site) for address, site in told.sites.items()}
        made.table = moved(table, {**sites, **told.moves})
        _environment(made, told, monkeypatch)
        _inside(made.table)
        room.config.write_bytes(tomli_w.dumps(made.table).encode())
        room.config.chmod(0o600)
        # First of all on the way out: nobody asks servers that are going.
        stack.callback(_end_engines, room)
        yield made


def _end_engines(room: Room) -> None:
    for process in room.engines():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(10)


async def _watched(made: Example, stack: contextlib.AsyncExitStack) -> None:
    """Stand-ins that every room can have: vendors' pages, a tracker, names, canaries."""
    table, servers = made.table, made.standing
    for name, source in of_kind(table, "sources", "statuspage").items():
        source.pop("vendor", None)
        source["url"] = servers.vendor(name, names=tuple(source.get("components", ())))
    for name, source in of_kind(table, "sources", "sentry").items():
        made.tracker = Tracker(clock=SystemClock())  # type: ignore[arg-type]
        await stack.enter_async_context(serving(made.tracker))
        token = {"env": f"STANDS_IN_{name.upper().replace('-', '_')}"}
        ours = {"url": made.tracker.url(""), "organization": "acme", "project": "web"}
        source.update(ours, bearer=token)
    for name, source in of_kind(table, "sources", "dns").items():
        answer = [one.partition("/")[0] for one in source.get("expect", ["192.0.2.1"])]
        record = source.get("record", "A")
        server = await stack.enter_async_context(name_server(answer, record=record))
        made.names[name] = server
        source.update(system=False, resolvers=[server.where])
    await _certificates(made, stack)
    if "vantage" in table:
        others = [await stack.enter_async_context(standing()) for _ in range(2)]
        table["vantage"]["canaries"] = [f"127.0.0.1:{one.port}" for one in others]


async def _certificates(made: Example, stack: contextlib.AsyncExitStack) -> None:
    found = of_kind(made.table, "sources", "tls")
    if not found:
        return
    authority = Authority(made.room.folder)
    for name, source in found.items():
        host = source.get("server_name") or source["address"].rpartition(":")[0]
        pair = authority.issue(host, days=60, stem=f"tls-{name}")
        server = Standing(secure=True)
        await stack.enter_async_context(serving(server, pair.server()))
        address = f"127.0.0.1:{server.port}"
        source.update(address=address, server_name=host, ca_file=authority.file)


async def _receivers(
    made: Example, stack: contextlib.AsyncExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chats at ``/chat/RECEIVER``, pagers at ``/pager/RECEIVER``, one mail server for all."""
    servers = made.standing
    servers.pages["/chat/*"] = Reply("ok")
    servers.pages["/pager/*"] = Reply({"status": "success"}, 202)
    for name, one in of_kind(made.table, "receivers", "slack").items():
        variable = f"STANDS_IN_CHAT_{name.upper().replace('-', '_')}"
        one["url"] = {"env": variable}
        monkeypatch.setenv(variable, servers.at(f"chat/{name}"))
    for name, one in of_kind(made.table, "receivers", "pager").items():
        one["url"] = servers.at(f"pager/{name}")
    mails = of_kind(made.table, "receivers", "mail")
    if mails:
        made.mailbox = await stack.enter_async_context(mail_server())
    for one in mails.values():
        for key in ("username", "password", "ca_file"):
            one.pop(key, None)
        assert made.mailbox is not None
        one.update(host="127.0.0.1", port=made.mailbox.port, tls="none")


def _environment(made: Example, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables(made.table):
        if name.startswith("STANDS_IN_CHAT_"):
            continue
        given = TOKEN if name.startswith("STANDS_IN_") else told.env.get(name, SECRET)
        monkeypatch.setenv(name, given)
    on_path = tuple(f"bin/{name}" for name in told.programs if "/" not in name)
    paths = tuple(name for name in told.programs if "/" in name)
    made.standing.install(made.room.folder, *on_path, *paths)
    monkeypatch.setenv("PATH", f"{made.room.folder / 'bin'}{os.pathsep}{os.environ['PATH']}")


def _inside(table: dict[str, Any]) -> None:
    """Nothing is asked, sent or called that is not on loopback."""
    for section in ("sources", "receivers", "actions", "checks"):
        for text in texts(table.get(section, {})):
            if "://" in text and " " not in text:
                host = urlsplit(text).hostname
                assert host in (None, "127.0.0.1"), f"nobody stands in for {text} ({section})"


def folder_of(room: Room, name: str) -> str:
    """A folder of the room's for what the team's programs are run in."""
    path: Path = room.folder / name
    path.mkdir(exist_ok=True)
    return str(path)
