"""What the command line says of a Redis: how many commands a poll takes, and its figures."""

import json
import re
import subprocess

from tests.live.redis.servers import Server
from tests.rooms import WARROOM, Room
from tests.waiting import until

MAIL = {"name": "mail", "kind": "list"}


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
        with subprocess.Popen([*WARROOM, "engine"], env=room.env, stderr=subprocess.DEVNULL):
            until(lambda: room.status() and room.status()["sources"][0]["load"], 20)
            told = room.run("status").stdout
            assert re.search(r"^ +\d+ commands a poll: INFO 2", told, re.MULTILINE)
            room.run("stop")
