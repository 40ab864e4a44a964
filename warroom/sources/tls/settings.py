"""What ``[sources.NAME]`` with ``kind = "tls"`` may hold."""

import re

from pydantic import Field, field_validator, model_validator

from warroom.config.types import Comparison, Duration, FilePath
from warroom.sources.down import DownSettings

_HOST = re.compile(r"[^\s\0/@\[\]:]{1,253}\Z")
_ADDRESS = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s/@\[\]:]{1,253})):(?P<port>\d{1,5})\Z"
)

_NOT_A_NAME = "not the name of a server, such as www.example.com"


def _is_name(value: str) -> bool:
    """Whether OpenSSL can be asked for it: no empty label, none of more than 63 characters."""
    try:
        return bool(_HOST.match(value)) and bool(value.encode("idna"))
    except UnicodeError:
        return False


class TlsSettings(DownSettings):
    """One server that speaks TLS from the first byte, and the name its certificate is for."""

    interval: Duration = Field(60.0, ge=1.0, description="from the start of one poll to the next")
    address: str = Field(description='host and port to connect to: "www.example.com:443"')
    server_name: str = Field(
        "", description="the name to ask for (SNI) and to verify; the address' host if not given"
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
    days: dict[str, Comparison] | None = Field(
        None,
        description='step to days left: { SEV2 = "< 3", SEV3 = "< 14" }, which is the default '
        "for the second and third step; {} for no such rule",
    )

    @field_validator("address")
    @classmethod
    def _address(cls, value: str) -> str:
        match = _ADDRESS.match(value)
        if match is None or not 0 < int(match["port"]) < 65536:
            raise ValueError('not an address; write it as "www.example.com:443" or "[fd00::7]:443"')
        if not match["six"] and not _is_name(match["host"]):
            raise ValueError(f"{match['host']} is {_NOT_A_NAME}")
        return value

    @field_validator("server_name")
    @classmethod
    def _server_name(cls, value: str) -> str:
        if value and not _is_name(value):
            raise ValueError(_NOT_A_NAME)
        return value

    @model_validator(mode="after")
    def _together(self) -> "TlsSettings":
        if self.client_key and not self.client_cert:
            raise ValueError("client_key is of no use without client_cert")
        return self

    @property
    def host(self) -> str:
        """Where to connect: a name or an IP address."""
        return self.address.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def verified_name(self) -> str:
        """What the certificate must be for. None is for a name with the dot of the root."""
        return (self.server_name or self.host).removesuffix(".")
