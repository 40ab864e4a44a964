"""Processes as tests look at them: any may end between two looks."""

import psutil


def alive(process: psutil.Process | int) -> bool:
    """Whether it still runs; a zombie has ended, and only waits to be counted."""
    try:
        if isinstance(process, int):
            process = psutil.Process(process)
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def words(process: psutil.Process) -> list[str]:
    """Its command line, word by word; none when it has ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
