"""What the command line says of a Redis: how many commands a poll takes, and its figures."""

import json
import re
import socketserver
import subprocess
import threading

from tests.live.redis.servers import Server
from tests.rooms import WARROOM, Room
from tests.waiting import until

MAIL = {"name": "mail", "kind": "list", "distinct": True}


def test_check_and_status_say_what_a_poll_costs(redis7: Server) -> None:
    with redis7.client() as app:
        app.flushall()
        app.rpush("mail", *range(5))
    source = {
        "kind": "redis",
        "dsn": redis7.url,
        "interval": "500ms",
        "timeout": "5s",
        "queues": [MAIL],
    }
    with Room({"jobs": source}) as room:
        (told,) = json.loads(room.run("check", "--json").stdout)["sources"]
        assert re.fullmatch(r"\d+ commands a poll: INFO 2, LINDEX 1, LLEN 1, .*", told["load"])
        figures = {each["name"]: each["value"] for each in told["signals"]}
        assert figures["jobs.mail.depth"] == 5
        sent = int(told["load"].partition(" ")[0])
        assert figures["jobs.commands"] == sent
        assert "commands a poll:" in " ".join(room.run("check").stdout.split())
        command = [*WARROOM, "engine"]
        with subprocess.Popen(command, env=room.env, stderr=subprocess.DEVNULL) as engine:
            try:
                until(lambda: room.status() and room.status()["sources"][0]["load"], 20)
                told = room.run("status").stdout
            finally:
                engine.kill()
        assert re.search(r"^ +\d+ commands a poll: .*INFO 2", told, re.MULTILINE)


class Careless(socketserver.BaseRequestHandler):
    """Says again whatever it was told, as an error."""

    def handle(self) -> None:
        while told := self.request.recv(4_096):
            for _ in range(told.count(b"*")):
                self.request.sendall(b"-WRONGPASS " + told.replace(b"\r\n", b" ") + b"\r\n")


def test_no_password_comes_out_of_a_server_that_repeats_it() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Careless) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            place = f"127.0.0.1:{server.server_address[1]}"
            source = {"kind": "redis", "interval": "500ms", "timeout": "5s"}
            whole = {**source, "dsn": {"env": "WHOLE"}}
            apart = {**source, "dsn": f"redis://watch@{place}", "password": {"env": "APART"}}
            with Room({"whole": whole, "apart": apart}) as room:
                room.env["WHOLE"] = f"redis://watch:s3cret%2Fwhole@{place}"
                room.env["APART"] = "s3cret-apart"
                for command in (["check"], ["check", "--json"]):
                    done = room.run(*command, check=False)
                    said = done.stdout + done.stderr
                    assert "WRONGPASS" in said
                    assert "s3cret" not in said
        finally:
            server.shutdown()
            thread.join()
