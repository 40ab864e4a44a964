"""How far one exchange has come: its phase, its times, and words for where it stood still."""

from dataclasses import dataclass

from warroom.errors import ProbeError
from warroom.measure.snapshot import Phases
from warroom.text import short_duration


@dataclass
class Progress:
    """One exchange under way; the connection writes down here what happens to it.

    ``ends`` is the total deadline in the event loop's time; times taken are seconds.
    ``received`` counts the bytes of the answer as they came, head included.
    """

    ends: float
    phase: str = "set-up"
    peer: str = ""
    sent_at: float | None = None
    received: int = 0
    body: int = 0
    opened: bool = False
    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None

    def restart(self) -> None:
        """Another hop begins within the same deadline."""
        fresh = Progress(ends=self.ends)
        self.__dict__.update(fresh.__dict__)

    def phases(self, total: float) -> Phases:
        return Phases(
            dns=self.dns,
            connect=self.connect,
            tls=self.tls,
            first_byte=self.first_byte,
            total=total,
        )

    def late(self, limit: float) -> ProbeError:
        """The error for a deadline of ``limit`` seconds that passed in this phase."""
        within = f"within {short_duration(limit)}"
        if self.phase == "set-up":
            return ProbeError("set-up", f"not ready to ask {within}")
        if self.phase == "dns":
            words = f"no answer from DNS {within}"
            return ProbeError("dns", words, 'address = "…" does without DNS')
        if self.phase == "connect":
            hint = "packets are dropped on the way, or the host is gone"
            return ProbeError("connect", f"no connection to {self.peer} {within}", hint)
        if self.phase == "proxy":
            return ProbeError("proxy", f"no answer from the proxy {self.peer} {within}")
        if self.phase == "tls":
            return ProbeError("tls", f"no answer {within}: connected, no TLS handshake")
        if self.phase == "send":
            return ProbeError("send", f"no answer {within}: connected, request not taken")
        if self.phase == "body":
            words = f"no complete answer {within}: {counted(self.body)} of its body came"
            return ProbeError("body", words)
        if self.received:
            words = f"no complete answer {within}: {counted(self.received)} of its head came"
            return ProbeError("first byte", words)
        words = f"no answer {within}: connected, request sent, no first byte"
        return ProbeError("first byte", words)


def counted(size: int) -> str:
    """``1 byte``, ``12 bytes``."""
    return "1 byte" if size == 1 else f"{size} bytes"
