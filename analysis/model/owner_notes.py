"""What the owner noted of a time that may explain how a dog moved in it."""

from dataclasses import dataclass

CIRCUMSTANCES = (
    "heat",
    "guests",
    "boarding",
    "fireworks",
    "travel",
    "new_collar",
    "collar_lent",
    "loose_collar",
    "leash_on_collar",
    "swimming",
    "medication_change",
    "other",
)
"""What can be noted; others may be added, none renamed: they are stored."""

COLLAR_CIRCUMSTANCES = frozenset({"new_collar", "collar_lent", "loose_collar", "leash_on_collar"})
"""Those that change how the same steps read at the collar."""

QUIETER_CIRCUMSTANCES = frozenset({"heat", "guests", "boarding", "fireworks", "travel", "swimming"})
"""Those for which a healthy dog moves less, or elsewhere than the collar sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """Something that the owner noted of a time: a hot day, guests, a new collar.

    Attributes
    ----------
    what
        One of `CIRCUMSTANCES`.
    start_s, end_s
        Unix times between which it holds.
    """

    what: str
    start_s: float
    end_s: float

    def overlap_s(self, start_s: float, end_s: float) -> float:
        """Return how much of a time it covers, in seconds."""
        return max(0.0, min(self.end_s, end_s) - max(self.start_s, start_s))
