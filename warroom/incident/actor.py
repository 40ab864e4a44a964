"""Who did something."""

import msgspec

from warroom.sharing.kinds import Person


class Actor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is at the other end, or who said what an entry holds.

    ``name`` is the account. ``attested`` is true when the kernel vouches for it (peer uid or
    login id). ``claimed`` is the name a person gave themselves beside it: many share one login.
    """

    name: Person
    uid: int | None = None
    attested: bool = False
    claimed: Person = ""

    @property
    def shown(self) -> str:
        """The name to show: ``ana`` (attested), ``ana (deploy)`` (claimed, behind a login that
        the kernel knows), ``ana (claimed)`` where nobody vouches for anything."""
        if self.claimed and self.claimed != self.name:
            return f"{self.claimed} ({self.name})"
        return self.name if self.attested else f"{self.name} (claimed)"

    @property
    def person(self) -> str:
        """The bare name of the person, as roles and tasks have it."""
        return self.claimed or self.name


WARROOM = Actor(name="warroom", attested=True)
"""The engine itself, for what it writes unasked."""
