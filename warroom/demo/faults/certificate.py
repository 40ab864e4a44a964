"""HTTPS fails: nobody has renewed the certificate in time."""

from datetime import UTC, datetime, timedelta

from warroom.demo import renewals
from warroom.demo.certificates import GOOD_FOR
from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts

OVERDUE = timedelta(hours=1)


class Certificate(Fault):
    """Every new connection is shown an expired certificate; a plain one to the web app works."""

    name = "certificate"
    title = "HTTPS fails: the certificate has expired"

    async def switch_on(self, parts: Parts) -> str:
        await parts.put_certificate(datetime.now(UTC) - OVERDUE)
        return "The TLS front was given a certificate that expired an hour ago, and reloaded"

    async def switch_off(self, parts: Parts) -> str:
        if parts.authority.good_until() > datetime.now(UTC):
            return "The certificate had been renewed before"
        await renewals.certificate(parts)
        return f"The certificate was renewed for {GOOD_FOR.days} days, and the TLS front reloaded"
