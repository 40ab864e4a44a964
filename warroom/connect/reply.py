"""One answer as it comes off a connection, and how much of it is taken."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from typing import cast

import httpcore

from warroom.connect.body import BodyError, BodyReader, RawBody
from warroom.connect.progress import Progress

MIB = 1 << 20
TURN = 100
"""Pieces of a body, each a chunk, after which the loop turns: one read can hold thousands of
tiny ones, which keep h11 busy for 0.1 s and more."""


@dataclass(frozen=True)
class Asking:
    """How to ask, and how much to take.

    ``max_bytes`` are the decoded bytes of the body; ``undecoded`` hands a large one over as it
    came, to be decoded beside the loop. ``follow`` goes after redirects. ``fresh`` opens a new
    connection and closes it after.
    """

    max_bytes: int = MIB
    follow: bool = False
    fresh: bool = False
    undecoded: bool = False


@dataclass(frozen=True)
class Reply:
    """One answer as it came; header names in lower case. ``flaws`` are the body's, ``over``
    says that it was larger than ``max_bytes``; ``raw`` is the body where it was wanted
    undecoded and has none."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    flaws: tuple[str, ...]
    size: int
    raw: RawBody | None = None
    over: bool = False

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key == name), None)


async def read_reply(response: httpcore.Response, progress: Progress, asking: Asking) -> Reply:
    """The whole of ``response``, or as much of its body as may be."""
    progress.phase = "body"
    headers = tuple(
        (key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in response.headers
    )
    coding = ", ".join(value for key, value in headers if key == "content-encoding").strip()
    flaws: tuple[str, ...] = ()
    body, raw, over = b"", None, False
    try:
        if asking.undecoded:
            raw = RawBody(coding, asking.max_bytes)
            await _collect(response, raw, progress)
        else:
            reader = BodyReader(coding, asking.max_bytes)
            await _collect(response, reader, progress)
            body = reader.finish()
    except BodyError as flaw:
        flaws, raw, over = (str(flaw),), None, flaw.over
    return Reply(response.status, headers, body, flaws, progress.body, raw, over)


async def _collect(response: httpcore.Response, reader: RawBody, progress: Progress) -> None:
    stream = cast("AsyncGenerator[bytes]", aiter(cast("AsyncIterable[bytes]", response.stream)))
    async with contextlib.aclosing(stream) as chunks:
        count = 0
        async for chunk in chunks:
            progress.body += len(chunk)
            reader.feed(chunk)
            count += 1
            if count % TURN == 0:
                await asyncio.sleep(0)
