"""The page over a store in memory, for requests that go no further."""

from contextlib import nullcontext

from analysis.model.dog import DogProfile
from ingest.health import HubHealth
from ingest.storage.points import LIVE, points_of
from ingest.web.context import DogView, PageContext
from simulators.testing.fakes import FakeStore, ManualClock
from simulators.testing.stored_results import StoredResults, make_past

NOW_S = 1_795_529_400.0


class EndlessClock(ManualClock):
    """A clock that goes on by a minute at each look, so that nobody asks too often."""

    def monotonic_s(self) -> float:
        """Return another minute."""
        self.advance(60.0)
        return super().monotonic_s()


def pages() -> PageContext:
    """Return what the page is made of: a dog with nine days behind it."""
    profile, store = DogProfile(id="rex", time_zone="UTC"), FakeStore()
    past = make_past(StoredResults(profile=profile, until_s=NOW_S - 120.0, n_days=9))
    store.write(points_of("rex", LIVE, past))
    left: list[bytes] = []
    return PageContext(
        clock=EndlessClock(NOW_S),
        dogs={"rex": DogView(name="Rex", zone="UTC", profile=profile)},
        read_store=lambda: nullcontext(store),
        leave_command=left.append,
        health=lambda: HubHealth(time_s=NOW_S),
        progress_age_s=lambda: 0.4,
    )
