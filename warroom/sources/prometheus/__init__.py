"""The ``prometheus`` source: one metrics page, or one Prometheus server that is queried."""

from warroom.sources.prometheus.settings import PrometheusSettings
from warroom.sources.prometheus.source import PrometheusSource

__all__ = ["PrometheusSettings", "PrometheusSource"]
