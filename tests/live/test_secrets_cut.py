"""A secret that a target tells again, just where its text is cut: masked all the same."""

import json
from typing import Any

import pytest

from tests.live import probing, scraping
from tests.live.bad_server import answer, bad_server
from warroom.clock import SystemClock
from warroom.config.masker import Masker
from warroom.engine.poll import look
from warroom.engine.vantage import Vantage

CLOCK = SystemClock()
TOKEN = "correct-horse-battery-staple-0123456789abcdef" * 20
CUTS = (20, 40, 60, 80, 100, 120, 160, 200, 300, 500, 1000, 2000)
OFFSETS = [0, *(cut - len(TOKEN) // 2 for cut in CUTS if cut > len(TOKEN) // 2)]
OFFSETS += [cut - 10 for cut in CUTS]


def query(**reply: Any) -> bytes:
    return json.dumps({"status": "success", **reply}).encode()


def vector(label: str, **more: Any) -> bytes:
    result = [{"metric": {"job": label}, "value": [1.0, "1"]}]
    return query(data={"resultType": "vector", "result": result}, **more)


def told(text: str) -> dict[str, tuple[bytes, dict[str, str]]]:
    """What a metrics page or a server may say ``text`` in: the answer, and the source's keys."""
    page, server = {"url": "/m"}, {"server": ""}
    types = {"kind": scraping.TEXT}
    kind = text.replace(" ", "-")
    return {
        "label": (answer(f'depth{{queue="{text}"}} 1\n'.encode(), **types), page),
        "line": (answer(f"depth {text}\n".encode(), **types), page),
        "type": (answer(b"depth 1\n", kind=f"application/json-{kind}"), page),
        "coding": (answer(b"x", ("Content-Encoding", kind), **types), page),
        "location": (answer(b"", ("Location", f"/{kind}"), status=302), page),
        "head": (b"HTTP/1.1 200 OK\r\n" + kind.encode() + b"\r\n\r\n", page),
        "refusal": (answer(json.dumps({"status": "error", "error": text}).encode()), server),
        "warning": (answer(vector("a", warnings=[text])), server),
        "part": (answer(vector(text)), server),
        "result": (answer(query(data={"resultType": text, "result": []})), server),
    }


@pytest.mark.parametrize("what", list(told("")))
async def test_a_metrics_source_shows_no_piece_of_a_secret(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUT_TOKEN", TOKEN)
    masker = Masker()
    async with bad_server() as server:
        for offset in OFFSETS:
            raw, where = told("x" * offset + TOKEN)[what]
            server.says("/m", raw)
            server.says("/api/v1/query", raw)
            figure: dict[str, Any] = {"gauge": "depth", "by": "queue"}
            if "server" in where:
                figure = {"query": "up", "by": "job"}
            place = {key: server.url(path) for key, path in where.items()}
            async with scraping.scraping(
                **place, figures={"f": figure}, bearer={"env": "CUT_TOKEN"}, masker=masker
            ) as source:
                poll = await look(source, 2.0, CLOCK, masker.mask, Vantage(CLOCK))
            assert TOKEN[:8] not in repr(poll), (what, offset)


@pytest.mark.parametrize(
    ("body", "settings"),
    [
        ('{"status":"%s"}', {"expect": ["status == ok"]}),
        ('{"version":"%s","environment":"%s"}', {"environment": "environment"}),
        ('{"n":"%s"}', {"figures": {"n": "n"}}),
    ],
)
async def test_a_probe_shows_no_piece_of_a_secret(
    body: str, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUT_TOKEN", TOKEN)
    masker = Masker()
    async with bad_server() as server:
        for offset in OFFSETS:
            text = "x" * offset + TOKEN
            url = server.says(
                "/", answer(body.replace("%s", text).encode(), ("Location", f"/{text}"), status=302)
            )
            async with probing.probing(
                url, bearer={"env": "CUT_TOKEN"}, masker=masker, **settings
            ) as source:
                poll = await look(source, 2.0, CLOCK, masker.mask, Vantage(CLOCK))
            assert TOKEN[:8] not in repr(poll), offset
