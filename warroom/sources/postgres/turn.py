"""The queries of one poll, one after the other."""

from collections.abc import Callable, Mapping
from typing import Any

import asyncpg

from warroom.connect.postgres import Connection
from warroom.connect.transaction import Tally, begin, lost, roll_back
from warroom.connect.wording import outside
from warroom.sources.postgres.texts import OLDEST, Texts
from warroom.sources.refusals import Refusals

REFUSED = "42501"
"""``insufficient_privilege``."""
CUT = {"57014": "took too long and was stopped", "55P03": "waited for a lock, and gave up"}

Row = Mapping[str, Any]


class Turn:
    """A transaction in which one query after the other is sent; one that fails costs itself.

    ``asking`` is told the name of the one under way. ``failed`` is what went wrong but for
    refusals, in words by name. ``number`` is ``server_version_num``; until
    it is known the texts for the oldest server are taken.
    """

    def __init__(
        self,
        connection: Connection,
        texts: Texts,
        refusals: Refusals,
        seconds: float,
        tally: Tally,
        asking: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._texts = texts
        self._refusals = refusals
        self._seconds = seconds
        self.number = OLDEST * 10_000
        self._tally = tally
        self._asking = asking
        self.failed: dict[str, str] = {}

    async def __aenter__(self) -> "Turn":
        self._asking("BEGIN")
        await self._connection.execute(begin(self._seconds))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        # After an error the connection is let go: the server rolls back by itself.
        if kind is None:
            self._asking("ROLLBACK")
            await roll_back(self._connection, self._tally)

    async def rows(self, name: str, *arguments: Any, **places: str) -> list[Row] | None:
        """What the text ``name`` gives, with ``places`` in it filled; None when it failed, and,
        without asking, while it is refused. Raises what ends the session."""
        if self._refusals.stands(name):
            return None
        text = self._texts.get(name, self.number)
        for place, value in places.items():
            text = text.replace(f"{{{place}}}", value)
        self._asking(name)
        try:
            found = await self._connection.fetch(text, *arguments)
        except asyncpg.PostgresError as error:
            if lost(error):
                raise
            self._note(name, error)
            await roll_back(self._connection, self._tally)
            await self._connection.execute(begin(self._seconds))
            return None
        self._refusals.lift(name)
        return list(found)

    async def one(self, name: str, *arguments: Any) -> Row | None:
        """The one row of the text ``name``."""
        found = await self.rows(name, *arguments)
        return found[0] if found else None

    def _note(self, name: str, error: asyncpg.PostgresError) -> None:
        said = outside(str(error))
        if error.sqlstate == REFUSED:
            self._refusals.add(name, said)
        else:
            self.failed[name] = CUT.get(error.sqlstate or "", said)
