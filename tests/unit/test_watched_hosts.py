"""Which hosts the linter knows as the room's own, from a configuration."""

import re
from pathlib import Path

from warroom.config.document import parse
from warroom.config.load import load, validate
from warroom.engine.messages.watched import watched_hosts
from warroom.sources.registry import discover

EXAMPLE = Path(__file__).parents[2] / "config.toml.example"
ROOM = """version = 1

[room]
name = "shop"

[sources.api]
kind = "http"
url = "https://API.shop.example:8443/health"

[sources.db]
kind = "postgres"
dsn = "postgresql://ana@db-1.shop.example:5432,db-2.shop.example/shop"

[sources.cache]
kind = "redis"
dsn = "redis://cache-1:6379/0"

[sources.secret]
kind = "redis"
dsn = { env = "NOWHERE" }

[sources.front]
kind = "tls"
address = "front-1.shop.example:443"

[sources.name]
kind = "dns"
name = "www.shop.example"
resolvers = ["10.0.0.2:5353", "fd00::53"]

[sources.vendor]
kind = "statuspage"
url = "https://status.vendor.example"
"""


def test_every_host_that_is_watched_is_known_and_no_vendor_s_page(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(ROOM)
    path.chmod(0o600)
    found = set(watched_hosts(load(path, discover()).sources.values()))
    assert found == {
        "api.shop.example",
        "db-1.shop.example",
        "db-2.shop.example",
        "cache-1",
        "front-1.shop.example",
        "10.0.0.2",
        "fd00::53",
    }


def test_every_kind_of_source_with_all_its_options_is_read() -> None:
    """Some hold what no dump of the settings can take: an assertion, a threshold."""
    text = re.sub(r"^#(?=[a-z\[])", "", EXAMPLE.read_text(), flags=re.MULTILINE)
    config = validate(parse(EXAMPLE, text.encode()), discover())
    assert "api.shop.example" in set(watched_hosts(config.sources.values()))
