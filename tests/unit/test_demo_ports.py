"""Ports of the demo: nobody else's, those of other demos neither that are opened later."""

import socket
import subprocess
import sys

from warroom.demo import ports

OTHER = "from warroom.demo import ports; print(*ports.free(3), flush=True); input()"


def test_what_another_demo_has_taken_and_not_opened_is_not_free(monkeypatch):
    with subprocess.Popen(
        [sys.executable, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        taken = [int(word) for word in other.stdout.readline().split()]
        left = next(port for port in ports.RANGE if port not in taken and ports._is_free(port))
        monkeypatch.setattr(ports, "RANGE", [*taken, left])
        assert ports.free(1) == [left]
        other.communicate("\n")
    monkeypatch.setattr(ports, "RANGE", taken[:1])
    assert ports.free(1) == taken[:1]  # it has ended


def test_what_somebody_listens_on_is_not_free_nor_what_is_open_by_udp(monkeypatch):
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(type=socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", 0))
        for each in (tcp, udp):
            assert not ports._is_free(each.getsockname()[1])
