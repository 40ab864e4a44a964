"""One of twenty that hangs costs the nineteen no poll."""

from tests.live.rooms import Follower, Room, room

__all__ = ["room"]

NINETEEN = tuple(f"s{n}" for n in range(19))
ENOUGH = 8


async def test_a_black_hole_costs_the_others_no_poll(room: Room) -> None:
    room.write("hole", *NINETEEN, interval="500ms")
    room.tell("hole", hang=True)
    engine = room.engine()
    connection = await room.attach()
    try:
        follower = Follower(connection)
        await follower.until(
            lambda f: (
                "hole" in f.sources
                and all(view.polls >= ENOUGH for name, view in f.sources.items() if name != "hole")
            ),
            seconds=20,
        )
        hole = follower.sources.pop("hole")
        assert hole.state == "CAN'T SEE"
        assert hole.failure is not None
        assert "no answer within" in hole.failure.reason
        for view in follower.sources.values():
            assert (view.state, view.failures, view.skipped) == ("UP", 0, 0), view.name
    finally:
        await connection.close()
        engine.terminate()
        engine.communicate(timeout=10)
