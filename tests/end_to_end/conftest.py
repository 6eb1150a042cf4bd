"""Homes with a daemon of their own, and the short story as files."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings
from simulators.testing.sample_recording import write_story
from simulators.testing.servers import Mosquitto

MakeHome = Callable[..., DaemonHarness]
NO_DISK = "disk_watch = 1.0\ndisk_warning = 1.0"
"""So that a full disk of this machine is no alert of a test."""


@pytest.fixture(scope="session")
def story_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the short story as a file of a logger."""
    path = tmp_path_factory.mktemp("story") / "story.csv"
    write_story(path)
    return path


@pytest.fixture
def make_home(
    tmp_path: Path, broker: Mosquitto, request: pytest.FixtureRequest
) -> Iterator[MakeHome]:
    """Return a function that sets up homes, by default at the shared broker."""
    with ExitStack() as stack:

        def make(
            *,
            broker_port: int | None = None,
            influx_url: str = "",
            notify_urls: tuple[str, ...] = (),
            plan_start: str = "2026-06-01",
            watch: str = NO_DISK,
        ) -> DaemonHarness:
            number = len(list(tmp_path.glob("home-*")))
            wanted = DaemonHarnessSettings(
                name=f"home-{abs(hash(request.node.nodeid)):x}-{number}",
                broker_port=broker_port or broker.port,
                influx_url=influx_url,
                notify_urls=notify_urls,
                plan_start=plan_start,
                watch=watch,
            )
            return stack.enter_context(DaemonHarness(tmp_path / f"home-{number}", wanted))

        yield make
