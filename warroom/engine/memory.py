"""The C library's share of the engine's memory, for a process that lives for weeks."""

import ctypes

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
"""<malloc.h>, mallopt(3)"""
LARGE = 128 * 1024
"""Bytes from which a piece is taken from the system by itself, and given back to it: glibc's own
figure, which it raises, unless it is set, up to 32 MiB with each larger piece that is let go of.
"""


def keep_small() -> bool:
    """Have glibc keep no more than is used; False where the C library is another one.

    Left to itself it has a heap of its own for each thread that asks, up to eight for each
    processor, each as large as it ever was (measured in a night of faults: 46 MiB, half of them
    free; with this 21, of which 20 are used). To be called before there are threads.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wanted = ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, LARGE))
    taken = [mallopt(name, value) == 1 for name, value in wanted]
    return all(taken)
