"""A room that is cut off, with a real engine: said once, nothing called down, nothing forgotten."""

import json
import socket

from tests.live.rooms import Follower, Room, room

__all__ = ["room"]

DOWN = (
    '[[rules]]\nname = "api refused"\nsignal = "api.load"\nlevels = { SEV1 = "> 9" }\n'
    "raise_after = 1\n"
)


def _canaries(*servers: socket.socket) -> str:
    written = ", ".join(f'"127.0.0.1:{server.getsockname()[1]}"' for server in servers)
    return f'[vantage]\ncanaries = [{written}]\ninterval = "500ms"\ntimeout = "500ms"\n{DOWN}'


def _listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=500)


async def test_cut_off_is_said_once_and_over_when_a_canary_is_back(room: Room) -> None:
    one, two = _listening(), _listening()
    port = one.getsockname()[1]
    room.write("api", "web", more=_canaries(one, two))
    engine = room.engine()
    connection = await room.attach()
    try:
        follower = Follower(connection)
        await follower.until(lambda f: {s.state for s in f.sources.values()} == {"UP"})
        one.close()
        two.close()
        room.tell("api", fail="no route to host")
        await follower.until(lambda f: f.room.cut_off)
        await follower.until(
            lambda f: {s.cause for s in f.sources.values()} == {"this room is cut off"}
        )
        assert follower.room is not None
        assert (follower.room.worst, follower.room.cause) == ("CAN'T SEE", "this room is cut off")
        assert "none of 2 canaries answers" in follower.room.cut_off
        told = room.run("status", check=True).stdout
        assert told.count("cut off") == 1
        past = json.loads(room.run("status", "--json", check=True).stdout)["past"]
        assert [onset["source"] for onset in past["onsets"]] == [""]
        checked = room.run("check", "--json")
        assert checked.returncode == 3
        errors = {source["error"] for source in json.loads(checked.stdout)["sources"]}
        assert errors == {"this room is cut off"}
        room.tell("api")
        with socket.create_server(("127.0.0.1", port), backlog=500):
            await follower.until(
                lambda f: not f.room.cut_off and {s.state for s in f.sources.values()} == {"UP"}
            )
        assert follower.room.worst == "OK"
    finally:
        await connection.close()
        engine.terminate()
        engine.communicate(timeout=10)
