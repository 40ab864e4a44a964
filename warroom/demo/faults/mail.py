"""No mail goes out: the mail server does not take the shop's password any more."""

from warroom.demo import renewals
from warroom.demo.faults.fault import Fault
from warroom.demo.parts import Parts
from warroom.demo.secret_files import SecretFiles, renew


class Mail(Fault):
    """Every sign-in is answered with 535: the worker waits with a mail in hand, the queue grows.

    The worker reads its password for each sign-in and goes on by itself.
    """

    name = "mail"
    title = "No mail goes out: the mail server's password was changed"

    async def switch_on(self, parts: Parts) -> str:
        renew(SecretFiles(parts.settings.folder.secrets).mail_at_server)
        await parts.restart_mail_server()  # who is signed in would be left alone otherwise
        return "The mail server's password was changed, and the shop signs in with the old one"

    async def switch_off(self, parts: Parts) -> str:
        if not renewals.mail_password(parts):
            return "The shop had been given the mail server's new password before"
        return "The shop was given the mail server's new password; the queue drains by itself"
