"""Nights: how a dog slept between the owner's night hours."""

from dataclasses import dataclass

from analysis.model import Minute

RESTLESS_FROM_G = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSums:
    """What is known of a night, or of a part of one; parts add up in time order.

    Attributes
    ----------
    worn_s
        Worn seconds within the night hours.
    active_s
        Worn seconds of minutes with a mean VeDBA above 0.05 g.
    """

    worn_s: float = 0.0
    active_s: float = 0.0

    def with_minute(self, minute: Minute) -> "NightSums":
        """Return the night with one more minute."""
        restless = minute.vedba_g > RESTLESS_FROM_G
        return NightSums(
            worn_s=self.worn_s + minute.worn_s,
            active_s=self.active_s + (minute.worn_s if restless else 0.0),
        )

    def then(self, later: "NightSums") -> "NightSums":
        """Return this part of a night and the one after it as one."""
        return NightSums(worn_s=self.worn_s + later.worn_s, active_s=self.active_s + later.active_s)
