"""What the C library keeps of the engine's memory."""

import ctypes
import subprocess
import sys

import pytest

from warroom.engine.memory import keep_small

HELD = '''
import ctypes, sys, threading
from warroom.engine.memory import keep_small

if sys.argv[1] == "small":
    print(keep_small(), file=sys.stderr)


def much():
    """Pieces that a thread lets go of, with something small that stays behind them."""
    for size in (4_000_000, 100_000, 90_000):
        pieces = [bytes(size) for _ in range(8)]
        kept.append([bytes(600) for _ in range(200)])
        del pieces


kept = []
for _ in range(12):
    thread = threading.Thread(target=much)
    thread.start()
    thread.join()
threads = [threading.Thread(target=much) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
kept.clear()


class Info(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]


libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Info
print(libc.mallinfo2().fordblks)
'''


def free_bytes(how: str) -> tuple[int, str]:
    """What the C library holds and nobody uses, in a process that let go of much."""
    argv = [sys.executable, "-P", "-c", HELD, how]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return int(done.stdout), done.stderr.strip()


def test_what_is_let_go_of_is_given_back() -> None:
    left, said = free_bytes("small")
    assert said == "True"
    usual, _ = free_bytes("usual")
    assert 4 * left < usual


def test_another_c_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert keep_small() is False
