"""Text from outside, all the way to a real terminal: shown, and obeyed by nobody."""

import http.server
import json
import re
import threading

import pytest

from tests.rooms import WARROOM, Room
from tests.terminal import Terminal, until

HOSTILE = "\x1b[2J\x1b]52;c;eA==\x07\x9b31m\u202eevil\u2066\u200b\x00[/] [@click=app.quit]x[b"
LEFT = b"\x1b[?1004l"
"""The last thing that is written on the way out."""
OWN = re.compile(
    rb"\x1b\[[0-9;]*[CHm]"  # where and how to paint
    rb"|\x1b\[5n"  # has it all been drawn?
    rb"|\x1b\[[?<>][0-9;]*[\$a-z]+"  # modes the console itself sets and asks for
    rb"|\x1b\]22;[a-z]*\x07"  # the pointer's shape, Textual's own
    rb"|\x07|\r|\n"
)


class Hostile(http.server.BaseHTTPRequestHandler):
    """Lies in its reason, headers and body; its body has a line of 1 MB."""

    def do_GET(self):
        body = {"status": HOSTILE, "version": HOSTILE, "state": "x" * 900_000, "figure": HOSTILE}
        data = json.dumps(body).encode()
        self.wfile.write(b"HTTP/1.1 200 \x1b[2J[b]\r\nX-Left: \x1b[2J7\r\n")
        self.wfile.write(f"Content-Length: {len(data)}\r\n\r\n".encode() + data)

    def log_message(self, *args):
        pass


@pytest.fixture
def hostile():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.long
@pytest.mark.trap(
    17,
    "hostile text in a status line, header, body and a line of 1 MB, on a real terminal",
    "shown; no control byte of it in the raw output or in any command's",
)
def test_nothing_hostile_reaches_the_terminal_or_the_commands(hostile):
    source = {
        "kind": "http",
        "url": f"{hostile}/[b]%1b",
        "interval": "300ms",
        "title": "[b] [@click=app.quit]",
        "expect": ["status == ok", "state == fine"],
        "figures": {"figure": "figure"},
        "header_figures": {"left": "X-Left"},
        "max_bytes": "2MiB",
    }
    with Room({"api": source}, environment="[b]\u202eprod") as room:
        with Terminal(WARROOM, env=room.env, columns=100, rows=40) as terminal:
            terminal.wait_for("SEV1 DOWN", "[b] [@click=app.quit]")
            terminal.type("1z")
            terminal.wait_for("request", "version")
            assert r"\u202eevil" in terminal.text
            terminal.type("K")
            terminal.wait_for("Acknowledge [b] [@click=app.quit]")
            assert terminal.process.poll() is None
            # Ended first, so that nothing is looked at while it is half written.
            terminal.process.terminate()
            terminal.wait_exit()
            until(lambda: LEFT in terminal.raw)
        left = OWN.sub(b"", bytes(terminal.raw)).decode("utf-8")
        assert not [c for c in left if ord(c) < 32 or 0x7F <= ord(c) < 0xA0]
        assert not set(left) & set("\u202e\u2066\u200b")
        for command in (["check"], ["check", "--json"], ["status"], ["logs"]):
            done = room.run(*command, check=False)
            for text in (done.stdout, done.stderr):
                assert not [c for c in text if c != "\n" and ord(c) < 32]
                assert not set(text) & set("\x9b\u202e\u2066\u200b")
