"""A secret is in no argument list, screen, error, log or status: looked for everywhere."""

import base64
import http.server
import os
import threading

import psutil
import pytest

from tests.processes import words
from tests.rooms import WARROOM, Room
from tests.terminal import Terminal, until

BEARER, HEADER, PASSWORD = "s3cret-bearer-7f", "s3cret-header-8a", "s3cret-basic-9c"
QUERY = "s3cret-query-1d"


class Teller(http.server.BaseHTTPRequestHandler):
    """Answers with everything it was sent, as a careless server does."""

    def do_GET(self):
        self.server.seen.append(dict(self.headers))
        told = f"{self.path} {dict(self.headers)}"
        body = f'{{"status": "bad", "version": "{PASSWORD}"}}'.encode()
        self.send_response(500, told.replace("\n", " ")[:300])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def teller():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Teller) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.long
@pytest.mark.trap(
    27,
    "canaries in every reference to a secret of a watched room",
    "in no argument list, screen, log, command or report",
)
def test_no_secret_comes_out_anywhere(teller, tmp_path):
    base = f"http://127.0.0.1:{teller.server_port}"
    kept = tmp_path / "password"
    kept.write_text(PASSWORD)
    kept.chmod(0o600)
    common = {"kind": "http", "interval": "300ms", "expect": ["status == ok"]}
    sources = {
        "bearer": {**common, "url": f"{base}/a?token={QUERY}", "bearer": {"env": "BEARER"}},
        "header": {
            **common,
            "url": f"{base}/b",
            "headers": {"X-Api-Key": {"command": ["printf", HEADER[:8] + "%s", HEADER[8:]]}},
        },
        "basic": {
            **common,
            "url": f"{base}/c",
            "basic": {"user": "ana", "password": {"file": str(kept)}},
        },
        "missing": {**common, "url": f"{base}/d", "bearer": {"env": "NOT_THERE"}},
    }
    with Room(sources) as room:
        room.env["BEARER"] = BEARER
        said = []
        for command in (["config", "check"], ["check"], ["check", "--json"]):
            done = room.run(*command, check=False)
            said += [done.stdout, done.stderr]
        with Terminal(WARROOM, env=room.env, columns=200, rows=60) as terminal:
            terminal.wait_for("SEV1 DOWN")
            for _ in range(4):
                terminal.type("z")
                terminal.wait_for("request")
                said.append(terminal.text)
                terminal.type("z\x1b[B")
            # printf's own arguments are the configuration's, not ours: the rest is looked at.
            lines = [words(p) for p in terminal.family() + list(engines(room))]
            said += [" ".join(line) for line in lines]
            until(lambda: room.status() is not None)
            said += [str(room.status()), room.run("logs", check=False).stdout]
            raw = bytes(terminal.raw).decode("utf-8", "replace")
        said.append(raw)
        said += [path.read_text() for path in room.folder.rglob("*.log")]
        said += [path.read_text() for path in room.folder.rglob("crash-*")]
    sent = str(teller.seen)
    encoded = base64.b64encode(f"ana:{PASSWORD}".encode()).decode()
    assert BEARER in sent
    assert HEADER in sent
    assert encoded in sent
    for secret in (BEARER, HEADER, PASSWORD, QUERY, encoded):
        for text in said:
            assert secret not in text


def engines(room):
    return [psutil.Process(pid) for pid in room.engines() if os.path.exists(f"/proc/{pid}")]
