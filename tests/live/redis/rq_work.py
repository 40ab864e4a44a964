"""What RQ's workers are asked to do; imported by them."""

import time

from rq import get_current_job


def wait(number: int) -> None:
    """Waits for the key ``go``, which holds how many may be done."""
    job = get_current_job()
    assert job is not None
    while int(job.connection.get("go") or 0) <= number:
        time.sleep(0.01)


def fails(address: str) -> None:
    raise ValueError(f"no such address: {address}")
