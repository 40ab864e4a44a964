"""Servers that stand in for a team's production, and programs that do something to it.

Each site of the team (its application, its metrics, a vendor's status page, its chat) is a path on
one HTTP server of loopback; each program of theirs (``vercel``, ``railway``) a small script on PATH
that tells the same server how it was called, and does as it is answered.
"""

import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.live.bad_server import BadServer, Heard, Script, answer, serving
from tests.live.vendor_pages import WELL, summary

PROGRAM = """\
#!{python} -IS
import json, os, socket, sys

read = "" if sys.stdin.isatty() else sys.stdin.read()
told = {{"argv": sys.argv[1:], "stdin": read, "env": dict(os.environ)}}
body = json.dumps(told).encode()
with socket.create_connection(("127.0.0.1", {port})) as server:
    head = "POST /programs/{name} HTTP/1.1\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
    server.sendall(head.encode() + body)
    said = server.makefile("rb")
    while line := said.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    came = json.loads(said.read(length))
sys.stdout.write(came["out"])
sys.exit(came["status"])
"""


@dataclass(frozen=True)
class Reply:
    """What a page answers; what is no text is sent as JSON."""

    body: Any = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def raw(self, head_only: bool = False) -> bytes:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        kind = "text/plain; charset=utf-8" if isinstance(self.body, str) else "application/json"
        whole = answer(text.encode(), *self.headers, status=self.status, kind=kind)
        return whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head_only else whole


@dataclass(frozen=True)
class Called:
    """One call of a program."""

    name: str
    argv: tuple[str, ...]
    stdin: str
    env: dict[str, str]


@dataclass(frozen=True)
class Came:
    """What a program prints, and the status it ends with."""

    out: str = ""
    status: int = 0


Page = Callable[[Heard], Reply]
Program = Callable[[Called], Came]


@dataclass(kw_only=True)
class Standing(BadServer):
    """``pages`` by path, one that ends with ``/*`` for all below it; ``programs`` by name, and
    ``calls`` what they were called with. Whatever is not there is a 404, or ends with 127."""

    pages: dict[str, Reply | Page] = field(default_factory=dict)
    programs: dict[str, Came | Program] = field(default_factory=dict)
    calls: list[Called] = field(default_factory=list)

    def script_for(self, heard: Heard) -> Script:
        path = heard.target.partition("?")[0]
        if path.startswith("/programs/"):
            return Script(self._called(path.rpartition("/")[2], json.loads(heard.body)).raw())
        page = self._page(path)
        reply = page(heard) if callable(page) else page
        return Script(reply.raw(heard.method == "HEAD"))

    def _page(self, path: str) -> Reply | Page:
        while path and path not in self.pages:
            path = path.removesuffix("/*").rpartition("/")[0] + "/*" if path != "/*" else ""
        return self.pages.get(path, Reply("no such page", 404))

    def _called(self, name: str, told: dict[str, Any]) -> Reply:
        call = Called(name, tuple(told["argv"]), told["stdin"], told["env"])
        self.calls.append(call)
        program = self.programs.get(name, Came(f"{name}: nobody stands in for it\n", 127))
        came = program(call) if callable(program) else program
        return Reply({"out": came.out, "status": came.status})

    def at(self, site: str) -> str:
        """The address of a site."""
        return self.url(f"/{site}")

    def vendor(self, source: str, status: str = "operational", **more: Any) -> str:
        """Have a vendor's status page tell so of its components; its address."""
        names = more.pop("names", None) or tuple(WELL)
        page = summary(more.pop("indicator", "none"), components=dict.fromkeys(names, status))
        self.pages[f"/vendors/{source}/api/v2/*"] = Reply({**page, **more})
        return self.at(f"vendors/{source}")

    def called(self, name: str) -> list[tuple[str, ...]]:
        """The argument lists that a program was called with, in their order."""
        return [call.argv for call in self.calls if call.name == name]

    def sent(self, site: str) -> list[Any]:
        """The bodies (JSON) that came to a site."""
        return [json.loads(one.body) for one in self.heard if one.target.startswith(f"/{site}")]

    def install(self, folder: Path, *paths: str) -> None:
        """Scripts at these paths of ``folder``, each the program of its file's name."""
        for path in paths:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            text = PROGRAM.format(python=sys.executable, port=self.port, name=file.name)
            file.write_text(text)
            file.chmod(0o700)


@contextlib.asynccontextmanager
async def standing() -> AsyncIterator[Standing]:
    """Until the end of the block."""
    made = Standing()
    async with serving(made):
        yield made
