"""How the hub itself is doing, for ``hub/health`` and the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerHealth:
    """One follower of the outbox.

    `n_waiting` rows, the oldest since `oldest_s` seconds; `failures` in a row and the last error.
    """

    n_waiting: int = 0
    oldest_s: float = 0.0
    failures: int = 0
    last_error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubHealth:
    """The state of the hub at one moment.

    Attributes
    ----------
    time_s
        Unix time by the hub's clock.
    queue_depth
        Packets received and not yet journalled.
    journal_bytes
        Size of the SQLite file.
    last_packet_s
        Seconds since the last packet; None before the first.
    drops
        How many messages were dropped, by cause.
    followers
        By name.
    """

    time_s: float
    queue_depth: int = 0
    journal_bytes: int = 0
    last_packet_s: float | None = None
    drops: Mapping[str, int] = field(default_factory=dict)
    followers: Mapping[str, ConsumerHealth] = field(default_factory=dict)

    @property
    def oldest_unsent_s(self) -> float:
        """Age of the oldest row that a follower has still to deliver; 0 for none."""
        return max((each.oldest_s for each in self.followers.values() if each.n_waiting), default=0)
