"""The hub's health as Prometheus reads it."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from ingest.health import HubHealth

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def metrics_text(
    health: HubHealth, *, progress_age_s: float, dead_letters: Mapping[str, int]
) -> bytes:
    """Return one reading of the hub in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Reading(health, progress_age_s, dead_letters))
    return generate_latest(registry)


class _Reading(Collector):
    """One moment of the hub; nothing is kept between two of them."""

    def __init__(
        self, health: HubHealth, progress_age_s: float, dead_letters: Mapping[str, int]
    ) -> None:
        self._health = health
        self._progress_age_s = progress_age_s
        self._dead_letters = dead_letters

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        health = self._health
        yield _gauge("progress_age_seconds", "Since the main loop came round", self._progress_age_s)
        yield _gauge("queue_depth", "Packets not yet journalled", float(health.queue_depth))
        yield _gauge("journal_bytes", "Size of the database", float(health.journal_bytes))
        if health.last_packet_s is not None:
            yield _gauge("packet_age_seconds", "Since the last packet", health.last_packet_s)
        drops = CounterMetricFamily(
            "spryhound_drops", "Messages left out, by cause", labels=["cause"]
        )
        for cause, count in health.drops.items():
            drops.add_metric([cause], count)
        yield drops
        yield from self._followers()

    def _followers(self) -> Iterator[Metric]:
        """Yield what each follower of the outbox has still to deliver."""
        followers = self._health.followers
        columns: dict[str, tuple[str, Mapping[str, float]]] = {
            "outbox_waiting": ("Rows to deliver", {k: v.n_waiting for k, v in followers.items()}),
            "outbox_oldest_seconds": (
                "Age of the oldest row to deliver",
                {k: v.oldest_s for k, v in followers.items()},
            ),
            "outbox_failures": (
                "Failures in a row",
                {k: v.failures for k, v in followers.items()},
            ),
            "outbox_dead": ("Rows given up", self._dead_letters),
        }
        for name, (text, values) in columns.items():
            metric = GaugeMetricFamily(f"spryhound_{name}", text, labels=["follower"])
            for follower, value in values.items():
                metric.add_metric([follower], float(value))
            yield metric


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"spryhound_{name}", text, value=value)
