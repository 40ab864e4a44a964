"""What RQ's workers are asked to do; imported by them."""

import time
from typing import Any

from rq import Retry, get_current_job


def wait(number: int, *_: Any) -> int:
    """Waits for the key ``go``, which holds how many may be done."""
    job = get_current_job()
    assert job is not None
    while int(job.connection.get("go") or 0) <= number:
        time.sleep(0.01)
    return number


def fails(address: str) -> None:
    try:
        raise KeyError("no route")
    except KeyError as error:
        raise ValueError(f"no such address: {address}\n  and\nmore") from error


def once_more() -> Retry:
    """Asks to be tried again, once."""
    return Retry(max=1)


def until_mended(number: int) -> None:
    """Notes that it was tried, and fails until somebody has set the key ``mended``."""
    job = get_current_job()
    assert job is not None
    job.connection.rpush("tried", number)
    if not job.connection.exists("mended"):
        raise ValueError(f"no luck with {number}")
