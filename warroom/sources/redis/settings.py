"""What ``[sources.NAME]`` with ``kind = "redis"`` may hold."""

from pydantic import Field, field_validator, model_validator

from warroom.config.secrets import SecretField, SecretRef
from warroom.config.types import Duration, FilePath
from warroom.connect.dsn import DsnSettings
from warroom.connect.queues.settings import QueueSettings, names_twice
from warroom.connect.redis.address import place, sentinel
from warroom.connect.redis.way import HINT
from warroom.connect.values import TextOrSecret, too_many_figures
from warroom.sources.down import DownSettings
from warroom.sources.redis.figures import units


class RedisSettings(DownSettings, DsnSettings):
    """One Redis server, and the queues in it."""

    dsn: TextOrSecret = Field(description='redis://user@host:6379/0, or { env = "REDIS_URL" }')
    password: SecretField | None = Field(
        None, description="where the password is to be found, if not in dsn"
    )
    sentinels: tuple[str, ...] = Field(
        (), description='addresses of Sentinels ("10.0.0.7:26379"); dsn then names the primary'
    )
    sentinel_user: str = Field("", max_length=200, description="as whom the Sentinels are asked")
    sentinel_password: SecretField | None = Field(
        None, description="where the Sentinels' password is to be found, if they want one"
    )
    ca_file: FilePath | None = Field(
        None, min_length=1, description="PEM file of the authorities to trust, and no others"
    )
    client_cert: FilePath | None = Field(
        None, description="PEM file of our own certificate, with its chain"
    )
    client_key: FilePath | None = Field(
        None, description="PEM file of its key, if not in client_cert; not encrypted"
    )
    environment: str | None = Field(
        None, min_length=1, description="key whose value names the environment, as proof of [room]"
    )
    window: Duration = Field(60.0, description="over how long a queue's rates are reckoned")
    queues: tuple[QueueSettings, ...] = Field((), description="the queues to watch in it")

    @field_validator("dsn")
    @classmethod
    def _no_password(cls, value: str | SecretRef | None) -> str | SecretRef | None:
        if isinstance(value, str) and place(value).password:
            raise ValueError(f"a password does not stand in the file; {HINT}")
        return value

    @field_validator("sentinels")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            sentinel(each)
        return value

    @model_validator(mode="after")
    def _together(self) -> "RedisSettings":
        if self.password is not None and isinstance(self.dsn, SecretRef):
            raise ValueError("password goes with a dsn in clear")
        if self.client_key and not self.client_cert:
            raise ValueError("client_key is of no use without client_cert")
        if self.sentinels and self.address:
            raise ValueError("address has no effect with sentinels, which say where to connect")
        if twice := names_twice(self.queues):
            raise ValueError(f"there are two queues called {twice[0]}; give one another name")
        if wrong := too_many_figures(len(self.units)):
            raise ValueError(wrong[0])
        return self

    @property
    def units(self) -> dict[str, str]:
        """Every figure of this source with its unit, its queues' at the end."""
        return units(queue.name for queue in self.queues)
