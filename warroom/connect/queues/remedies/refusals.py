"""Which remedies a layout cannot have, and why, in words for a person."""

from collections.abc import Mapping

from warroom.connect.queues.layout import Layout

_WHY: Mapping[tuple[str, str], str] = {
    ("list", "clear_stuck"): (
        "a plain list does not tell who has a job in hand, nor since when: it cannot be told from "
        "one that is worked on"
    ),
    ("list", "retry_failed"): "no list of failed jobs is configured for it (failed)",
    ("zset", "clear_stuck"): "a plain sorted set keeps no trace of a job once it is taken",
    ("zset", "retry_failed"): "a plain sorted set does not know what failed",
    ("stream", "retry_failed"): (
        "a stream does not know what failed, only what was not acknowledged: see clear_stuck"
    ),
    ("sidekiq", "clear_stuck"): (
        "Sidekiq keeps no copy of a job in hand: what a process had that was killed is in no key. "
        "Sidekiq Pro brings its own back by itself (super_fetch)"
    ),
    ("celery", "retry_failed"): (
        "Celery lists no failed tasks in Redis: send them again from where they came"
    ),
    ("arq", "retry_failed"): (
        "arq lists no failed jobs, and forgets what they were asked to do: queue them again from "
        "where they came"
    ),
}


def refusal(layout: Layout, remedy: str) -> str:
    other = f"there is no such remedy for queues of the kind {layout.kind}"
    return f"{layout.place}: {_WHY.get((layout.kind, remedy), other)}"
