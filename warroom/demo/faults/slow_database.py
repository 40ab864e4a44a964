"""Slow queries: an import holds the products table locked for a second at a time."""

from warroom.demo.errors import DemoError, UnchangedError
from warroom.demo.faults.fault import Fault
from warroom.demo.faults.stores import database
from warroom.demo.outside.price_import import NAME
from warroom.demo.parts import Parts

START_S = 4.0
AT_WORK = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1)"


class SlowDatabase(Fault):
    """The import's one statement runs on and on; every query of products waits behind it."""

    name = "slow-database"
    title = "Slow queries: a price import locks the products table, batch after batch"

    async def switch_on(self, parts: Parts) -> str:
        imports = parts.outsider("price_import")
        async with database(parts) as connection:  # refused here when there is none

            async def seen() -> bool:
                return bool(await connection.fetchval(AT_WORK, NAME))

            await imports.start()
            try:
                await imports.until(seen, limit=START_S)
            except DemoError as error:  # an import that nobody has switched on must not go on
                await imports.stop()
                raise UnchangedError(str(error), error.hint) from error
        return "a price import began: it locks products for a second at a time, without end"

    async def switch_off(self, parts: Parts) -> str:
        imports = parts.outsider("price_import")
        if not imports.running:
            return "the price import had been ended before"
        await imports.stop()
        return "the price import was ended; its lock is let go within a second"
