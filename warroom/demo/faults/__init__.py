"""The faults the demo knows. A new one is a module here and a name in `KNOWN`."""

from warroom.demo.faults.fault import Fault
from warroom.demo.faults.outage import Outage

KNOWN: tuple[type[Fault], ...] = (Outage,)
