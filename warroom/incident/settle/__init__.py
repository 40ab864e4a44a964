"""What somebody says, completed and judged before it is written down. Pure."""

from warroom.incident.settle.settled import settled
from warroom.incident.settle.settling import Settled
from warroom.incident.settle.steps import entered_with

__all__ = ["Settled", "entered_with", "settled"]
