"""What Prometheus reads, by its own parser."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from ingest.web.context import PageContext

Ask = Callable[..., tuple[int, Mapping[str, str], str]]
Serve = Callable[[PageContext], Ask]


def readings(body: str) -> dict[tuple[str, str], float]:
    """Return every sample by its name and its label's value."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def test_every_number_of_the_hubs_health_is_a_metric(ask: Ask) -> None:
    status, headers, body = ask("/metrics")

    found = readings(body)
    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    assert found["spryhound_packet_age_seconds", ""] == 31.0
    assert found["spryhound_progress_age_seconds", ""] == 0.4
    assert found["spryhound_drops_total", "too_late"] == 3.0
    assert found["spryhound_outbox_waiting", "notify"] == 2.0
    assert found["spryhound_outbox_oldest_seconds", "notify"] == 240.0
    assert found["spryhound_outbox_failures", "notify"] == 3.0


def test_before_the_first_packet_its_age_is_left_out(serve: Serve, pages: PageContext) -> None:
    """A zero would look like a packet just now."""
    fresh = replace(pages, health=lambda: replace(pages.health(), last_packet_s=None))

    assert ("spryhound_packet_age_seconds", "") not in readings(serve(fresh)("/metrics")[2])


def test_the_short_name_answers_like_the_long_one(ask: Ask) -> None:
    assert ask("/healthz")[::2] == ask("/health")[::2]
