"""A room full of what must not be seen on a shared screen, in everything that it shows."""

import contextlib
import http.server
import json
import threading

import tomli_w

from tests.rooms import Room

HOST, SHORT, ADDRESS = "db1.planted.internal", "plantedbox", "10.31.41.59"
PERSON, NAME, MAIL = "plantedperson", "Ana Plantedova", "ana@planted.example"
TOKEN, PASSWORD, PHONE = "sk_live_51PlantedAbCdEf012", "plantedhunter2", "+49 170 5550199"
LITERAL = "plantedliteral"
SECRETS = (HOST, SHORT, ADDRESS, PERSON, NAME, "Plantedova", MAIL, TOKEN, PASSWORD, PHONE, LITERAL)
TELLING = (
    f"{HOST} ({ADDRESS}) refused {PERSON}, {MAIL} on {SHORT}: token {TOKEN} password={PASSWORD}; "
    f"select a from orders where b = '{LITERAL}'; ask {NAME}, {PHONE}"
)
FIGURES = {"kind": "command", "interval": "500ms"}


class Teller(http.server.BaseHTTPRequestHandler):
    """Tells everything in its reason and its body."""

    def do_GET(self):
        body = json.dumps({"status": TELLING, "version": f"{HOST} {TOKEN}"}).encode()
        self.send_response(503, TELLING[:200])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def document(url):
    """The configuration: each section names what must not be seen."""
    deployed = [{"id": TOKEN, "name": f"v1 on {HOST}", "by": PERSON, "at": "2026-03-04T12:00:00Z"}]
    who = {"name": NAME, "role": "on-call", "phone": PHONE, "mail": MAIL, "chat": f"@{PERSON}"}
    about = {"title": f"Slow on {HOST}", "about": TELLING}
    step = {"text": f"look at {HOST} with {NAME}", "check": "look"}
    call = {"text": f"wake {PERSON}", "tell": [NAME]}
    return {
        "version": 1,
        "room": {"name": "test", "environment": "staging", "linger": "20s"},
        "pages": [
            {"name": "first", "panels": ["health", "signals", "onset"]},
            {"name": f"on {HOST}"[:24], "panels": ["deployments", "timeline", "resources"]},
        ],
        "sources": {
            "api": {
                "kind": "http",
                "url": f"{url}/at?token={TOKEN}",
                "title": f"api {SHORT}"[:40],
                "interval": "500ms",
                "expect": ["status == ok"],
            },
            "gone": {"kind": "tls", "address": f"{HOST}:443", "interval": "1s", "timeout": "500ms"},
            "said": {**FIGURES, "argv": ["printf", "%s\\n", TELLING], "shows": "lines"},
            "deployed": {
                **FIGURES,
                "argv": ["printf", "%s", json.dumps(deployed)],
                "shows": "json",
                "lists": "deployments",
                "fields": {"title": "name", "at": "at", "by": "by", "key": "id"},
            },
            "alias": {"kind": "redis", "dsn": f"redis://{PERSON}@{SHORT}:6379/0", "interval": "2s"},
        },
        "contacts": [who],
        "receivers": {
            "team": {
                "kind": "mail",
                "host": SHORT,
                "sender": MAIL,
                "to": [MAIL],
                "username": PERSON,
                "password": {"env": "PLANTED"},
            }
        },
        "actions": {
            "calm": {
                "kind": "command",
                "title": f"Calm {HOST}",
                "danger": "mild",
                "argv": ["printf", "%s\\n", f"{TELLING} {{what}}"],
                "parameters": {"what": {"default": f"it on {SHORT}"}},
            }
        },
        "checks": {"look": {"kind": "command", "argv": ["printf", "%s\\n", TELLING]}},
        "playbooks": {
            "slow": {
                **about,
                "look": [step],
                "escalation": [call],
                "symptoms": [{"source": ["api"], "state": "down", "for": 1}],
            }
        },
    }


@contextlib.contextmanager
def planted_room():
    """The room, and the server that it watches."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Teller) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with Room({}) as room:
            room.env["PLANTED"] = PASSWORD
            whole = document(f"http://127.0.0.1:{server.server_port}")
            room.config.write_text(tomli_w.dumps(whole))
            room.config.chmod(0o600)
            yield room
        server.shutdown()
        thread.join()
