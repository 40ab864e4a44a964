"""No figure is declared that no test holds against something it knows by other means."""

import importlib
import inspect
import pkgutil

from tests.live import postgres
from warroom.sources.postgres import PostgresSettings, PostgresSource


def shown() -> set[str]:
    found: set[str] = set()
    for module in pkgutil.iter_modules(postgres.__path__, f"{postgres.__name__}."):
        for _, test in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            found |= set(getattr(test, "shows", ()))
    return found


def test_every_figure_has_a_ground_truth() -> None:
    settings = PostgresSettings.model_validate({"kind": "postgres", "service": "x"})
    declared = {name.removeprefix("db.") for name in PostgresSource.signals("db", settings)}
    assert declared == shown()
