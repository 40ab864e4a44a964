"""No figure is declared that no test holds against something it knows by other means."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

from tests.live import redis
from warroom.demo.redis_server import RIGHTS
from warroom.sources.redis import RedisSettings, RedisSource

PAGE = Path(__file__).parents[3] / "docs/footprint.md"


def shown() -> set[str]:
    found: set[str] = set()
    names = [module.name for module in pkgutil.iter_modules(redis.__path__)]
    for name in (name for name in names if name.startswith("test_")):
        module = importlib.import_module(f"{redis.__name__}.{name}")
        for _, test in inspect.getmembers(module, inspect.isfunction):
            found |= set(getattr(test, "shows", ()))
    return found


def test_every_figure_has_a_ground_truth() -> None:
    table = {"kind": "redis", "dsn": "redis://x", "queues": [{"name": "queue", "kind": "list"}]}
    settings = RedisSettings.model_validate(table)
    declared = {name.removeprefix("redis.") for name in RedisSource.signals("redis", settings)}
    assert declared == shown()


def test_the_demo_is_watched_with_the_rights_of_the_page() -> None:
    lines = re.findall(r"^ACL SETUSER \S+ on >\S+ (.*)$", PAGE.read_text(), re.MULTILINE)
    assert lines == [RIGHTS]
