"""How many TCP connections the shop's port has, from the kernel's own table."""

from collections import Counter
from pathlib import Path

TABLE = Path("/proc/net/tcp")
STATES = {
    0x01: "established",
    0x03: "syn_recv",
    0x06: "time_wait",
    0x08: "close_wait",
}
"""The states worth a figure, by number in <linux/tcp_states.h>."""


def connections(port: int) -> dict[str, int] | None:
    """Connections by state of that local IPv4 port; None where there is no such table."""
    try:
        lines = TABLE.read_text().splitlines()[1:]
    except FileNotFoundError:
        return None
    found: Counter[int] = Counter()
    for line in lines:
        _, local, _, state, *_ = line.split()
        if int(local.rpartition(":")[2], 16) == port:
            found[int(state, 16)] += 1
    return {name: found[number] for number, name in STATES.items()}
